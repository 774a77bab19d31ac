"""A real browser on a real server, and what it must never see."""

import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Queue

import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request
from tests.web.houses import PASSWORD, email_of

from campaigns.app import create_app
from campaigns.bootstrap import Services, opened
from campaigns.settings import Settings

CHROMIUM = os.environ.get("CAMPAIGNS_TEST_CHROMIUM", "/usr/bin/chromium")
ARGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
# Reported by the browser when a page breaks its content security policy.
WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation", (e) => window.violations.push(`${e.violatedDirective} ${e.blockedURI}`));
"""


def missing() -> str:
    """Why browser tests cannot run here; "" when they can."""
    found = shutil.which(CHROMIUM)
    return "" if found else f"there is no {CHROMIUM}: apt-get install chromium fonts-noto-core"


def start(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGS))


@contextmanager
def serving(
    settings: Settings, prepare: Callable[[Services], None], port: int = 0
) -> Iterator[tuple[Services, str]]:
    """Serve a house on `port`, or a free one, in a thread of its own; yield it and its address.

    The browser's driver keeps an event loop running in the test's thread, where the engine
    would refuse to start.
    """
    ready: Queue[tuple[Services, uvicorn.Server]] = Queue()
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        listening.listen()

        def live() -> None:
            with opened(settings, working=True) as services:
                prepare(services)
                config = uvicorn.Config(
                    create_app(services),
                    log_config=None,
                    access_log=False,
                    lifespan="off",
                    timeout_graceful_shutdown=1,
                )
                server = uvicorn.Server(config)
                ready.put((services, server))
                server.run(sockets=[listening])

        thread = threading.Thread(target=live)
        thread.start()
        services, server = ready.get(timeout=60)
        try:
            yield services, f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@dataclass
class Watched:
    """What pages did that they must not do."""

    origin: str
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    def asked(self, request: Request) -> None:
        if not request.url.startswith((self.origin, "data:", "about:")):
            self.foreign.append(request.url)

    def watch(self, page: Page) -> None:
        page.on("request", self.asked)
        page.on("pageerror", lambda e: self.errors.append(str(e)))
        page.on(
            "console",
            lambda m: self.violations.append(m.text) if "Content Security" in m.text else None,
        )

    def all(self) -> list[str]:
        return self.foreign + self.errors + self.violations


class Site:
    """The address, and pages of people on it."""

    def __init__(self, browser: Browser, url: str, services: Services | None = None) -> None:
        self.browser = browser
        self.url = url
        self._services = services
        self.watched = Watched(url)
        self._states: dict[str, object] = {}
        self._open: list[BrowserContext] = []

    @property
    def services(self) -> Services:
        """The services behind the pages, where they run in this process."""
        assert self._services is not None
        return self._services

    def page(
        self,
        role: str = "manager",
        path: str = "",
        *,
        viewport: dict[str, int] | None = None,
        theme: str = "light",
        script: bool = True,
    ) -> Page:
        """Open a page as somebody in a browser of their own."""
        context = self.browser.new_context(
            base_url=self.url,
            viewport=viewport or WIDE,  # type: ignore[arg-type]
            color_scheme=theme,  # type: ignore[arg-type]
            java_script_enabled=script,
            storage_state=self._state(role) if role else None,  # type: ignore[arg-type]
            reduced_motion="reduce",
            locale="en-GB",
        )
        context.set_default_timeout(15_000)
        context.add_init_script(WATCH)
        self._open.append(context)
        page = context.new_page()
        self.watched.watch(page)
        if path:
            page.goto(path)
        return page

    def _state(self, role: str) -> object:
        if role not in self._states:
            context = self.browser.new_context(base_url=self.url)
            answer = context.request.post(
                "/login",
                form={"email": email_of(role), "password": PASSWORD},
                max_redirects=0,
            )
            assert answer.status == 303
            self._states[role] = context.storage_state()
            context.close()
        return self._states[role]

    def close(self) -> list[str]:
        """Close every page; return what they must not have done."""
        for context in self._open:
            for page in context.pages:
                if not page.is_closed() and page.url.startswith(self.url):
                    self.watched.violations += page.evaluate("window.violations || []")
            context.close()
        self._open = []
        found = self.watched.all()
        self.watched = Watched(self.url)
        return found
