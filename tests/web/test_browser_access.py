"""Every screen and state is usable with a screen reader, at both widths, light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from tests.web.browsing import PHONE, WIDE, Site
from tests.web.gallery import Screen, furnish

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# What a thumb must hit: 40 px both ways. A box counts with its label, a link in a text not at all.
SMALL = """() => [...document.querySelectorAll("a, button, input, select, textarea, summary")].flatMap((it) => {
  if (!it.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return [];
  if (it.matches(".go")) return []; // all of its row is the target
  const whole = ["checkbox", "radio"].includes(it.type) ? it.closest("label") : it;
  const { width, height } = whole.getBoundingClientRect();
  const small = width > 1 && Math.min(width, height) < 39.5 && getComputedStyle(it).display !== "inline";
  return small ? [`${Math.round(width)} x ${Math.round(height)} px: ${it.outerHTML.slice(0, 120)}`] : [];
})"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def screens(served: Site) -> list[Screen]:
    return list(furnish(served.services))


@pytest.mark.parametrize(("viewport", "theme"), [(WIDE, "light"), (PHONE, "dark")])
def test_no_screen_has_an_accessibility_violation_or_scrolls_sideways(
    site: Site, screens: list[Screen], viewport: dict[str, int], theme: str
) -> None:
    pages: dict[str, Page] = {}
    found: dict[str, object] = {}
    for screen in screens:
        if screen.role not in pages:
            pages[screen.role] = site.page(screen.role, viewport=viewport, theme=theme)
        page = pages[screen.role]
        page.goto(screen.path)
        if screen.press:
            screen.press(page)
        if wrong := _violations(page) + (page.evaluate(SMALL) if viewport is PHONE else []):
            found[screen.name] = wrong
        page.context.set_offline(False)
    assert found == {}


def _violations(page: Page) -> list[str]:
    wrong = [
        f"{v['id']}: {node['html'][:120]}"
        for v in Axe().run(page).response["violations"]
        for node in v["nodes"]
    ]
    over = page.evaluate(SIDEWAYS)
    return [*wrong, f"scrolls {over} px sideways"] if over else wrong
