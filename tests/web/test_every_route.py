"""Every page and every list answers, with data in the tables, on every database.

Elsewhere the console and the API are tested on SQLite; here the same queries run on PostgreSQL.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient
from tests.support.databases import postgres_store, postgres_url
from tests.support.server import until
from tests.web.gallery import furnish
from tests.web.houses import ALL_CHANNELS, PASSWORD, chosen, email_of, populate

from campaigns.app import create_app
from campaigns.bootstrap import Services, opened
from campaigns.model.access import SYSTEM, Scope

KEY = "a-key-that-may-do-everything"

# Streams that never end (tests/web/test_live.py), and what needs a provider to come from.
ELSEWHERE = re.compile(r"/live/|/login/oidc|/webhooks/|/welcome/|/u/|/line/|/setup|static")
TAKEN = {"accepted", "sent", "delivered", "read"}
FILTERED = (
    "/campaigns?q=hilton",
    "/campaigns?status=completed",
    "/customers?q=hilton&brand=Hilton&city=Pattaya",
    "/customers?q=ฮิลตัน",
    "/inbox?f=all",
    "/inbox?f=mine&q=renew",
    "/audit?q=campaign",
    "/suppressions?q=quiet",
    "/approvals?f=all",
    "/api/campaigns?status=completed&limit=1",
    "/api/campaigns/{campaign_id}/messages?limit=1",
    "/api/campaigns/{campaign_id}/audience?limit=1",
    "/api/customers?search=hilton&limit=1",
    "/api/replies?waiting=true&limit=1",
    "/api/replies?campaign_id={campaign_id}",
    "/api/suppressions?limit=1",
    "/api/audit?limit=1",
    "/api/audit?subject=campaign:{campaign_id}",
    "/api/book/diagnostics?limit=1",
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Services]:
    folder: Path = tmp_path_factory.mktemp("house")
    if request.param == "sqlite":
        with opened(chosen(folder), working=True) as services:
            populate(services)
            yield services
        return
    with postgres_store(postgres_url(), f"routes_{worker_id}") as store:
        url = store.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with opened(chosen(folder, campaigns_database_url=url), working=True) as services:
            assert services.store.engine.dialect.name == "postgresql"
            populate(services)
            yield services


@pytest.fixture(scope="module")
def client(house: Services) -> Iterator[TestClient]:
    """Somebody who may do everything, signed in and with a key."""
    house.access.create_key("admin", frozenset({Scope.ADMIN}), SYSTEM, secret=KEY)
    with TestClient(create_app(house), follow_redirects=False) as made:
        form = {"email": email_of("admin"), "password": PASSWORD}
        assert made.post("/login", data=form).status_code == 303
        made.headers["X-API-Key"] = KEY
        yield made


@pytest.fixture(scope="module")
def names(house: Services, client: TestClient) -> dict[str, list[str]]:
    """Bring the house into every state; return what stands for the names in paths."""
    furnish(house)
    made = client.post(
        "/api/automations",
        json={
            "name": "Renewals",
            "human_request": ALL_CHANNELS,
            "rhythm": {"every": "month", "day": 1, "at": "09:00"},
        },
    )
    assert made.status_code == 201, made.text
    campaigns = client.get("/api/campaigns?limit=100").json()["campaigns"]
    sent = next(c["campaign_id"] for c in campaigns if c["status"] == "completed")
    message = client.get(f"/api/campaigns/{sent}/messages?limit=1").json()["messages"][0]
    [reply, *_] = client.get("/api/replies?limit=1").json()["replies"]
    return {
        "reply_id": [reply["reply_id"]],
        "campaign_id": [sent, *(c["campaign_id"] for c in campaigns if c["campaign_id"] != sent)],
        "message_id": [message["message_id"]],
        "customer_id": ["hilton-pattaya"],
        "other": ["hilton-hua-hin-sands"],
        "automation_id": [made.json()["automation_id"]],
    }


def paths(routes: Iterable[Any]) -> Iterator[str]:
    """Yield every path that can be got; routers hold routers."""
    for route in routes:
        if within := getattr(route, "original_router", None):
            yield from paths(within.routes)
        elif isinstance(route, Route) and "GET" in (route.methods or ()):
            yield route.path


def filled(path: str, names: dict[str, list[str]]) -> Iterator[str]:
    """Yield the path for every campaign, or with the first of whatever it names."""
    for campaign_id in names["campaign_id"] if path.endswith("{campaign_id}") else [""]:
        values = {name: ids[0] for name, ids in names.items()}
        values["campaign_id"] = campaign_id or values["campaign_id"]
        yield path.format_map(values)


@pytest.mark.slow
def test_every_page_and_every_list_answers(client: TestClient, names: dict[str, list[str]]) -> None:
    found = [path for path in paths(client.app.routes) if not ELSEWHERE.search(path)]
    assert len(found) > 50
    answered = {}
    for path in [p for p in found if "{path" not in p] + list(FILTERED):
        for url in filled(path, names):
            answered[url] = client.get(url, follow_redirects=True).status_code
    assert {url: status for url, status in answered.items() if status != 200} == {}


@pytest.mark.slow
def test_lists_are_paged_without_a_gap_or_a_repetition(
    client: TestClient, names: dict[str, list[str]]
) -> None:
    for at, key in (("/api/campaigns", "campaigns"), ("/api/customers", "customers")):
        whole = client.get(f"{at}?limit=500").json()[key]
        paged: list[Any] = []
        cursor: str | None = ""
        while cursor is not None:
            page = client.get(at, params={"limit": 3, "cursor": cursor}).json()
            paged += page[key]
            cursor = page["next_cursor"]
        assert len(whole) > 3
        assert paged == whole, at


@pytest.mark.slow
def test_the_main_job_is_done_by_the_api(client: TestClient) -> None:
    made = client.post("/api/campaigns/create", json={"human_request": ALL_CHANNELS}).json()
    at = f"/api/campaigns/{made['campaign_id']}"
    assert client.post(f"{at}/submit").status_code == 200
    shown = client.get(f"{at}/preview").json()["content_hash"]
    assert client.post(f"{at}/approve", json={"content_hash": shown}).status_code == 200
    queued = client.post(f"{at}/send", json={}).json()["queued"]

    def messages() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = client.get(f"{at}/messages?limit=500").json()["messages"]
        return found

    # The simulators turn some away until later and do not answer others, as providers do.
    until(lambda: sum(m["status"] in TAKEN for m in messages()) > queued // 2)
    sent = messages()
    assert len(sent) == queued
    answer = {
        "identifier": sent[0]["contact"]["address"],
        "channel": sent[0]["channel"],
        "message": "YES please",
    }
    heard = client.post("/api/campaigns/response", json=answer)
    assert heard.status_code < 300, heard.text
    assert client.get(f"{at}/statistics").status_code == 200
