"""From approval to inbox zero in a real browser: what account managers do all day."""

import re

import pytest
from playwright.sync_api import Page, expect
from tests.web.browsing import PHONE, Site
from tests.web.houses import ALL_CHANNELS, PASSWORD, PEOPLE

from campaigns.model.access import Actor, Scope
from campaigns.model.customer import Channel

pytestmark = pytest.mark.browser

AUTHOR = Actor(name=PEOPLE["manager"][0], scopes=frozenset({Scope.READ, Scope.COMPOSE}))
APPROVER = Actor(name=PEOPLE["approver"][0], scopes=frozenset({Scope.APPROVE}))
LONG_MS = 45_000


def drafted(site: Site, request: str = ALL_CHANNELS) -> str:
    campaign, _ = site.services.drafts.create(request, AUTHOR)
    return campaign.id


def approved(site: Site) -> str:
    campaign_id = drafted(site)
    site.services.approvals.submit(campaign_id, AUTHOR)
    shown = site.services.drafts.get(campaign_id).content_hash
    site.services.approvals.approve(campaign_id, shown, APPROVER)
    return campaign_id


def stage(page: Page, name: str) -> None:
    stages = page.get_by_role("list", name="Campaign stages")
    expect(stages.locator("[aria-current=step]")).to_contain_text(name, timeout=LONG_MS)


def send_the_test(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Send test to ")).click()
    expect(page.get_by_role("status").get_by_text(re.compile("test is on its way"))).to_be_visible()
    stage(page, "Sending")


def test_an_approver_reads_and_sends_back_and_the_author_sees_why(site: Site) -> None:
    author = site.page("manager", f"/campaigns/{drafted(site)}/edit")
    author.get_by_role("button", name="Submit for approval").click()
    dialog = author.get_by_role("dialog", name="Submit for approval")
    dialog.get_by_role("combobox", name="Approver").select_option(PEOPLE["approver"][0])
    dialog.get_by_role("textbox", name="Note").fill("The Phuket price is new")
    dialog.get_by_role("button", name=re.compile(r"^Submit \d+ messages")).click()
    expect(author.get_by_text(f"It waits for {PEOPLE['approver'][0]}")).to_be_visible()

    page = site.page("approver", "/approvals")
    waiting = page.get_by_role("region", name=re.compile("^Waiting for you"))
    waiting.get_by_role("link").first.click()
    expect(page.get_by_text("The Phuket price is new")).to_be_visible()
    page.get_by_role("link", name=re.compile(r"^Open message 2 of \d+")).click()
    expect(page.get_by_role("link", name=re.compile(r"^Open message 3 of \d+"))).to_be_visible()
    page.get_by_role("button", name="Request changes").click()
    asked = page.get_by_role("dialog", name="Request changes")
    asked.get_by_role("textbox", name="What should change?").fill("Leave Phuket out")
    asked.get_by_role("button", name=re.compile("^Send back")).click()
    expect(page).to_have_url(re.compile("/approvals$"))

    author.reload()
    expect(author.get_by_text("Leave Phuket out")).to_be_visible()
    expect(author.get_by_role("button", name="Submit for approval")).to_be_enabled()


def test_an_approval_is_for_exactly_what_was_shown(site: Site) -> None:
    campaign_id = drafted(site)
    site.services.approvals.submit(campaign_id, AUTHOR)
    page = site.page("approver", f"/campaigns/{campaign_id}/review")
    expect(page.get_by_role("region", name="What to check")).to_be_visible()
    whom = site.services.drafts.audience(campaign_id)[0].members[0].customer_id
    out = {"contacts": [{"customer_id": whom, "include": False}]}
    site.services.drafts.change(campaign_id, out, AUTHOR)
    site.services.approvals.submit(campaign_id, AUTHOR)
    page.get_by_role("button", name=re.compile(r"^Approve \d+ messages")).click()
    expect(page.get_by_role("alert")).to_contain_text("changed while you read")
    page.get_by_role("button", name=re.compile(r"^Approve \d+ messages")).click()
    expect(page.get_by_role("status").get_by_text("Approved")).to_be_visible()


def test_test_hold_undo_resume_and_live_progress_to_the_end(site: Site) -> None:
    page = site.page("manager", f"/campaigns/{approved(site)}")
    expect(page.get_by_role("button", name=re.compile("^Send to "))).to_be_disabled()
    send_the_test(page)
    page.get_by_role("button", name=re.compile("^Send to ")).click()
    dialog = page.get_by_role("dialog", name=re.compile(r"^Send \d+ messages"))
    dialog.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text(re.compile(r"Sending starts in \d s"))).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("region", name="Paused")).to_be_visible()
    expect(page.get_by_text("nothing goes out until you resume")).to_be_visible()
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_role("region", name="All sent")).to_be_visible(timeout=LONG_MS)
    for channel in ("WhatsApp", "LINE", "Email"):
        expect(page.get_by_role("progressbar", name=f"{channel} sent")).to_be_visible()
    numbers = page.get_by_role("list", name="Key numbers")
    expect(numbers.get_by_role("listitem").first).to_contain_text(
        re.compile(r"Delivered\s*[1-9]"), timeout=LONG_MS
    )
    funnel = page.get_by_role("region", name="From audience to interest")
    expect(funnel.get_by_role("row", name=re.compile("^Sent"))).to_be_visible()
    stage(page, "Results")


