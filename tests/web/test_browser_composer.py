"""The composer in a real browser, found by role and name as a person or a screen reader would."""

import re

import pytest
from playwright.sync_api import Page, expect
from tests.web.browsing import Site
from tests.web.houses import ALL_CHANNELS, REQUEST, email_of

pytestmark = pytest.mark.browser


def composed(site: Site, request: str = ALL_CHANNELS) -> Page:
    page = site.page("manager", "/campaigns/new")
    page.get_by_role("textbox", name="What should we send, and to whom?").fill(request)
    page.get_by_role("button", name="Understand").click()
    expect(page.get_by_role("list", name="Understood as")).to_be_visible()
    return page


def matches(page: Page, n: int) -> None:
    audience = page.get_by_role("region", name="Audience", exact=True)
    noun = "customer matches" if n == 1 else "customers match"
    expect(audience.get_by_role("status")).to_contain_text(f"{n} {noun}")


def somebody_matches(page: Page) -> None:
    audience = page.get_by_role("region", name="Audience", exact=True)
    expect(audience.get_by_role("status")).to_contain_text(
        re.compile(r"^[1-9]\d* customers? match")
    )


def count(page: Page) -> int:
    said = (
        page.get_by_role("region", name="Audience", exact=True).get_by_role("status").inner_text()
    )
    return int(re.sub(r"\D", "", said.split("customer")[0]))


def test_a_sentence_becomes_chips_an_audience_and_messages_with_numbered_facts(site: Site) -> None:
    page = composed(site)
    understood = page.get_by_role("list", name="Understood as")
    expect(understood.get_by_role("button", name="Edit Brand: Hilton")).to_be_visible()
    expect(understood.get_by_role("button", name="Edit Country: Thailand")).to_be_visible()
    doubt = understood.get_by_role(
        "button", name=re.compile(r"^Edit Contract ends: .*Assumption: ")
    )
    expect(doubt).to_contain_text("read as the next 90 days")
    assert count(page) >= 3
    message = page.get_by_role("region", name=re.compile("^Message to "))
    expect(message.get_by_role("group", name="Channel")).to_be_visible()
    facts = page.get_by_role("region", name=re.compile(r"^All \d+ facts match"))
    first = facts.get_by_role("listitem").first
    expect(first).to_contain_text("Contact")
    preview = message.get_by_role("region", name="WhatsApp preview")
    expect(preview.locator("mark").first).to_be_visible()


def test_a_message_is_rewritten_in_place_and_opens_with_its_checks(site: Site) -> None:
    page = composed(site)
    message = page.get_by_role("region", name=re.compile("^Message to "))
    before = message.get_by_role("region", name="WhatsApp preview").inner_text()
    message.get_by_role("button", name="Rewrite…").click()
    page.get_by_role("dialog", name="Rewrite").get_by_role("button", name="Warmer").first.click()
    words = message.get_by_role("textbox", name="Message")
    expect(words).to_be_visible()
    assert words.input_value() not in before
    expect(page.get_by_role("region", name=re.compile(r"facts match"))).to_be_visible()
    message.get_by_role("link", name="Cancel").click()
    expect(message.get_by_role("region", name="WhatsApp preview")).to_contain_text(before[:20])
    message.get_by_role("button", name="Rewrite…").click()
    own = page.get_by_role("dialog", name="Rewrite")
    own.get_by_role("textbox", name="How it should read").fill("like a pirate")
    own.get_by_role("button", name="Rewrite", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("model")
    expect(message.get_by_role("button", name="Rewrite…")).to_be_visible()


def test_an_example_request_is_one_press(site: Site) -> None:
    page = site.page("manager", "/campaigns/new")
    page.get_by_role("button", name="ส่งแบบสำรวจความพึงพอใจให้โรงแรมในพัทยา").click()
    expect(page.get_by_role("button", name="Edit City: Pattaya")).to_be_visible()
    expect(page.get_by_role("button", name="Edit Campaign: Survey")).to_be_visible()


def test_removing_a_filter_can_be_undone(site: Site) -> None:
    page = composed(site)
    before = count(page)
    page.get_by_role("button", name="Remove Country filter").click()
    expect(page.get_by_role("button", name="Edit Country: Thailand")).to_have_count(0)
    assert count(page) > before
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Edit Country: Thailand")).to_be_visible()
    matches(page, before)


def test_a_chip_opens_its_editor(site: Site) -> None:
    page = composed(site)
    page.get_by_role("button", name=re.compile("^Edit Contract ends")).click()
    editor = page.get_by_role("dialog", name="Contract ends")
    editor.get_by_label("To").fill("2025-10-20")
    editor.get_by_role("button", name="Apply").click()
    expect(
        page.get_by_role("button", name=re.compile("Contract ends: 15 Sep – 20 Oct"))
    ).to_be_visible()
    expect(editor).to_be_hidden()


def test_a_filter_can_be_added_and_an_unknown_value_is_refused_with_the_nearest(site: Site) -> None:
    page = composed(site)
    page.get_by_role("button", name="Add filter").click()
    page.get_by_role("dialog", name="Add filter").get_by_role("button", name="City").click()
    city = page.get_by_role("dialog", name="City")
    city.get_by_label("City").fill("Patayya")
    city.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("alert")).to_contain_text("Pattaya")
    page.get_by_role("button", name="Add filter").click()
    page.get_by_role("dialog", name="Add filter").get_by_role("button", name="City").click()
    city.get_by_label("City").fill("Pattaya")
    city.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("button", name="Edit City: Pattaya")).to_be_visible()
    matches(page, 1)


