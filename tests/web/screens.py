"""Write a picture of every screen and state: `make screens`, then look at them."""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright
from tests.web import browsing
from tests.web.gallery import Screen, furnish
from tests.web.houses import chosen, populate

LOOKS = (("1440", browsing.WIDE, "light"), ("390", browsing.PHONE, "light"))
DARK = (("dark", browsing.WIDE, "dark"), ("390-dark", browsing.PHONE, "dark"))
IN_DARK = frozenset(
    {"compose", "compose-blocked", "compose-thai", "done", "paused", "inbox", "customers", "login"}
    | {"inbox-answer-failed", "inbox-answer-claims", "inbox-answered"}
    | {
        "compose-confirm",
        "done-retry",
        "review-again",
        "schedule-far",
        "review-by-itself",
        "review",
        "campaigns",
        "settings-channels",
        "audit",
        "compose-submit",
    }
)


def main() -> int:
    """Write the pictures; say why when there is no browser."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("folder", type=Path, nargs="?", default=Path("screens"))
    ask.add_argument("--only", default="", help="screens whose name holds this")
    given = ask.parse_args()
    if why := browsing.missing():
        print(why, file=sys.stderr)
        return 1
    given.folder.mkdir(exist_ok=True)
    count = 0
    for picture in pictures(given.folder, given.only):
        count += 1
        print(picture)
    print(f"{count} pictures in {given.folder}")
    return 0


def pictures(folder: Path, only: str) -> Iterator[Path]:
    """Yield each picture as it is written."""
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        settings = chosen(Path(data), campaigns_hold_seconds=0)
        browser = browsing.start(playwright)
        with browsing.serving(settings, populate) as (services, url):
            site = browsing.Site(browser, url, services)
            for screen in furnish(services):
                if only in screen.name:
                    yield from _of(site, screen, folder)
        browser.close()


def _of(site: browsing.Site, screen: Screen, folder: Path) -> Iterator[Path]:
    for look, viewport, theme in LOOKS + (DARK if screen.name in IN_DARK else ()):
        page = site.page(screen.role, screen.path, viewport=viewport, theme=theme)
        if screen.press:
            screen.press(page)
        page.wait_for_timeout(150)
        at = folder / f"{screen.name}-{look}.png"
        page.screenshot(path=at)
        page.context.close()
        yield at


if __name__ == "__main__":
    sys.exit(main())