def test_the_rest_can_be_stopped_with_a_word_on_what_that_means(site: Site) -> None:
    campaign_id = approved(site)
    page = site.page("approver", f"/campaigns/{campaign_id}")
    page.get_by_role("button", name=re.compile("^Send to ")).click()
    dialog = page.get_by_role("dialog", name=re.compile(r"^Send \d+ messages"))
    dialog.get_by_label("Why is no test needed?").fill("Tested yesterday")
    dialog.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("button", name="Stop the rest").click()
    stop = page.get_by_role("dialog", name="Stop the rest")
    expect(stop).to_contain_text("Nothing else goes out")
    stop.get_by_role("button", name="Stop the rest").click()
    expect(page.get_by_role("region", name="Stopped")).to_be_visible()


def test_a_campaign_is_scheduled_moved_and_taken_off_again(site: Site) -> None:
    page = site.page("manager", f"/campaigns/{approved(site)}")
    send_the_test(page)
    page.get_by_role("button", name="Schedule…").click()
    dialog = page.get_by_role("dialog", name="Schedule")
    dialog.get_by_label(re.compile("^Day and time")).fill("2025-09-16T10:30")
    dialog.get_by_role("button", name="Schedule", exact=True).click()
    expect(page.get_by_role("region", name="Scheduled")).to_contain_text("16 Sep 10:30")
    page.get_by_role("button", name="Change time").click()
    moved = page.get_by_role("dialog", name="Change time")
    moved.get_by_label(re.compile("^Day and time")).fill("2025-09-17T11:00")
    moved.get_by_role("button", name="Schedule", exact=True).click()
    expect(page.get_by_role("region", name="Scheduled")).to_contain_text("17 Sep 11:00")
    page.get_by_role("button", name="Unschedule").click()
    expect(page.get_by_role("region", name="Ready to send")).to_be_visible()


def answered(site: Site, text: str, address: str = "+66856644142") -> None:
    site.services.answers.respond(address, text, Channel.WHATSAPP, AUTHOR)


def test_a_reply_comes_in_live_and_is_worked_off_to_inbox_zero(site: Site) -> None:
    page = site.page("manager", "/inbox")
    answered(site, "Does this also work on Beat Breeze, or only on Soundtrack?")
    conversations = page.get_by_role("list", name="Conversations")
    conversations.get_by_role("link", name=re.compile("Hilton Pattaya")).first.click()
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


def test_customers_are_found_by_typing_and_a_campaign_starts_with_them(site: Site) -> None:
    page = site.page("manager", "/customers")
    page.keyboard.press("/")
    page.keyboard.type("hilton pattaya")
    expect(page.get_by_role("status").get_by_text("1 customer", exact=False)).to_be_visible()
    expect(page).to_have_url(re.compile("q=hilton"))
    page.get_by_role("button", name="Start campaign with these 1").click()
    page.get_by_role("dialog", name="Start campaign").get_by_role("button", name="Survey").click()
    expect(page.get_by_role("button", name="Edit Customer: Hilton Pattaya")).to_be_visible()


