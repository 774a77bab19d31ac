"""A house with people of every role, and what they do in the console over plain HTTP."""

import re
from html import unescape
from pathlib import Path

from argon2 import PasswordHasher
from starlette.testclient import TestClient

from campaigns import settings
from campaigns.bootstrap import Services, sample_book
from campaigns.model.people import PersonRole
from campaigns.orchestrator.passwords import Passwords
from campaigns.orchestrator.people import Team

TODAY = "2025-09-15"
PASSWORD = "a quiet evening at the pool"
REQUEST = "Send renewal reminders to all Hiltons in Thailand expiring this quarter"
ALL_CHANNELS = f"{REQUEST} by WhatsApp, LINE and email"

PEOPLE = {
    "admin": ("Nok P.", PersonRole.ADMIN),
    "manager": ("Ploy K.", PersonRole.MANAGER),
    "approver": ("Arun S.", PersonRole.APPROVER),
    "viewer": ("Mali V.", PersonRole.VIEWER),
}


def email_of(role: str) -> str:
    return f"{role}@agency.example"


def populate(services: Services) -> None:
    """Give everybody an account; passwords are hashed quickly here."""
    quick = Passwords(services.ids, PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    services.people = Team(services.store, services.clock, services.ids, quick)
    token = services.people.setup_token()
    assert token
    name, _ = PEOPLE["admin"]
    me = services.people.set_up(token, name, email_of("admin"), PASSWORD).person
    for role in ("manager", "approver", "viewer"):
        name, kind = PEOPLE[role]
        _, invitation = services.people.invite(name, email_of(role), kind, me.actor)
        services.people.choose_password(invitation, PASSWORD)


def chosen(folder: Path, **more: object) -> settings.Settings:
    """Settings of a house with simulated channels and an own copy of the sample book."""
    book = folder / "venue_data.md"
    if not book.exists():
        book.write_bytes(sample_book().read_bytes())
    given: dict[str, object] = {
        "campaigns_book": book,
        "campaigns_data": folder / "data",
        "campaigns_today": TODAY,
        "campaigns_simulate": "all",
        "campaigns_hold_seconds": 0,
        "campaigns_simulator_speed": 20.0,
        "campaigns_public_url": "http://127.0.0.1:8000",
        "campaigns_log": "error",
    }
    return settings.read(**(given | more))


def created(client: TestClient, request: str = ALL_CHANNELS) -> str:
    """Create a campaign in the console; return its id."""
    answer = client.post("/campaigns/new", data={"request": request})
    assert answer.status_code == 303, text_of(answer.text)
    return re.findall(r"/campaigns/(c_\w+)/edit", answer.headers["location"])[0]


def submitted(client: TestClient, request: str = ALL_CHANNELS) -> str:
    campaign_id = created(client, request)
    answer = client.post(f"/campaigns/{campaign_id}/submit", data={"note": "please look"})
    assert answer.headers["location"] == f"/campaigns/{campaign_id}"
    return campaign_id


def approved(author: TestClient, approver: TestClient, request: str = ALL_CHANNELS) -> str:
    campaign_id = submitted(author, request)
    review = approver.get(f"/campaigns/{campaign_id}/review").text
    shown = re.findall(r'name="content_hash" value="(\w+)"', review)[0]
    answer = approver.post(f"/campaigns/{campaign_id}/approve", data={"content_hash": shown})
    assert answer.headers["location"] == f"/campaigns/{campaign_id}"
    return campaign_id


def text_of(page: str) -> str:
    """The words of a page, without tags, in one line."""
    main = page.partition("<main")[2].partition("</main>")[0] or page
    words = unescape(re.sub(r"<[^>]+>", " ", main))
    return re.sub(r"\s+([,.:;])", r"\1", " ".join(words.split()))


def notice_after(client: TestClient, answer_location: str) -> str:
    """The notice the next page shows."""
    page = client.get(answer_location).text
    found = re.search(r'<div class="toast.*?<span>(.*?)</span>', page, re.DOTALL)
    return unescape(found[1]) if found else ""
