"""The whole job in a real browser, from an empty install to inbox zero, on a server process."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.support.server import Server, serving
from tests.web.browsing import PHONE, Site
from tests.web.houses import ALL_CHANNELS, PASSWORD

from campaigns.bootstrap import sample_book

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LONG_MS = 60_000


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Server]:
    book = tmp_path / "venue_data.md"
    book.write_bytes(sample_book().read_bytes())
    options = ("--today", "2025-09-15", "--simulate")
    quick = {"CAMPAIGNS_HOLD_SECONDS": "0", "CAMPAIGNS_SIMULATOR_SPEED": "20"}
    with serving(tmp_path / "data", book, *options, **quick, CAMPAIGNS_FOUR_EYES="true") as server:
        yield server


def set_up(page: Page, server: Server) -> None:
    assert server.process.stdout
    line = next(text for text in server.process.stdout if "/setup?token=" in text)
    page.goto(re.findall(r"/setup\S+", line)[0])
    page.get_by_label("Name").fill("Nok P.")
    page.get_by_label("Email").fill("nok@agency.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button").first.click()
    expect(page.get_by_role("heading", name="New campaign")).to_be_visible()


def invite(page: Page, name: str, role: str) -> str:
    """Invite somebody; return the path of their link."""
    page.goto("/settings/people")
    page.get_by_role("button", name="Invite").click()
    dialog = page.get_by_role("dialog", name="Invite")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_label("Email").fill(f"{name.split(maxsplit=1)[0].lower()}@agency.example")
    dialog.get_by_role("combobox").select_option(role)
    dialog.get_by_role("button", name="Make the invitation").click()
    link = page.get_by_role("textbox", name=f"Link for {name}").input_value()
    return link[link.index("/welcome/") :]


def test_from_an_empty_install_to_inbox_zero(browser: Browser, fresh: Server) -> None:
    site = Site(browser, fresh.url)
    admin = site.page("")
    set_up(admin, fresh)

    approver = site.page("", invite(admin, "Arun S.", "Approver"), viewport=PHONE, theme="dark")
    approver.get_by_role("textbox", name="Password").fill(PASSWORD)
    approver.get_by_role("button", name="Start").click()

    admin.goto("/campaigns/new")
    admin.get_by_role("textbox", name="What should we send, and to whom?").fill(ALL_CHANNELS)
    admin.get_by_role("button", name="Understand").click()
    expect(admin.get_by_role("list", name="Understood as")).to_be_visible(timeout=LONG_MS)
    admin.get_by_role("button", name="Submit for approval").click()
    dialog = admin.get_by_role("dialog", name="Submit for approval")
    dialog.get_by_role("button", name=re.compile("^Submit")).click()
    expect(admin.get_by_text("It waits for approval.")).to_be_visible()

    approver.get_by_role("link", name="Approvals").click()
    waiting = approver.get_by_role("region", name=re.compile("^Waiting for you"))
    waiting.get_by_role("link").first.click()
    approver.get_by_role("button", name=re.compile(r"^Approve \d+ messages")).click()
    expect(approver.get_by_role("status").get_by_text("Approved")).to_be_visible()

    admin.get_by_role("button", name=re.compile("^Send test to ")).click(timeout=LONG_MS)
    expect(admin.get_by_text("The test is through")).to_be_visible(timeout=LONG_MS)
    admin.get_by_role("button", name=re.compile("^Send to ")).click()
    sending = admin.get_by_role("dialog", name=re.compile(r"^Send \d+ messages"))
    sending.get_by_role("button", name="Send", exact=True).click()
    expect(admin.get_by_role("region", name=re.compile("^(All sent|Sent)$"))).to_be_visible(
        timeout=LONG_MS
    )

    fresh.client.post(
        "/api/campaigns/response",
        json={"identifier": "+66856644142", "message": "Who do I pay?", "channel": "whatsapp"},
    )
    admin.goto("/inbox")
    everything = admin.get_by_role("heading", name="No replies waiting")
    for _ in range(30):
        if everything.is_visible():
            break
        admin.get_by_role("button", name="Done").click()
        expect(admin.get_by_role("status").get_by_text("Done")).to_be_visible()
        admin.goto("/inbox")
    expect(everything).to_be_visible()
    assert site.close() == []
