"""Whose reply it is, by a person's word: chosen, audited, taken back, put into the book."""

import re

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import SignIn
from tests.web.houses import PEOPLE, notice_after, text_of
from tests.web.test_answering import SAME_ORIGIN, shown

from campaigns.bootstrap import Services
from campaigns.model.access import SYSTEM
from campaigns.model.customer import Channel
from campaigns.model.errors import EditRefused, WrongState
from campaigns.model.ids import ContactId, CustomerId
from campaigns.model.reply import ActionKind, Reply

HILTON = CustomerId("hilton-pattaya")
NAME = "Hilton Pattaya"
MANAGER = PEOPLE["manager"][0]


def heard(house: Services, words: str, address: str) -> Reply:
    return house.answers.respond(address, words, Channel.WHATSAPP, SYSTEM)


def post(client: TestClient, reply: Reply, call: str, **form: str) -> str:
    back = f"/inbox?f=all&sel={reply.id}"
    made = client.post(f"/inbox/{reply.id}/{call}", data=form | {"back": back}, headers=SAME_ORIGIN)
    if made.status_code == 303:
        assert made.headers["location"] == back
        return notice_after(client, back)
    return text_of(made.text)


def now(house: Services, reply: Reply) -> Reply:
    return house.inbox.thread(reply.id).reply


def test_a_customer_is_looked_for_and_chosen_by_a_person(
    house: Services, signed_in: SignIn
) -> None:
    first = heard(house, "Is this about the pool?", "+66990002001")
    reply = heard(house, "When does our contract end?", "+66990002001")
    client = signed_in("manager")
    assert reply.sender is None
    assert reply.suggestion.action is ActionKind.CORRECT_BOOK
    assert "belongs to no contact" in text_of(shown(client, reply))
    found = client.get(f"/inbox?f=all&sel={reply.id}&find=pattaya").text
    assert f'value="{HILTON}"' in found
    contact = house.customers.get(HILTON)[0].contacts[0]
    assert f'<option value="{contact.id}">' in found
    said = post(client, reply, "sender", customer_id=HILTON, contact_id=contact.id)
    assert said == f"This conversation is with {NAME}"
    page = text_of(shown(client, reply))
    assert f"{MANAGER} has said that this is {NAME}, {contact.name}." in page
    tied = now(house, reply)
    assert tied.suggestion.action is ActionKind.ANSWER
    assert "2025" in (tied.suggestion.draft or "")  # from that customer's record
    assert now(house, first).sender == tied.sender
    assert heard(house, "Hello?", "+66990002001").sender == tied.sender
    assert client.get(f"/customers/{HILTON}").text.count(reply.id) == 1
    with house.store.read() as tx:
        entries, _ = tx.audit.page("", 50, f"reply:{reply.id}")
    [told] = [e for e in entries if e.action == "reply.sender_said"]
    assert (told.actor, told.detail["customer"], told.detail["replies"]) == (MANAGER, HILTON, 2)


def test_it_is_taken_back_and_nothing_is_left_of_it(house: Services, signed_in: SignIn) -> None:
    reply = heard(house, "The music stops every evening, this is a disgrace", "+66990002002")
    client = signed_in("manager")
    post(client, reply, "sender", customer_id=HILTON)
    with house.store.read() as tx:
        assert reply.id in (tx.replies.open_complaint(HILTON) or "")
    assert post(client, reply, "sender/undo") == "Nobody is named as its sender"
    assert now(house, reply) == reply
    with house.store.read() as tx:
        assert reply.id not in (tx.replies.open_complaint(HILTON) or "")
    assert heard(house, "Still silent", "+66990002002").sender is None


def test_one_who_may_not_answer_names_nobody(house: Services, signed_in: SignIn) -> None:
    reply = heard(house, "Good morning", "+66990002003")
    viewer = signed_in("viewer")
    assert "Find the customer" not in shown(viewer, reply)
    refused = post(viewer, reply, "sender", customer_id=HILTON)
    assert "may not answer replies" in refused
    assert now(house, reply).sender is None


