"""Automations, variants, merging, importing and people by keyboard alone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.web.browsing import Site
from tests.web.houses import ALL_CHANNELS, PEOPLE

from campaigns.model.access import Actor, Scope
from campaigns.model.customer import Channel

pytestmark = pytest.mark.browser

AUTHOR = Actor(name=PEOPLE["manager"][0], scopes=frozenset({Scope.READ, Scope.COMPOSE}))
FAR = 150  # stops of Tab from one place of a page to another
IS_FOCUSED = "(element) => element === document.activeElement"


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until something has the focus."""
    expect(wanted).to_be_visible()
    for _ in range(FAR):
        if wanted.evaluate(IS_FOCUSED):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not lead to {wanted}")


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    tab_to(page, wanted)
    page.keyboard.press(key)


def test_an_automation_is_set_up_paused_and_removed(site: Site) -> None:
    page = site.page("manager", "/automations")
    press(page, page.get_by_role("button", name="New automation"))
    dialog = page.get_by_role("dialog", name="New automation")
    tab_to(page, dialog.get_by_label("What to prepare, and for whom"))
    page.keyboard.type("Renewal reminders to all Hiltons expiring this quarter")
    tab_to(page, dialog.get_by_label("Every"))
    page.keyboard.type("week")
    tab_to(page, dialog.get_by_role("textbox", name=re.compile("^Name")))
    page.keyboard.type("Weekly Hiltons")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Weekly Hiltons")).to_be_visible(timeout=20_000)
    press(page, page.get_by_role("button", name="Pause"))
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    press(page, page.get_by_role("button", name="Resume"))
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    press(page, page.get_by_role("link", name="Automations").last)
    expect(page.get_by_role("link", name="Weekly Hiltons")).to_be_visible()


def test_two_tones_are_tried_and_given_up(site: Site) -> None:
    made, _ = site.services.drafts.create(ALL_CHANNELS, AUTHOR)
    page = site.page("manager", f"/campaigns/{made.id}/edit")
    press(page, page.get_by_role("button", name="Rewrite…"))
    menu = page.get_by_role("dialog", name="Rewrite")
    press(page, menu.get_by_role("button", name="Try both"))
    expect(page.get_by_role("status").get_by_text(re.compile("half|each"))).to_be_visible()
    press(page, page.get_by_role("button", name="Rewrite…"))
    press(page, menu.get_by_role("button", name="One text for all again"))
    expect(menu).to_be_hidden()
    assert site.services.drafts.get(made.id).variants == ()


def test_two_entries_are_made_one(site: Site) -> None:
    page = site.page("manager", "/customers/hilton-pattaya/merge/hilton-hua-hin-sands")
    press(page, page.get_by_role("button", name="Make them one"))
    expect(page.get_by_role("heading", name="Hilton Pattaya", exact=True)).to_be_visible()
    toast = page.get_by_role("status")
    press(page, toast.get_by_role("button", name="Undo"))
    expect(toast.get_by_text("The change is taken back")).to_be_visible()
    page.goto("/customers/hilton-hua-hin-sands")
    expect(page.get_by_role("heading", name="Hilton Hua Hin Sands")).to_be_visible()


def test_a_book_is_chosen_compared_and_applied(site: Site) -> None:
    book = site.services.book.path.read_text(encoding="utf-8")
    changed = book.replace("### Hilton Cebu Waterfront", "### Hilton Cebu Harbour", 1)
    page = site.page("admin", "/customers/import")
    given = {"name": "new.md", "mimeType": "text/markdown", "buffer": changed.encode()}
    # Listening starts before the key: the browser may need a moment before it tells of a chooser.
    with page.expect_file_chooser() as chooser:
        press(page, page.get_by_label(re.compile("^A Markdown file")))
    chooser.value.set_files(given)  # type: ignore[arg-type]
    press(page, page.get_by_role("button", name="Compare"))
    press(page, page.get_by_role("button", name="Apply 1 change"))
    expect(page.get_by_role("status").get_by_text("The customer book is replaced")).to_be_visible()


def test_somebody_is_invited_promoted_and_locked_out(site: Site) -> None:
    page = site.page("admin", "/settings/people")
    press(page, page.get_by_role("button", name="Invite"))
    dialog = page.get_by_role("dialog", name="Invite")
    tab_to(page, dialog.get_by_label("Name"))
    page.keyboard.type("Dao R.")
    page.keyboard.press("Tab")
    page.keyboard.type("dao@agency.example")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Link for Dao R.")).to_be_visible()
    tab_to(page, page.get_by_role("combobox", name="Role of Dao R."))
    page.keyboard.type("approver")
    told = page.get_by_role("status")
    expect(told.get_by_text("Dao R. is now approver")).to_be_visible()
    press(page, page.get_by_role("button", name="Deactivate Dao R."))
    expect(told.get_by_text("Dao R. is locked out")).to_be_visible()


def test_an_unknown_sender_is_named(site: Site) -> None:
    reply = site.services.answers.respond(
        "+66990005001", "Is the invoice on its way?", Channel.WHATSAPP, AUTHOR
    )
    page = site.page("manager", f"/inbox?f=all&sel={reply.id}")
    tab_to(page, page.get_by_role("searchbox", name="Find the customer"))
    page.keyboard.type("hilton cebu")
    press(page, page.get_by_role("button", name=re.compile("^Choose Hilton Cebu")))
    expect(page.get_by_role("button", name="Somebody else")).to_be_visible()
