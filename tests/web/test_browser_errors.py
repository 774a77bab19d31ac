"""Errors in a real browser: said where they are, with the way on, and nothing typed is lost."""

import re

import pytest
from playwright.sync_api import expect
from structlog.testing import capture_logs
from tests.web.browsing import Site
from tests.web.houses import PEOPLE

from campaigns.model.access import Actor, Scope
from campaigns.model.customer import Channel
from campaigns.orchestrator.answering import Wanted

pytestmark = pytest.mark.browser

COLLEAGUE = Actor(name=PEOPLE["approver"][0], scopes=frozenset({Scope.READ, Scope.REPLY}))


def test_a_field_says_what_is_wrong_with_it_until_it_is_put_right(site: Site) -> None:
    page = site.page("manager", "/customers/hilton-pattaya")
    page.get_by_role("button", name="Add a contact").click()
    dialog = page.get_by_role("dialog", name="Add a contact")
    role = dialog.get_by_label("Role")
    role.evaluate("(field) => field.removeAttribute('required')")
    dialog.get_by_label("Name").fill("Khun Nid")
    dialog.get_by_label("Email").fill("nid@hilton-pattaya.example")
    dialog.get_by_role("button", name="Write into the book").click()
    expect(dialog.get_by_text("Fill this in.")).to_be_visible()
    expect(role).to_be_focused()
    expect(role).to_have_attribute("aria-invalid", "true")
    expect(dialog.get_by_label("Name")).to_have_value("Khun Nid")
    page.keyboard.type("Spa Manager")
    expect(dialog.get_by_text("Fill this in.")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").get_by_text("Khun Nid is in the customer")).to_be_visible()


def test_an_answer_that_came_second_keeps_its_words_and_loads_the_first(site: Site) -> None:
    answers = site.services.answers
    reply = answers.respond("+66990004001", "Please call me", Channel.WHATSAPP, COLLEAGUE)
    page = site.page("manager")
    page.route("**/live/**", lambda route: route.abort())  # the news would come by itself
    page.goto(f"/inbox?f=all&sel={reply.id}")
    box = page.get_by_role("textbox", name="Reply")
    box.fill("I call you at three.")
    site.services.answering.give(Wanted(reply_id=reply.id, text="Thank you."), COLLEAGUE)
    page.get_by_role("button", name="Send reply").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Changed by Arun S. just now: answered a reply.")
    expect(box).to_have_value("I call you at three.")
    alert.get_by_role("link", name="Load latest").click()
    expect(page.get_by_role("region", name="Messages")).to_contain_text("Thank you.")
    expect(page.get_by_role("group").get_by_text("I call you at three.")).to_be_visible()
    expect(alert).to_be_hidden()


def test_what_nobody_thought_of_stays_with_a_number_until_it_is_closed(site: Site) -> None:
    page = site.page("manager", "/inbox")
    kept = site.services.inbox
    page.route("**/live/**", lambda route: route.abort())
    page.reload()
    site.services.inbox = None  # type: ignore[assignment]
    try:
        with capture_logs() as logged:  # the trace would be long to write
            page.get_by_role("link", name=re.compile("^Mine")).click()
            alert = page.get_by_role("alert")
            expect(alert).to_contain_text(re.compile("went wrong here.*Number [0-9a-f]{8}"))
    finally:
        site.services.inbox = kept
    [failed] = [entry for entry in logged if entry["event"] == "page.failed"]
    expect(alert).to_contain_text(failed["number"])
    expect(alert.get_by_role("button", name="Copy details")).to_be_visible()
    alert.get_by_role("button", name="Dismiss").click()
    expect(alert).to_be_hidden()
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
