"""The terminal: one console, what every command prints on it, and errors in plain words."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import typer
from rich.console import Console

from campaigns.model.errors import CampaignError

P = ParamSpec("P")
R = TypeVar("R")

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
            err.print(f"[bold red]{error.title}.[/] {error}", highlight=False)
            raise typer.Exit(1) from error

    return run