def test_a_value_of_the_book_is_changed_and_says_its_line(site: Site) -> None:
    page = site.page("manager", "/customers?q=hua hin sands")
    page.get_by_role("link", name="Hilton Hua Hin Sands").click()
    page.get_by_role("button", name="Change Platform").click()
    dialog = page.get_by_role("dialog", name="Change Platform")
    dialog.get_by_label("Music Platform").fill("Beat Breeze")
    dialog.get_by_role("button", name="Write into the book").click()
    expect(page.get_by_role("row", name=re.compile("^Platform Beat Breeze line"))).to_be_visible()
    page.get_by_role("button", name="Accept City into the book").click()
    expect(page.get_by_role("row", name=re.compile("^City Hua Hin line"))).to_be_visible()


def test_a_new_book_is_compared_before_it_is_applied(site: Site) -> None:
    book = site.services.book.path.read_text(encoding="utf-8")
    changed = book.replace("### Hilton Cebu Waterfront", "### Hilton Cebu Harbour", 1)
    page = site.page("admin", "/customers/import")
    page.get_by_label(re.compile("^A Markdown file")).set_input_files(
        {"name": "new.md", "mimeType": "text/markdown", "buffer": changed.encode()}
    )
    page.get_by_role("button", name="Compare").click()
    region = page.get_by_role("region", name="What will change")
    expect(region.get_by_role("listitem").filter(has_text="Changed")).to_contain_text("1")
    region.get_by_role("button", name="Apply 1 change").click()
    expect(page).to_have_url(re.compile("/customers$"))
    expect(page.get_by_role("status").get_by_text("The customer book is replaced")).to_be_visible()


def test_somebody_is_invited_and_comes_in_by_the_link(site: Site) -> None:
    page = site.page("admin", "/settings/people")
    page.get_by_role("button", name="Invite").click()
    dialog = page.get_by_role("dialog", name="Invite")
    dialog.get_by_label("Name").fill("Dao R.")
    dialog.get_by_label("Email").fill("dao@agency.example")
    dialog.get_by_role("button", name="Make the invitation").click()
    link = page.get_by_role("textbox", name="Link for Dao R.").input_value()
    path = link[link.index("/welcome/") :]
    theirs = site.page("", path)
    theirs.get_by_role("textbox", name="Password").fill(PASSWORD)
    theirs.get_by_role("button", name="Start").click()
    expect(theirs.get_by_role("navigation", name="Main")).to_contain_text("Account manager")
    page.reload()
    page.get_by_role("combobox", name="Role of Dao R.").select_option("Viewer")
    expect(page.get_by_role("status").get_by_text("Dao R. is now viewer")).to_be_visible()
    theirs.goto("/campaigns/new")
    expect(theirs.get_by_role("heading", name="Not allowed")).to_be_visible()


def test_the_main_job_on_a_phone(site: Site) -> None:
    page = site.page("manager", "/campaigns", viewport=PHONE)
    page.get_by_role("link", name="New campaign").click()
    box = page.get_by_role("textbox", name="What should we send, and to whom?")
    box.fill(ALL_CHANNELS)
    page.get_by_role("button", name="Understand").click()
    expect(page.get_by_role("list", name="Understood as")).to_be_visible()
    page.get_by_role("button", name="Submit for approval").click()
    dialog = page.get_by_role("dialog", name="Submit for approval")
    dialog.get_by_role("button", name=re.compile("^Submit")).click()
    expect(page.get_by_text("It waits for approval.")).to_be_visible()
    page.get_by_role("button", name=re.compile("^More,")).click()
    account = page.get_by_role("dialog", name="Account and more")
    account.get_by_role("link", name="Audit trail").click()
    expect(page.get_by_role("heading", name="Audit trail")).to_be_visible()


def test_the_main_job_by_keyboard_alone(site: Site) -> None:
    page = site.page("manager", "/campaigns")
    page.keyboard.press("c")
    expect(page.get_by_role("textbox", name=re.compile("^What should we"))).to_be_focused()
    page.keyboard.type(ALL_CHANNELS)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("list", name="Understood as")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")
    dialog = page.get_by_role("dialog", name="Submit for approval")
    expect(dialog).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("It waits for approval.")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("i")
    expect(page.get_by_role("heading", name="Inbox", exact=True)).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_hidden()


def test_dark_is_chosen_and_kept(site: Site) -> None:
    page = site.page("viewer", "/campaigns")
    page.get_by_role("button", name=re.compile("^More,")).click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
