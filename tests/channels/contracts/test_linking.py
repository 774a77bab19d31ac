"""A LINE user becomes a known contact: the page, the message, the line in the customer book."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.support.providers import Switchboard
from tests.support.sending import HandClock

from campaigns import settings
from campaigns.app import create_app
from campaigns.bootstrap import Services, opened, sample_book
from campaigns.channels.simulator.http import LineSimulator
from campaigns.model.access import SYSTEM, Scope
from campaigns.model.customer import Channel, Contact
from campaigns.model.delivery import DeliveryEvent, EventType
from campaigns.model.errors import NotFound, WrongState
from campaigns.model.ids import ContactId, CustomerId
from campaigns.orchestrator.linking import LIFE, Linking

USER = f"U{77:032x}"
CUSTOMER = CustomerId("hilton-pattaya")
CONTACT = ContactId("hilton-pattaya.general-manager")


@pytest.fixture
def house(board: Switchboard, clock: HandClock, tmp_path: Path) -> Iterator[Services]:
    peer = LineSimulator(clock.now)
    board.app = peer.app
    shutil.copy(sample_book(), tmp_path / "book.md")
    chosen = settings.read(
        campaigns_book=tmp_path / "book.md",
        campaigns_data=tmp_path / "data",
        campaigns_today="2025-09-15",
        campaigns_public_url="https://bma.example",
        campaigns_line_url=board.url,
        line_channel_access_token=peer.own.token,
    )
    with opened(chosen) as services:
        yield services


def said(house: Services, text: str, key: str = "e1", user: str = USER) -> DeliveryEvent:
    return DeliveryEvent(
        channel=Channel.LINE,
        type=EventType.REPLIED,
        dedupe_key=key,
        occurred_at=house.clock.now(),
        address=user,
        text=text,
    )


def contact(house: Services, contact_id: str = CONTACT) -> Contact:
    customer, _ = house.customers.get(CUSTOMER)
    return next(c for c in customer.contacts if c.id == contact_id)


def line_id(house: Services) -> str | None:
    found = contact(house).address(Channel.LINE)
    return found.value if found else None


def actions(house: Services) -> list[str]:
    with house.store.read() as tx:
        return [e.action for e in tx.audit.page("", 50, f"customer:{CUSTOMER}")[0]]


def test_whoever_sends_a_contacts_code_is_that_contact_from_then_on(house: Services) -> None:
    invitation = house.linking.invite(CUSTOMER, CONTACT, SYSTEM)
    before = house.book.path.read_bytes().splitlines()
    assert house.linking.heard(said(house, f"Hello! {invitation.message} ขอบคุณค่ะ")) is True
    assert line_id(house) == USER
    added = [row for row in house.book.path.read_bytes().splitlines() if row not in before]
    assert [row.decode().strip() for row in added] == [f"- LINE: {USER}"]
    with house.store.read() as tx:
        assert tx.consents.consented([(Channel.LINE, USER)])
        assert [s.contact_id for s in tx.customers.at_address(Channel.LINE, USER)] == [CONTACT]
    assert {"line.invited", "line.linked", "book.contact"} <= set(actions(house))
    assert house.answers.page("", 9, None, waiting=False)[0] == []  # a code is no reply


def test_the_same_news_again_changes_nothing(house: Services) -> None:
    message = house.linking.invite(CUSTOMER, CONTACT, SYSTEM).message
    house.linking.heard(said(house, message))
    book = house.book.path.read_bytes()
    assert house.linking.heard(said(house, message)) is True
    assert house.linking.heard(said(house, message, key="sent twice")) is True
    assert house.book.path.read_bytes() == book
    assert actions(house).count("book.contact") == 1


def test_a_code_somebody_used_is_no_good_for_anybody_else(house: Services) -> None:
    invitation = house.linking.invite(CUSTOMER, CONTACT, SYSTEM)
    house.linking.heard(said(house, invitation.message))
    assert house.linking.heard(said(house, invitation.message, "e2", f"U{88:032x}")) is False
    assert line_id(house) == USER
    with pytest.raises(NotFound):
        house.linking.shown(invitation.message)
    with pytest.raises(WrongState, match="has a LINE id already"):
        house.linking.invite(CUSTOMER, CONTACT, SYSTEM)


def test_a_code_ends_after_a_fortnight(house: Services, clock: HandClock) -> None:
    aged = Linking(replace(house.linking._p, clock=clock), "s", house.editing, lambda: None)
    message = aged.invite(CUSTOMER, CONTACT, SYSTEM).message
    clock.forward(seconds=(LIFE - timedelta(minutes=1)).total_seconds())
    assert aged.shown(message).contact == contact(house).name
    clock.forward(minutes=1)
    with pytest.raises(NotFound):
        aged.shown(message)
    assert aged.heard(said(house, message)) is False


def test_a_code_is_for_no_successor_of_the_contact(house: Services) -> None:
    message = house.linking.invite(CUSTOMER, CONTACT, SYSTEM).message
    text = house.book.path.read_text("utf-8")
    name = contact(house).name
    assert name is not None
    house.book.path.write_text(text.replace(name, "Nida Wong"), encoding="utf-8")
    house.book.refresh()
    assert contact(house).name == "Nida Wong"
    assert house.linking.heard(said(house, message)) is False
    assert line_id(house) is None


@pytest.mark.parametrize("spoil", ["cut", "other secret", "nonsense", "no json", "another contact"])
def test_a_code_that_is_not_ours_links_nobody(house: Services, spoil: str) -> None:
    message = house.linking.invite(CUSTOMER, CONTACT, SYSTEM).message
    stranger = Linking(house.linking._p, "another secret", house.editing, lambda: None)
    other = house.linking.invite(
        CUSTOMER, ContactId("hilton-pattaya.purchasing-manager"), SYSTEM
    ).message
    spoilt = {
        "cut": message[:-1],
        "other secret": stranger.invite(CUSTOMER, CONTACT, SYSTEM).message,
        "nonsense": f"LINK-{'A' * 40}.{'A' * 22}",
        "no json": f"LINK-bm9uZQ.{'A' * 22}",
        "another contact": f"{message.split('.')[0]}.{other.split('.')[1]}",
    }[spoil]
    assert house.linking.heard(said(house, spoilt)) is False
    assert line_id(house) is None
    with pytest.raises(NotFound):
        house.linking.shown(spoilt)


def test_other_words_and_other_channels_are_not_its_business(house: Services) -> None:
    message = house.linking.invite(CUSTOMER, CONTACT, SYSTEM).message
    assert house.linking.heard(said(house, "Yes please")) is False
    mail = replace(said(house, message), channel=Channel.EMAIL, address="a@b.example")
    assert house.linking.heard(mail) is False
    assert house.linking.heard(replace(said(house, message), type=EventType.FOLLOWED)) is False


def test_the_page_leads_to_the_chat_and_looking_links_nobody(house: Services) -> None:
    key = house.access.create_key("nida", frozenset({Scope.COMPOSE}), SYSTEM)[1]
    with TestClient(create_app(house)) as client:
        path = f"/api/customers/{CUSTOMER}/contacts/{CONTACT}/line-link"
        assert client.post(path).status_code == 401
        made = client.post(path, headers={"X-API-Key": key})
        assert made.status_code == 201
        url = made.json()["url"]
        assert url.startswith("https://bma.example/line/LINK-")
        shown = client.get(url.removeprefix("https://bma.example"))
        assert client.head(url.removeprefix("https://bma.example")).status_code == 200
        dead = client.get("/line/LINK-x")
        nobody = client.post(
            f"/api/customers/{CUSTOMER}/contacts/nobody/line-link", headers={"X-API-Key": key}
        )
    assert (shown.status_code, dead.status_code, nobody.status_code) == (200, 404, 404)
    assert "https://line.me/R/oaMessage/%40000simulated/?LINK-" in shown.text
    assert "https://line.me/R/ti/p/%40000simulated" in shown.text
    assert "form-action" in shown.headers["content-security-policy"]
    assert "another one" in dead.text
    assert line_id(house) is None
    assert actions(house) == ["line.invited"]


def test_while_line_cannot_be_asked_the_page_still_shows_what_to_send(
    house: Services, board: Switchboard
) -> None:
    board.app = None
    invitation = house.linking.invite(CUSTOMER, CONTACT, SYSTEM)
    assert (invitation.add_url, invitation.send_url) == (None, None)
    with TestClient(create_app(house)) as client:
        shown = client.get(invitation.page_url.removeprefix("https://bma.example"))
    assert invitation.message in shown.text
