"""Answers and refusals in a real browser. No campaign is sent here, so nobody else answers."""

import re

import pytest
from playwright.sync_api import expect
from tests.web.browsing import Site
from tests.web.houses import PEOPLE

from campaigns.model.access import Actor, Scope
from campaigns.model.customer import Channel

pytestmark = pytest.mark.browser

AUTHOR = Actor(name=PEOPLE["manager"][0], scopes=frozenset({Scope.READ, Scope.COMPOSE}))


def answered(site: Site, text: str, address: str = "+66856644142") -> None:
    site.services.answers.respond(address, text, Channel.WHATSAPP, AUTHOR)


def test_a_reply_comes_in_live_and_is_worked_off_to_inbox_zero(site: Site) -> None:
    page = site.page("manager", "/inbox")
    answered(site, "Does this also work on Beat Breeze, or only on Soundtrack?")
    conversations = page.get_by_role("list", name="Conversations")
    conversations.get_by_role("link", name=re.compile("Beat Breeze")).click()
    thread = page.get_by_role("region", name="Conversation with Hilton Pattaya")
    expect(thread.get_by_text("Beat Breeze").first).to_be_visible()
    reading = page.get_by_role("region", name="AI reading")
    expect(reading).to_contain_text("Question")
    reading.get_by_role("combobox").select_option("Wants a call")
    reading.get_by_role("button", name="Correct").click()
    expect(reading).to_contain_text("checked by a person")
    page.get_by_role("button", name="Assign to me").click()
    expect(page.get_by_role("region", name="About Hilton Pattaya")).to_contain_text("has this")
    while conversations.get_by_role("listitem").count():
        waiting = conversations.get_by_role("listitem").count()
        page.get_by_role("button", name="Done").click()
        expect(conversations.get_by_role("listitem")).to_have_count(waiting - 1)
    expect(page.get_by_role("heading", name="No replies waiting")).to_be_visible()
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(conversations.get_by_role("listitem")).to_have_count(1)


def test_a_reply_is_escalated_with_a_reason(site: Site) -> None:
    answered(site, "The pool zone has been silent since Thursday. Nobody called back.")
    page = site.page("manager", "/inbox?f=all&ch=whatsapp")
    page.get_by_role("button", name="Escalate").click()
    dialog = page.get_by_role("dialog", name="Escalate")
    dialog.get_by_role("combobox", name="To").select_option(PEOPLE["approver"][0])
    dialog.get_by_role("textbox", name="Reason").fill("High value, please call today")
    dialog.get_by_role("button", name="Escalate").click()
    about = page.get_by_role("region", name="About Hilton Pattaya")
    expect(about).to_contain_text("Arun S. has this: High value, please call today")
    theirs = site.page("approver", "/inbox?f=mine")
    expect(theirs.get_by_role("list", name="Conversations").get_by_role("link")).to_have_count(1)


def test_an_address_is_put_on_do_not_contact_and_only_an_approver_takes_it_off(site: Site) -> None:
    page = site.page("manager", "/suppressions")
    page.get_by_role("button", name="Add contact").click()
    dialog = page.get_by_role("dialog", name="Add contact")
    dialog.get_by_label("Address").fill("gm@quiet-hotel.example")
    dialog.get_by_label("Reason").fill("asked by phone")
    dialog.get_by_role("button", name="Add", exact=True).click()
    table = page.get_by_role("table", name="Do not contact")
    expect(table.get_by_role("row", name=re.compile("g•@quiet-hotel.example"))).to_be_visible()
    expect(page.get_by_role("button", name="Remove")).to_have_count(0)
    theirs = site.page("approver", "/suppressions?q=quiet-hotel")
    theirs.get_by_role("button", name="Remove").click()
    lift = theirs.get_by_role("dialog", name=re.compile("^Remove"))
    lift.get_by_label("Reason").fill("Wrong number, she says")
    lift.get_by_role("button", name="Remove").click()
    expect(theirs.get_by_role("status").get_by_text("is off the list")).to_be_visible()


def test_an_unknown_sender_is_found_named_and_put_into_the_book(site: Site) -> None:
    answered(site, "Which zones are in our contract?", "+66812003001")
    page = site.page("manager", "/inbox?f=all&q=zones+are+in")
    thread = page.get_by_role("region", name=re.compile("^Conversation with"))
    thread.get_by_role("textbox", name="Reply").fill("One moment, please.")
    page.get_by_role("searchbox", name="Find the customer").fill("hilton pat")
    chosen = page.get_by_role("list", name="Customers found").get_by_role("listitem")
    expect(chosen).to_have_count(1)
    chosen.get_by_role("button", name="Choose Hilton Pattaya").click()
    note = page.get_by_text(f"{PEOPLE['manager'][0]} has said that this is Hilton Pattaya")
    expect(note).to_be_visible()
    expect(page.get_by_role("region", name="About Hilton Pattaya")).to_contain_text("Zones")
    expect(page.get_by_role("textbox", name="Reply")).to_have_value("One moment, please.")
    page.get_by_role("button", name="Add to the book…").click()
    dialog = page.get_by_role("dialog", name=re.compile("^Add .* to Hilton Pattaya"))
    dialog.get_by_label("Role").fill("Operations Manager")
    dialog.get_by_label("Name").fill("Khun Nid")
    dialog.get_by_role("button", name="Write into the book").click()
    toasts = page.get_by_role("status")
    expect(toasts.get_by_text("Khun Nid is in the customer book")).to_be_visible()
    toasts.get_by_role("button", name="Undo").click()
    expect(toasts.get_by_text("The change is taken back")).to_be_visible()
    page.get_by_role("button", name="Somebody else").click()
    expect(page.get_by_role("heading", name="Who wrote this?")).to_be_visible()
