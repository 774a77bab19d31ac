"""The docs are true: every route, command, setting and spec name is documented and exists."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from campaigns import settings
from campaigns.api import (
    answering,
    automations,
    book,
    composing,
    imports,
    individual,
    intelligence,
    linking,
    machine,
    reach,
    rest,
    templates,
    variants,
    webhooks,
)
from campaigns.api import campaigns as campaign_routes
from campaigns.cli import app
from campaigns.web import linking as line_pages
from campaigns.web import pages

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


def read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def routes() -> Iterator[str]:
    for router in (
        campaign_routes.router,
        variants.router,
        individual.router,
        composing.router,
        automations.router,
        intelligence.router,
        rest.router,
        answering.router,
        book.router,
        imports.router,
        reach.router,
        templates.router,
        linking.router,
        line_pages.router,
        webhooks.router,
        machine.router,
        pages.router,
    ):
        for route in router.routes:
            for method in sorted(getattr(route, "methods", ())):
                if method != "HEAD":
                    yield f"{method} {route.path}"


def documented_routes() -> set[str]:
    return set(re.findall(r"^\| `([A-Z]+ /[^`]*)`", read("api.md"), re.MULTILINE))


def test_every_route_is_documented_and_every_documented_route_exists() -> None:
    own_pages = {"GET /openapi.json"}
    assert documented_routes() - own_pages == set(routes()) - own_pages


def commands(command: Any, path: str) -> Iterator[str]:
    children = getattr(command, "commands", None)
    if children is None:
        yield path
    else:
        for name, child in children.items():
            yield from commands(child, f"{path} {name}")


def test_every_command_is_documented_and_every_documented_command_exists() -> None:
    documented = set(re.findall(r"^\| `(campaigns [a-z ]+)`", read("cli.md"), re.MULTILINE))
    assert documented == set(commands(typer.main.get_command(app), "campaigns"))


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    rows = [line for line in read("settings.md").splitlines() if line.startswith("| `")]
    documented = {name for row in rows for name in re.findall(r"`([A-Z_]{6,})`", row.split("|")[1])}
    assert documented == {s.name for s in settings.names()}


@pytest.mark.parametrize(
    "name", ["backend/main_simple.py", "backend/test_campaign_system.py", "backend/venue_data.md"]
)
def test_the_names_of_the_specification_exist(name: str) -> None:
    assert (ROOT / name).is_file()


LINK = re.compile(r"\[[^\]]+\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)")


@pytest.mark.parametrize(
    "page", [*DOCS.rglob("*.md"), ROOT / "README.md"], ids=lambda p: p.relative_to(ROOT).as_posix()
)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_term_of_the_glossary_names_a_place_that_exists() -> None:
    for place in re.findall(
        r"`((?:model|book|flow|store|orchestrator|channels)/[\w/.]*)`", read("glossary.md")
    ):
        assert (ROOT / "backend" / "campaigns" / place).exists(), place
