"""What is looked at, written or sent a second time, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect
from tests.web import rows
from tests.web.browsing import PHONE, WIDE, Site
from tests.web.houses import PEOPLE, REQUEST
from tests.web.test_browser_life import approved, drafted

from campaigns.model.access import SYSTEM, Actor, Scope
from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId, CustomerId
from campaigns.model.message import Message

pytestmark = pytest.mark.browser

AUTHOR = Actor(name=PEOPLE["manager"][0], scopes=frozenset({Scope.READ, Scope.COMPOSE}))
APPROVER = Actor(name=PEOPLE["approver"][0], scopes=frozenset({Scope.APPROVE}))
BY_EMAIL = f"{REQUEST} by email"
PATTAYA = CustomerId("hilton-pattaya")
# Words no list of ours holds, in small letters: they state nothing we know of.
PLAIN = "We hope the gamelans please you."
BOTH = pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])


def added_to(site: Site, campaign_id: str, words: str) -> Message:
    """Have the first message of a campaign end in more words."""
    first = site.services.drafts.messages(CampaignId(campaign_id), "", 1)[0][0]
    text = {"text": f"{first.text}\n\n{words}"}
    return site.services.edits.edit(CampaignId(campaign_id), first.id, text, AUTHOR)


def told(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("status").get_by_text(words)).to_be_visible()


@BOTH
def test_a_draft_the_book_left_behind_is_recomposed_where_it_changed(
    site: Site, viewport: dict[str, int]
) -> None:
    editing = site.services.editing
    editing.set_value(PATTAYA, "Contract End", "2025-11-18", SYSTEM)
    campaign_id = drafted(site, BY_EMAIL)
    path = f"/campaigns/{campaign_id}/edit?customer={PATTAYA}&ch=email"
    page = site.page("manager", path, viewport=viewport)
    letter = page.get_by_title("Email preview for Hilton Pattaya").content_frame
    expect(letter.get_by_text(re.compile("18 November|November 18")).first).to_be_visible()
    editing.set_value(PATTAYA, "Contract End", "2025-11-20", SYSTEM)
    page.reload()
    stale = page.get_by_role("region", name=re.compile("^The customer book says something else"))
    stale.get_by_text("What changed", exact=True).click()
    expect(stale.get_by_role("listitem")).to_contain_text("contract end was")
    stale.get_by_role("button", name="Recompose 1 changed").click()
    told(page, "1 customer recomposed.")
    expect(stale).to_have_count(0)
    expect(letter.get_by_text(re.compile("20 November|November 20")).first).to_be_visible()


def test_what_no_record_holds_is_confirmed_by_name_and_shown_to_the_approver(site: Site) -> None:
    campaign_id = drafted(site, BY_EMAIL)
    message = added_to(site, campaign_id, PLAIN)
    page = site.page("manager", f"/campaigns/{campaign_id}/edit?customer={message.customer_id}")
    ready = page.get_by_role("region", name="Ready to submit")
    expect(ready.get_by_role("link", name="1 message needs a fix")).to_be_visible()
    confirm = page.get_by_role("button", name="I confirm this")
    left = confirm.count()
    assert left
    while left:
        expect(page.get_by_role("region", name=re.compile(rf"^{left} to confirm"))).to_be_visible()
        confirm.first.click()
        left -= 1
        expect(confirm).to_have_count(left)
    told(page, re.compile(f"Confirmed by {AUTHOR.name}"))
    facts = page.get_by_role("region", name=re.compile("confirmed|match"))
    expect(facts.get_by_text(f"confirmed by {AUTHOR.name}").first).to_be_visible()
    expect(ready.get_by_text("Facts verified")).to_be_visible()
    ready.get_by_role("button", name="Submit for approval").click()
    dialog = page.get_by_role("dialog", name="Submit for approval")
    dialog.get_by_role("button", name=re.compile(r"^Submit \d+ message")).click()
    expect(page.get_by_text("It waits for approval.")).to_be_visible()
    theirs = site.page("approver", f"/campaigns/{campaign_id}/review", viewport=PHONE)
    to_read = theirs.get_by_role("region", name="The request and the messages to read")
    mine = to_read.get_by_role("link", name=re.compile(message.customer))
    expect(mine.first).to_contain_text("confirmed by hand")


@BOTH
def test_the_same_words_are_confirmed_in_the_other_messages_with_one_click(
    site: Site, viewport: dict[str, int]
) -> None:
    campaign_id = drafted(site, BY_EMAIL)
    drafts, edits = site.services.drafts, site.services.edits
    messages = drafts.messages(CampaignId(campaign_id), "", 3)[0]
    for message in messages:
        text = {"text": f"{message.text}\n\n{PLAIN}"}
        edits.edit(CampaignId(campaign_id), message.id, text, AUTHOR)
    customer = messages[0].customer_id
    page = site.page(
        "manager", f"/campaigns/{campaign_id}/edit?customer={customer}", viewport=viewport
    )
    ready = page.get_by_role("region", name="Ready to submit")
    expect(ready.get_by_role("link", name="3 messages need a fix")).to_be_visible()
    page.get_by_role("button", name="and in the other 2 messages that say so").first.click()
    told(page, f"Confirmed by {AUTHOR.name} in 3 messages; the approver sees it.")
    expect(page.get_by_role("button", name="I confirm this")).to_have_count(0)
    expect(ready.get_by_role("link", name=re.compile("need"))).to_have_count(0)


@BOTH
def test_who_approves_again_sees_what_changed_since(site: Site, viewport: dict[str, int]) -> None:
    campaign_id = CampaignId(approved(site))
    message = added_to(site, campaign_id, "Thank you for your trust.")
    out = next(
        m
        for m in site.services.drafts.audience(campaign_id)[0].members
        if m.customer_id != message.customer_id and m.channels
    )
    left_out = {"contacts": [{"customer_id": out.customer_id, "include": False}]}
    site.services.drafts.change(campaign_id, left_out, AUTHOR)
    site.services.approvals.submit(campaign_id, AUTHOR)
    page = site.page("approver", f"/campaigns/{campaign_id}/review", viewport=viewport)
    since = page.get_by_role("region", name=re.compile(f"^Since {APPROVER.name} approved it"))
    since.scroll_into_view_if_needed()
    expect(since).to_contain_text(f"1 customer no longer in it: {out.name}")
    expect(since.get_by_text("1 message changed")).to_be_visible()
    line = since.get_by_role("insertion")
    expect(line).to_contain_text("Thank you for your trust.")
    since.get_by_role("group").get_by_text(message.customer).click()
    expect(line).to_be_hidden()
    page.get_by_role("button", name=re.compile(r"^Approve \d+ messages")).click()
    told(page, "Approved")
    page.goto(f"/campaigns/{campaign_id}/review")
    expect(page.get_by_role("region", name="What to check")).to_be_visible()
    expect(since).to_have_count(0)


@BOTH
def test_what_may_work_is_sent_again_from_the_dashboard(
    site: Site, viewport: dict[str, int]
) -> None:
    campaign_id = approved(site, BY_EMAIL)  # the simulator takes every e-mail of the sample book
    rows.fail(site.services, CampaignId(campaign_id))
    page = site.page("manager", f"/campaigns/{campaign_id}", viewport=viewport)
    failed = page.get_by_role("region", name=re.compile("^Could not be delivered 3"))
    failed.get_by_role("button", name="Retry 2 that may work").click()
    told(page, "2 messages on the way again")
    expect(page.get_by_role("button", name=re.compile("that may work"))).to_have_count(0)
    expect(page.get_by_role("region", name="Sent", exact=True)).to_be_visible()
    left = page.get_by_role("region", name=re.compile("^Could not be delivered 1"))
    expect(left.get_by_role("row").nth(1)).to_contain_text("looks like spam")


@BOTH
def test_numbers_are_shown_beside_the_usual_ones(site: Site, viewport: dict[str, int]) -> None:
    services = site.services
    mine, other = CampaignId(drafted(site)), CampaignId(drafted(site))
    for campaign_id in (mine, other):
        rows.grow(services, campaign_id, 100)
        rows.halve(services, campaign_id, APPROVER)
    usual = services.progress.outcome(mine).usual
    page = site.page("manager", f"/campaigns/{mine}", viewport=viewport)
    numbers = page.get_by_role("list", name="Key numbers").get_by_role("listitem")
    for name, part, whole in (
        ("Delivered", usual.delivered, usual.ended),
        ("Read", usual.read, usual.readable),
        ("Opted out", usual.customers_opted_out, usual.customers_reached),
    ):
        hint = numbers.filter(has_text=name).get_by_text(f"usual {part / whole:.0%}", exact=True)
        hint.scroll_into_view_if_needed()
        expect(hint).to_be_visible()
    assert usual.delivered


@BOTH
def test_templates_are_looked_at_and_one_is_released(site: Site, viewport: dict[str, int]) -> None:
    rows.templates(site.services)
    page = site.page("approver", "/settings/channels", viewport=viewport)
    page.get_by_role("navigation", name="Settings").get_by_role("link", name="Templates").click()
    templates = page.get_by_role("list", name="WhatsApp templates").get_by_role("listitem")
    good = templates.filter(has=page.get_by_role("heading", name="renewal_formal_3f9a"))
    expect(good).to_contain_text("Approved")
    expect(good.get_by_text("your contract for")).to_be_visible()
    refused = templates.filter(has=page.get_by_role("heading", name="seasonal_warm_77c1"))
    expect(refused.get_by_text("Rejected", exact=True)).to_be_visible()
    expect(refused).to_contain_text("INVALID_FORMAT")
    moved = templates.filter(has=page.get_by_role("heading", name="survey_warm_10be"))
    expect(moved).to_contain_text("Meta made it marketing, we submitted it as utility")
    moved.get_by_role("button", name=re.compile("^Let it be used again")).click()
    told(page, "survey_warm_10be may be sent again")
    expect(page.get_by_role("button", name=re.compile("^Let it be used again"))).to_have_count(0)


def test_on_a_phone_an_unknown_sender_is_named_and_that_is_taken_back(site: Site) -> None:
    reply = site.services.answers.respond(
        "+66990007001", "Could the terrace get its own playlist?", Channel.WHATSAPP, AUTHOR
    )
    page = site.page("manager", "/inbox?f=all&q=own+playlist", viewport=PHONE)
    conversations = page.get_by_role("list", name="Conversations")
    conversations.get_by_role("link", name=re.compile("own playlist")).click()
    expect(page.get_by_role("heading", name="Who wrote this?")).to_be_visible()
    expect(conversations).to_be_hidden()
    page.get_by_role("searchbox", name="Find the customer").fill("hilton pat")
    page.get_by_role("button", name="Choose Hilton Pattaya").click()
    said = page.get_by_text(f"{AUTHOR.name} has said that this is Hilton Pattaya")
    expect(said).to_be_visible()
    assert site.services.inbox.thread(reply.id).reply.sender
    page.get_by_role("button", name="Somebody else").click()
    told(page, "Nobody is named as its sender")
    expect(page.get_by_role("heading", name="Who wrote this?")).to_be_visible()
    page.get_by_role("link", name="Back to the list").click()
    expect(conversations).to_be_visible()
