"""From approval to inbox zero in a real browser: what account managers do all day."""

import re

import pytest
from playwright.sync_api import Page, expect
from tests.web.browsing import Site
from tests.web.houses import ALL_CHANNELS, PEOPLE

from campaigns.model.access import Actor, Scope

pytestmark = pytest.mark.browser

AUTHOR = Actor(name=PEOPLE["manager"][0], scopes=frozenset({Scope.READ, Scope.COMPOSE}))
APPROVER = Actor(name=PEOPLE["approver"][0], scopes=frozenset({Scope.APPROVE}))
LONG_MS = 45_000
ALL_GONE = re.compile("^(All sent|Sent)$")  # "All" only where nothing failed or was left out


def drafted(site: Site, request: str = ALL_CHANNELS) -> str:
    campaign, _ = site.services.drafts.create(request, AUTHOR)
    return campaign.id


def approved(site: Site, request: str = ALL_CHANNELS) -> str:
    campaign_id = drafted(site, request)
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
    stage(page, "Ready to send")


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
    expect(page.get_by_role("region", name=ALL_GONE)).to_be_visible(timeout=LONG_MS)
    for channel in ("WhatsApp", "Email"):  # the one LINE follower may have opted out by now
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
    preview = dialog.get_by_role("status")
    expect(preview).to_contain_text("All at 16 Sep 10:00 Bangkok")
    dialog.get_by_label("Date").fill("2025-09-14")
    expect(preview).to_contain_text("2025-09-14 is past: choose 2025-09-15 or later.")
    dialog.get_by_label("Date").fill("2025-09-16")
    dialog.get_by_label("Time", exact=True).fill("10:30")
    dialog.get_by_role("radio", name="Bangkok").check()
    expect(preview).to_contain_text("All at 16 Sep 10:30 Bangkok")
    dialog.get_by_role("button", name="Schedule", exact=True).click()
    expect(page.get_by_role("region", name="Scheduled")).to_contain_text("16 Sep 10:30")
    page.get_by_role("button", name="Change time").click()
    moved = page.get_by_role("dialog", name="Change time")
    expect(moved.get_by_label("Time", exact=True)).to_have_value("10:30")
    moved.get_by_label("Date").fill("2025-09-17")
    moved.get_by_label("Time", exact=True).fill("11:00")
    moved.get_by_role("button", name="Schedule", exact=True).click()
    expect(page.get_by_role("region", name="Scheduled")).to_contain_text("17 Sep 11:00")
    page.get_by_role("button", name="Unschedule").click()
    expect(page.get_by_role("region", name="Ready to send")).to_be_visible()