def test_two_people_do_not_name_two_customers(house: Services, signed_in: SignIn) -> None:
    reply = heard(house, "Good evening", "+66990002004")
    post(signed_in("manager"), reply, "sender", customer_id=HILTON)
    other = CustomerId("hilton-hua-hin-sands")
    refused = post(signed_in("approver"), reply, "sender", customer_id=other)
    assert f"{MANAGER} has said that this is {NAME}. Take that back first." in refused
    post(signed_in("manager"), reply, "sender", customer_id=HILTON)  # said twice, it is the same
    tied = now(house, reply).sender
    assert tied is not None
    assert tied.customer_id == HILTON


def test_an_address_of_the_book_is_nobody_elses(house: Services) -> None:
    reply = heard(house, "Hello", "+66856644142")
    assert reply.sender is not None
    other = CustomerId("hilton-hua-hin-sands")
    with pytest.raises(WrongState, match="The address says that this is Hilton Pattaya"):
        house.senders.say(reply.id, other, None, SYSTEM)
    with pytest.raises(WrongState):
        house.senders.unsay(reply.id, SYSTEM)


def test_the_address_goes_into_the_book_only_when_a_person_puts_it_there(
    house: Services, signed_in: SignIn
) -> None:
    reply = heard(house, "Write to me here from now on", "+66812002005")
    client, before = signed_in("manager"), house.book.path.read_bytes()
    assert "Add to the book" not in shown(client, reply)
    post(client, reply, "sender", customer_id=HILTON)
    assert "Add to the book" in shown(client, reply)
    assert house.book.path.read_bytes() == before
    assert house.senders.sharing(reply.id) == []
    told = post(client, reply, "contact", role="Operations Manager", name="Khun Nid")
    assert told == "Khun Nid is in the customer book with this address"
    [owner] = house.senders.sharing(reply.id)
    assert (owner.customer_id, owner.contact) == (HILTON, "Khun Nid")
    assert "Add to the book" not in shown(client, reply)
    by_book = heard(house, "Thanks", "+66812002005").sender
    assert by_book is not None
    assert by_book.said_by is None
    undo = client.post("/customers/book/undo", data={"back": "/inbox"}, headers=SAME_ORIGIN)
    assert undo.headers["location"] == "/inbox"
    assert house.book.path.read_bytes() == before


def test_no_contact_loses_the_address_it_has(house: Services) -> None:
    reply = heard(house, "My other number", "+66812002006")
    contact = next(
        c for c in house.customers.get(HILTON)[0].contacts if c.address(Channel.WHATSAPP)
    )
    with pytest.raises(WrongState, match="Say first which customer"):
        house.senders.enter(reply.id, contact.role_written, contact.name or "", SYSTEM)
    house.senders.say(reply.id, HILTON, contact.id, SYSTEM)
    with pytest.raises(EditRefused, match="has another whatsapp address"):
        house.senders.enter(reply.id, contact.role_written, contact.name or "", SYSTEM)
    with pytest.raises(EditRefused, match="has another whatsapp address"):
        house.senders.enter(reply.id, contact.role_written, "", SYSTEM)


def test_an_address_of_two_contacts_offers_both(house: Services, signed_in: SignIn) -> None:
    with house.store.read() as tx:
        listed = tx.customers.page("", "", 500)[0]
    owners: dict[str, set[str]] = {}
    for customer in listed:
        for contact in customer.contacts:
            address = contact.address(Channel.EMAIL)
            if address:
                owners.setdefault(address.value, set()).add(customer.id)
    shared = next(a for a, ids in owners.items() if len(ids) > 1)
    reply = house.answers.respond(shared, "Hello", Channel.EMAIL, SYSTEM)
    page = shown(signed_in("manager"), reply)
    assert {f'value="{i}"' in page for i in owners[shared]} == {True}


def test_what_does_not_exist_is_refused(house: Services, signed_in: SignIn) -> None:
    reply, client = heard(house, "Hm", "+66990002007"), signed_in("manager")
    assert "There is no customer nobody" in post(client, reply, "sender", customer_id="nobody")
    wrong = post(client, reply, "sender", customer_id=HILTON, contact_id=ContactId("hilton.none"))
    assert "There is no contact hilton.none" in wrong
    assert re.search(r'id="whose-find"', shown(client, reply))
