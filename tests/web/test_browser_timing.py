"""When a campaign goes, in a real browser: by the customers' own clocks, and over several days."""

import re

import pytest
from playwright.sync_api import Page, expect
from tests.web import rows
from tests.web.browsing import PHONE, WIDE, Site
from tests.web.test_browser_keys import press, tab_to
from tests.web.test_browser_life import approved, drafted

from campaigns.model.ids import CampaignId

pytestmark = pytest.mark.browser

EVERYWHERE = "Announce our new playlists to all Hiltons"  # in ten time zones
CHRISTMAS = "Send a seasonal offer for Christmas to all customers by email"
SEVERAL_DAYS = 1_400  # customers: more than leave in one day


def at(clock: str) -> re.Pattern[str]:
    """The first and the last message at a time of day, each where its customer is."""
    there = rf"(\d+ \w+ )?{clock} [A-Z][\w ]+"
    return re.compile(f"First {there}, last {there}")


def goes(page: Page, clock: str) -> None:
    scheduled = page.get_by_role("region", name="Scheduled")
    said = f"goes at {clock} in each customer’s time zone, the first "
    expect(scheduled).to_contain_text(said)


def test_by_keyboard_alone_it_is_scheduled_and_moved_by_each_customers_own_clock(
    site: Site,
) -> None:
    page = site.page("approver", f"/campaigns/{approved(site, EVERYWHERE)}")
    press(page, page.get_by_role("button", name="Schedule…"))
    dialog = page.get_by_role("dialog", name="Schedule")
    preview = dialog.get_by_role("status")
    expect(dialog.get_by_role("radio", name="Each customer’s own")).to_be_checked()
    expect(preview).to_contain_text(at("10:00"))
    tab_to(page, dialog.get_by_label("Time", exact=True))
    page.keyboard.press("ArrowUp")
    expect(preview).to_contain_text(at("11:00"))
    tab_to(page, dialog.get_by_label("Why is no test needed?"))
    page.keyboard.type("Sent it to ourselves")
    page.keyboard.press("Control+Enter")
    goes(page, "11:00")
    press(page, page.get_by_role("button", name="Change time"))
    moved = page.get_by_role("dialog", name="Change time")
    expect(moved.get_by_role("radio", name="Each customer’s own")).to_be_checked()
    time = moved.get_by_label("Time", exact=True)
    expect(time).to_have_value("11:00")
    tab_to(page, time)
    page.keyboard.press("ArrowUp")
    expect(moved.get_by_role("status")).to_contain_text(at("12:00"))
    page.keyboard.press("Control+Enter")
    goes(page, "12:00")


def test_it_is_submitted_to_go_at_ten_and_its_approver_schedules_it_on_a_phone(site: Site) -> None:
    campaign_id = drafted(site, EVERYWHERE)
    author = site.page("manager", f"/campaigns/{campaign_id}/edit")
    author.get_by_role("button", name="Submit for approval").click()
    dialog = author.get_by_role("dialog", name="Submit for approval")
    dialog.get_by_role("radio", name="Send at 10:00 in each customer’s time zone").check()
    dialog.get_by_role("button", name=re.compile(r"^Submit \d+ messages")).click()
    expect(author.get_by_text("Once approved it goes by itself at 10:00")).to_be_visible()

    page = site.page("approver", f"/campaigns/{campaign_id}/review", viewport=PHONE)
    check = page.get_by_role("region", name="What to check")
    told = check.get_by_text("An approval also schedules it")
    told.scroll_into_view_if_needed()
    expect(told).to_be_visible()
    expect(check).to_contain_text(at("10:00"))
    page.get_by_role("button", name=re.compile(r"^Approve \d+ messages")).click()
    goes(page, "10:00")

    author.reload()
    author.get_by_role("button", name="Unschedule").click()
    expect(author.get_by_role("region", name="Ready to send")).to_be_visible()
    expect(author.get_by_text("in each customer’s time zone")).to_have_count(0)


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_what_takes_days_is_told_day_by_day_and_submitted_with_its_number(
    site: Site, viewport: dict[str, int]
) -> None:
    campaign_id = CampaignId(drafted(site, CHRISTMAS))
    rows.grow(site.services, campaign_id, SEVERAL_DAYS)
    messages = site.services.desk.composition(campaign_id, 1, None).messages
    page = site.page("manager", f"/campaigns/{campaign_id}/edit", viewport=viewport)
    page.get_by_text(re.compile(r"^Takes \d+ days at current limits$")).first.click()
    table = page.get_by_role("table", name="Messages by day")
    expect(table).to_be_visible()
    days = [row.inner_text().split("\t") for row in table.get_by_role("row").all()]
    assert len(days) > 1
    assert sum(int(n.replace(",", "")) for _, n in days) == messages
    page.get_by_role("button", name="Submit for approval").click()
    dialog = page.get_by_role("dialog", name="Submit for approval")
    expect(dialog.get_by_text(re.compile(r"^Takes \d+ days .*: \d+ on \d+ Sep, "))).to_be_visible()
    number = dialog.get_by_role("textbox", name=f"Type {messages} to confirm")
    submit = dialog.get_by_role("button", name=re.compile(r"^Submit \d+ messages"))
    number.fill(str(messages - 1))
    submit.click()
    expect(number).to_be_focused()  # the browser shows what is wrong with it
    expect(dialog).to_be_visible()
    number.fill(str(messages))
    submit.click()
    expect(page.get_by_text("It waits for approval.")).to_be_visible()