def test_a_customer_can_be_left_out_and_taken_back(site: Site) -> None:
    page = composed(site)
    before = count(page)
    page.get_by_role("row", name=re.compile("Hilton Pattaya")).hover()
    page.get_by_role("button", name="Leave out Hilton Pattaya").click()
    matches(page, before - 1)
    expect(page.get_by_role("link", name="Hilton Pattaya", exact=True)).to_have_count(0)
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    matches(page, before)


def test_who_is_left_out_is_counted_by_reason(site: Site) -> None:
    page = composed(site)
    page.get_by_text(re.compile(r"\d+ left out")).click()
    audience = page.get_by_role("region", name="Audience", exact=True)
    expect(audience.get_by_text("Brand is not Hilton")).to_be_visible()


def test_keys_walk_through_customers_and_channels_and_the_address_keeps_the_view(
    site: Site,
) -> None:
    page = composed(site)
    heading = page.get_by_role("heading", name=re.compile("^Message to "))
    first = heading.inner_text()
    page.keyboard.press("j")
    expect(heading).not_to_have_text(first)
    page.keyboard.press("3")
    expect(page.get_by_role("region", name="Email preview")).to_be_visible()
    second = heading.inner_text()
    page.reload()
    expect(heading).to_have_text(second)
    expect(page.get_by_role("region", name="Email preview")).to_be_visible()
    page.keyboard.press("k")
    expect(heading).to_have_text(first)


def test_the_email_is_shown_as_its_recipient_sees_it_in_a_frame_without_rights(site: Site) -> None:
    page = composed(site)
    page.get_by_role("link", name="Hilton Pattaya").first.click()
    expect(page.get_by_role("heading", name="Message to Hilton Pattaya")).to_be_visible()
    page.get_by_role("group", name="Channel").get_by_role("link", name="Email").click()
    frame = page.get_by_title("Email preview for Hilton Pattaya")
    expect(frame).to_have_attribute("sandbox", "")
    expect(frame.content_frame.get_by_text("Dear Rudolf")).to_be_visible()
    expect(frame.content_frame.locator("mark").first).to_be_visible()


def test_the_guard_answers_while_one_types_and_a_claim_can_be_removed(site: Site) -> None:
    page = composed(site)
    page.get_by_role("link", name="Hilton Pattaya").first.click()
    expect(page.get_by_role("heading", name="Message to Hilton Pattaya")).to_be_visible()
    page.keyboard.press("e")
    box = page.get_by_role("textbox", name="Message", exact=True)
    words = box.input_value()
    box.fill(words.replace("Best regards", "You get a 10% discount.\n\nBest regards"))
    expect(page.get_by_role("heading", name=re.compile("no source"))).to_be_visible()
    expect(box).to_have_value(re.compile("10% discount"))
    page.get_by_role("button", name="Save").click()
    ready = page.get_by_role("region", name="Ready to submit")
    expect(ready.get_by_role("link", name="1 message needs a fix")).to_be_visible()
    ready.get_by_role("button", name="Submit for approval").click()
    dialog = page.get_by_role("dialog", name="Submit for approval")
    expect(dialog.get_by_role("button", name=re.compile("^Submit"))).to_be_disabled()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Remove claim").first.click()
    expect(page.get_by_role("heading", name=re.compile(r"All \d+ facts match"))).to_be_visible()
    expect(page.get_by_text("10% discount")).to_have_count(0)
    expect(ready.get_by_text("Facts verified")).to_be_visible()


