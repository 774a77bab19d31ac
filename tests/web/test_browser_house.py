"""Customers, the book, people and the shell in a real browser."""

import re

import pytest
from playwright.sync_api import expect
from tests.web.browsing import PHONE, Site
from tests.web.houses import ALL_CHANNELS, PASSWORD

pytestmark = pytest.mark.browser


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


def test_on_a_phone_the_chosen_one_of_many_tabs_is_in_view(site: Site) -> None:
    page = site.page("admin", "/settings/ai", viewport=PHONE)
    tabs = page.get_by_role("navigation", name="Settings")
    expect(tabs.get_by_role("link", name="AI")).to_be_in_viewport(ratio=1)
    tabs.get_by_role("link", name="API keys").click()
    expect(page.get_by_role("heading", name="API keys")).to_be_visible()
    expect(tabs.get_by_role("link", name="API keys")).to_be_in_viewport(ratio=1)


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
