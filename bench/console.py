"""How light and quick the console is: bytes, requests, time to a usable page, filter, viewers.

`python bench/console.py` starts `campaigns serve` over an invented book of 1,000 customers and
opens it in Chromium. Each time is the median of several tries.
"""

import asyncio
import re
import sys
import tempfile
from pathlib import Path
from statistics import median
from threading import Thread

import httpx2
import psutil
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.support.server import Server, book_of, serving
from tests.web import browsing

CUSTOMERS = 1_000
TRIES = 7
VIEWERS = 50
PASSWORD = "a quiet evening at the pool"  # noqa: S105 - of an account that lives some seconds
FILTERED = """(words) => new Promise((seen) => {
  const field = document.querySelector("input[name=q]");
  const began = performance.now();
  new MutationObserver((_, watching) => {
    if (!document.querySelector("[role=status]").textContent.startsWith("1 ")) return;
    watching.disconnect();
    requestAnimationFrame(() => seen(performance.now() - began));
  }).observe(document.getElementById("main"), { childList: true, subtree: true, characterData: true });
  field.value = words;
  field.form.requestSubmit();
})"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        book = book_of(CUSTOMERS, Path(folder) / "book.md")
        options = ("--today", "2025-09-15", "--simulate")
        with serving(Path(folder) / "data", book, *options) as server:
            cookies = _first_account(server)
            browser = browsing.start(playwright)
            for path in ("/login", "/campaigns/new", "/customers"):
                _first_page(browser, server, cookies, path)
            _filter(browser, server, cookies)
            browser.close()
            # The browser's driver keeps an event loop in this thread.
            before = _memory(server)
            watching = Thread(target=asyncio.run, args=(_watch(server, cookies, before),))
            watching.start()
            watching.join()


def _first_account(server: Server) -> dict[str, str]:
    """Make the first account by the printed link; return its cookies."""
    assert server.process.stdout
    line = next(text for text in server.process.stdout if "/setup?token=" in text)
    token = re.findall(r"token=(\S+)", line)[0]
    form = {"token": token, "name": "Nok", "email": "nok@agency.example", "password": PASSWORD}
    with httpx2.Client(base_url=server.url) as client:
        assert client.post("/setup", data=form).status_code == 303
        return dict(client.cookies)


def _page(browser: Browser, server: Server, cookies: dict[str, str]) -> Page:
    context = browser.new_context(base_url=server.url, viewport=browsing.WIDE)  # type: ignore[arg-type]
    context.add_cookies([{"name": k, "value": v, "url": server.url} for k, v in cookies.items()])
    return context.new_page()


def _first_page(browser: Browser, server: Server, cookies: dict[str, str], path: str) -> None:
    """Print what a page costs whose files nobody has yet."""
    times, weights, counts = [], [], []
    for _ in range(TRIES):
        page = _page(browser, server, {} if path == "/login" else cookies)
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        sizes: list[float] = []
        session.on("Network.loadingFinished", lambda e, to=sizes: to.append(e["encodedDataLength"]))
        page.goto(path, wait_until="load")
        times.append(
            page.evaluate("performance.timing.loadEventEnd - performance.timing.navigationStart")
        )
        weights.append(sum(sizes))
        counts.append(len(sizes))
        page.context.close()
    print(
        f"{path}: {median(weights) / 1000:.1f} kB, {median(counts):.0f} requests, {median(times):.0f} ms"
    )


def _filter(browser: Browser, server: Server, cookies: dict[str, str]) -> None:
    """Print the time from a filter to its rows on the screen."""
    page = _page(browser, server, cookies)
    took = []
    for n in range(TRIES):
        page.goto("/customers", wait_until="load")
        took.append(page.evaluate(FILTERED, f"{900 + n:04d}"))
    print(f"filter of {CUSTOMERS:,} customers: {median(took):.0f} ms to the new rows")


def _memory(server: Server) -> float:
    return psutil.Process(server.process.pid).memory_info().rss / 1e6


def _told(server: Server, before: float) -> None:
    after = _memory(server)
    print(f"{VIEWERS} live viewers: {after - before:+.1f} MB (from {before:.0f} MB)")


async def _watch(server: Server, cookies: dict[str, str], before: float) -> None:
    """Hold so many streams open for some seconds."""
    limits = httpx2.Limits(max_connections=VIEWERS)
    async with httpx2.AsyncClient(
        base_url=server.url, cookies=cookies, limits=limits, timeout=30
    ) as client:

        async def look() -> None:
            async with client.stream("GET", "/live/inbox") as stream:
                assert stream.status_code == 200
                async for _ in stream.aiter_bytes():
                    pass

        viewers = [asyncio.create_task(look()) for _ in range(VIEWERS)]
        await asyncio.sleep(8)
        assert not any(v.done() for v in viewers)
        _told(server, before)
        for viewer in viewers:
            viewer.cancel()
        await asyncio.gather(*viewers, return_exceptions=True)


if __name__ == "__main__":
    main()
