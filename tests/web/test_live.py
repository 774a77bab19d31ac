"""Live parts: nothing that happens between rendering a page and listening is missed."""

import asyncio
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.web.houses import approved, created

from campaigns.bootstrap import Services
from campaigns.model.access import Actor, Scope
from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId
from campaigns.web.live import Live, Moment, mark

SYSTEM = Actor(name="tests", scopes=frozenset(Scope))


def first_events(house: Services, seen: str, page: object) -> list[str]:
    async def listen() -> list[str]:
        events = Live(house).events("topic", lambda: Moment(parts="<p></p>", page=page), seen)
        kinds = []
        async for event in events:
            kinds.append(event.split("\n", 1)[0])
            if kinds[-1] == "event: parts":
                break
        await events.aclose()
        return kinds

    return asyncio.run(listen())


def test_a_page_that_is_up_to_date_only_gets_its_parts(house: Services) -> None:
    assert first_events(house, mark(("sending", 3)), ("sending", 3)) == ["event: parts"]


def test_a_page_that_missed_something_is_told_at_once(house: Services) -> None:
    events = first_events(house, mark(("sending", 3)), ("completed", 3))
    assert events == ["event: changed", "event: parts"]


def seen_by(client: TestClient, path: str) -> str:
    page = client.get(path).text
    return page.partition("?seen=")[2].partition('"')[0]


def test_the_inbox_carries_what_it_shows(
    house: Services, signed_in: Callable[[str], TestClient]
) -> None:
    before = seen_by(signed_in("manager"), "/inbox")
    assert before == seen_by(signed_in("viewer"), "/inbox") == mark(house.inbox.pulse())
    house.answers.respond("+66856644142", "Is Beat Breeze cheaper?", Channel.WHATSAPP, SYSTEM)
    assert mark(house.inbox.pulse()) != before


@pytest.mark.parametrize("path", ["/campaigns", "/campaigns/{}"])
def test_pages_of_what_is_sent_carry_what_they_show(
    house: Services, signed_in: Callable[[str], TestClient], path: str
) -> None:
    campaign_id = approved(signed_in("manager"), signed_in("approver"))
    reader = signed_in("viewer")
    at = path.format(campaign_id)
    before = seen_by(reader, at)
    house.sends.send(CampaignId(campaign_id), SYSTEM)
    assert seen_by(reader, at) != before


def test_a_draft_has_no_stream(signed_in: Callable[[str], TestClient]) -> None:
    client = signed_in("manager")
    page = client.get(f"/campaigns/{created(client)}/edit").text
    assert "data-live" not in page
