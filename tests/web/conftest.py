"""A house with people of every role, clients signed in as them, and a browser on a real server."""

import os
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from starlette.testclient import TestClient
from tests.web import browsing
from tests.web.houses import PASSWORD, chosen, email_of, populate

from campaigns.app import create_app
from campaigns.bootstrap import Services, opened

PATIENCE_S = 30.0
# A busy machine shows late what it shows; what is there at once takes no longer for it.
expect.set_options(timeout=20_000)

Until = Callable[[Callable[[], bool]], None]
SignIn = Callable[[str], TestClient]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """One working house a module: starting the engine takes a second."""
    with opened(chosen(tmp_path_factory.mktemp("house")), working=True) as services:
        populate(services)
        yield services


@pytest.fixture(scope="module")
def signed_in(house: Services) -> Iterator[SignIn]:
    """Clients by role; each signs in once."""
    app = create_app(house)
    made: dict[str, TestClient] = {}

    def client(role: str) -> TestClient:
        if role not in made:
            made[role] = TestClient(app, follow_redirects=False)
            if role != "stranger":
                form = {"email": email_of(role), "password": PASSWORD}
                assert made[role].post("/login", data=form).status_code == 303
        return made[role]

    yield client
    for one in made.values():
        one.close()


@pytest.fixture
def until() -> Until:
    """Wait until something happened, or fail."""

    def wait(happened: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not happened():
            assert time.monotonic() < deadline, "it did not happen in time"
            threading.Event().wait(0.05)

    return wait


# --- a real browser -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium a module: its driver's event loop must be gone when others open a house."""
    if why := browsing.missing():
        if os.environ.get("CAMPAIGNS_CI"):
            pytest.fail(why)
        pytest.skip(why)
    with sync_playwright() as playwright:
        started = browsing.start(playwright)
        yield started
        started.close()


@pytest.fixture(scope="module")
def served(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[browsing.Site]:
    """A house with people, served on a port of this machine."""
    folder = tmp_path_factory.mktemp("site")
    with browsing.serving(chosen(folder, campaigns_hold_seconds=6), populate) as (services, url):
        yield browsing.Site(browser, url, services)


@pytest.fixture
def site(served: browsing.Site) -> Iterator[browsing.Site]:
    """The site for one test; fails when a page asked elsewhere, broke its policy or raised."""
    yield served
    assert served.close() == []
