"""Seven tabs share the six connections a browser allows one host."""

import pytest
from playwright.sync_api import Page, expect
from tests.web.browsing import Site
from tests.web.houses import PEOPLE
from tests.web.test_browser_life import approved

from campaigns.model.access import Actor, Scope

pytestmark = pytest.mark.browser

SENDER = Actor(name=PEOPLE["manager"][0], scopes=frozenset({Scope.READ, Scope.SEND}))
TABS = 7
AGAIN_MS = 30_000
# Headless tabs all count as visible; this is what a browser says to one that is covered.
SHOW = """(state) => {
  Object.defineProperty(document, "visibilityState", { get: () => state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
}"""


def test_a_seventh_tab_works_and_the_first_goes_on_when_it_is_looked_at_again(site: Site) -> None:
    campaign_id = approved(site)
    first = site.page("manager", f"/campaigns/{campaign_id}")
    tabs: list[Page] = [first]
    for _ in range(TABS - 1):
        tabs[-1].evaluate(SHOW, "hidden")
        page = first.context.new_page()
        # A tab without a connection waits for ever; one on a busy machine only a while.
        page.goto(f"/campaigns/{campaign_id}", timeout=2 * AGAIN_MS)
        tabs.append(page)
    last = tabs[-1]
    last.get_by_role("link", name="Approvals").click()
    expect(last.get_by_role("heading", name="Approvals", exact=True)).to_be_visible()
    last.evaluate(SHOW, "hidden")
    first.evaluate(SHOW, "visible")
    site.services.sends.send(campaign_id, SENDER, (), site.services.clock.now().replace(hour=23))
    expect(first.get_by_role("region", name="Scheduled")).to_be_visible(timeout=AGAIN_MS)
