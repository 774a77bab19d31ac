"""The terminal: one console, what every command prints on it, and errors in plain words."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import typer
from rich.console import Console
from rich.markup import escape

from campaigns.model.errors import Among, CampaignError, NotFound

P = ParamSpec("P")
R = TypeVar("R")

LISTS = {
    Among.AUTOMATIONS: "campaigns automations list",
    Among.CAMPAIGNS: "campaigns campaigns",
    Among.CHANGES: "campaigns book changes",
    Among.KEYS: "campaigns keys list",
    Among.LINES: "campaigns ai lines",
    Among.MESSAGES: "campaigns preview CAMPAIGN --samples 1000",
    Among.PEOPLE: "campaigns people list",
    Among.REPLIES: "campaigns replies",
    Among.TEMPLATES: "campaigns templates list",
}

out = Console()
err = Console(stderr=True)


def as_json(value: Any) -> None:
    """Print JSON for scripts."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def refusing(command: Callable[P, R]) -> Callable[P, R]:
    """End a command on an error of the product with exit code 1 and the sentence."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except CampaignError as error:
            told = escape(f"{error}{_way_on(error)}")
            err.print(f"[bold red]{error.title}.[/] {told}", highlight=False)
            raise typer.Exit(1) from error

    return run


def _way_on(error: CampaignError) -> str:
    listed = LISTS.get(error.among) if isinstance(error, NotFound) and error.among else None
    return f" List them: {listed}" if listed else ""
