"""A house with people of every role, clients signed in as them, and a browser on a real server."""

import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from campaigns import settings
from campaigns.app import create_app
from campaigns.bootstrap import Services, opened, sample_book
from campaigns.model.people import PersonRole
from campaigns.orchestrator.passwords import Passwords
from campaigns.orchestrator.people import Team

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from tests.web.browsing import Site

TODAY = "2025-09-15"
PASSWORD = "a quiet evening at the pool"
PATIENCE_S = 30.0
REQUEST = "Send renewal reminders to all Hiltons in Thailand expiring this quarter"
ALL_CHANNELS = f"{REQUEST} by WhatsApp, LINE and email"

PEOPLE = {
    "admin": ("Nok P.", PersonRole.ADMIN),
    "manager": ("Ploy K.", PersonRole.MANAGER),
    "approver": ("Arun S.", PersonRole.APPROVER),
    "viewer": ("Mali V.", PersonRole.VIEWER),
}

Until = Callable[[Callable[[], bool]], None]
SignIn = Callable[[str], TestClient]


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


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """One working house a module: starting the engine takes a second."""
    with opened(chosen(tmp_path_factory.mktemp("house")), working=True) as services:
        populate(services)
        yield services


@pytest.fixture(scope="module")
def signed_in(house: Services) -> Iterator[SignIn]:
    """Clients by role; each signs in once."""
    app = create_app(house)
    made: dict[str, TestClient] = {}

    def client(role: str) -> TestClient:
        if role not in made:
            made[role] = TestClient(app, follow_redirects=False)
            if role != "stranger":
                form = {"email": email_of(role), "password": PASSWORD}
                assert made[role].post("/login", data=form).status_code == 303
        return made[role]

    yield client
    for one in made.values():
        one.close()


@pytest.fixture
def until() -> Until:
    """Wait until something happened, or fail."""

    def wait(happened: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not happened():
            assert time.monotonic() < deadline, "it did not happen in time"
            threading.Event().wait(0.05)

    return wait


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


# --- a real browser -------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """One Chromium for all tests."""
    from playwright.sync_api import sync_playwright
    from tests.web import browsing

    if why := browsing.missing():
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    with sync_playwright() as playwright:
        started = browsing.start(playwright)
        yield started
        started.close()


@pytest.fixture(scope="module")
def served(browser: "Browser", tmp_path_factory: pytest.TempPathFactory) -> Iterator["Site"]:
    """A house with people, served on a port of this machine."""
    from tests.web.browsing import Site, serving

    folder = tmp_path_factory.mktemp("site")
    with serving(chosen(folder, campaigns_hold_seconds=3), populate) as (services, url):
        yield Site(browser, url, services)


@pytest.fixture
def site(served: "Site") -> Iterator["Site"]:
    """The site for one test; fails when a page asked elsewhere, broke its policy or raised."""
    yield served
    assert served.close() == []
