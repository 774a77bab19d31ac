"""A page goes on by itself after its server was started again."""

import re
import socket
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.web.browsing import Site, serving
from tests.web.houses import PEOPLE, chosen, populate
from tests.web.test_browser_life import approved

from campaigns.model.access import Actor, Scope

pytestmark = pytest.mark.browser

SENDER = Actor(name=PEOPLE["manager"][0], scopes=frozenset({Scope.READ, Scope.SEND}))
AGAIN_MS = 30_000


def test_a_page_goes_on_after_the_server_was_started_again(
    browser: Browser, tmp_path: Path
) -> None:
    settings = chosen(tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with serving(settings, populate, port) as (services, url):
        site = Site(browser, url, services)
        campaign_id = approved(site)
        page = site.page("manager", f"/campaigns/{campaign_id}")
        expect(page.get_by_role("region", name="Ready to send")).to_be_visible()
    expect(page.get_by_text("Connection lost. Retrying…")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^as of \d\d:\d\d$"))).to_be_visible()
    with serving(settings, lambda services: None, port) as (services, _):
        expect(page.get_by_text("Connection lost. Retrying…")).to_be_hidden(timeout=AGAIN_MS)
        services.sends.send(campaign_id, SENDER, (), services.clock.now().replace(hour=23))
        expect(page.get_by_role("region", name="Scheduled")).to_be_visible(timeout=AGAIN_MS)
        page.context.close()