def test_words_that_were_not_understood_are_asked_about_and_can_be_dropped(site: Site) -> None:
    page = composed(site, f"{REQUEST} to the grommets of Zorp")
    expect(page.get_by_text(re.compile("Not used: "))).to_be_visible()
    matches(page, 0)
    ready = page.get_by_role("region", name="Ready to submit")
    expect(ready.get_by_role("button", name="Submit for approval")).to_be_disabled()
    page.get_by_role("button", name=re.compile("^Go on without")).click()
    expect(page.get_by_text(re.compile("Not used: "))).to_have_count(0)
    somebody_matches(page)


def test_no_match_names_the_filter_to_drop(site: Site) -> None:
    page = composed(
        site, "Send renewal reminders to all Hiltons in Pattaya expiring in February 2027"
    )
    matches(page, 0)
    page.get_by_role("button", name=re.compile(r"^Remove Contract ends.* to get \d+")).click()
    somebody_matches(page)
    expect(page.get_by_role("button", name="Edit Brand: Hilton")).to_be_visible()


def test_a_lost_connection_keeps_what_was_typed(site: Site) -> None:
    page = site.page("manager", "/campaigns/new")
    box = page.get_by_role("textbox", name="What should we send, and to whom?")
    box.fill(REQUEST)
    page.context.set_offline(True)
    page.get_by_role("button", name="Understand").click()
    expect(page.get_by_role("alert")).to_contain_text("did not answer")
    expect(box).to_have_value(REQUEST)
    page.context.set_offline(False)
    page.get_by_role("button", name="Understand").click()
    expect(page.get_by_role("list", name="Understood as")).to_be_visible()


def test_an_ended_session_comes_back_to_the_same_page_with_what_was_typed(site: Site) -> None:
    page = site.page("manager", "/campaigns/new")
    page.get_by_role("textbox", name="What should we send, and to whom?").fill(REQUEST)
    page.context.clear_cookies()
    page.get_by_role("button", name="Understand").click()
    expect(page.get_by_text("You were signed out. Your draft is saved.")).to_be_visible()
    page.get_by_role("textbox", name="Email").fill(email_of("manager"))
    page.get_by_role("textbox", name="Password").fill("a quiet evening at the pool")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/campaigns/new$"))
    box = page.get_by_role("textbox", name="What should we send, and to whom?")
    expect(box).to_have_value(REQUEST)


def test_a_viewer_reads_and_has_nothing_to_press(site: Site) -> None:
    author = composed(site)
    page = site.page("viewer", author.url.removeprefix(site.url))
    expect(page.get_by_role("list", name="Understood as")).to_be_visible()
    for name in ("Update", "Add filter", "Submit for approval", "Preview on my phone"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    expect(page.get_by_role("link", name="New campaign")).to_have_count(0)


def test_without_script_the_composer_works_as_plain_pages(site: Site) -> None:
    page = site.page("manager", "/campaigns/new", script=False)
    page.get_by_role("textbox", name="What should we send, and to whom?").fill(ALL_CHANNELS)
    page.get_by_role("button", name="Understand").click()
    page.get_by_role("button", name="Remove Country filter").click()
    expect(page.get_by_role("button", name="Edit Country: Thailand")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Edit Country: Thailand")).to_be_visible()
    page.get_by_role("button", name="Submit for approval").click()
    dialog = page.get_by_role("dialog", name="Submit for approval")
    dialog.get_by_role("button", name=re.compile(r"^Submit \d+ messages")).click()
    expect(page.get_by_text("It waits for approval.")).to_be_visible()
