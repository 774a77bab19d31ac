"""`templates`: what Meta says of our WhatsApp templates, and what waits for them."""

from typing import Annotated

import typer
from rich.table import Table

from campaigns.cli.campaigns import me
from campaigns.cli.console import as_json, out, refusing
from campaigns.cli.options import Data, Json, Simulate, given, house

templates = typer.Typer(help="WhatsApp templates at Meta.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The template's name.")]
Language = Annotated[str, typer.Argument(help="Its language: en, th.")]


@templates.command("list")
@refusing
def list_templates(data: Data = None, simulate: Simulate = False, json: Json = False) -> None:
    """List templates, how many messages wait for each, and what stands in their way."""
    from campaigns.api.templates import listed

    with house(given(None, data, None, simulate)) as services:
        found = listed(services.templates.all())
    if json:
        as_json(found.model_dump(mode="json"))
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("Template", no_wrap=True)  # `release` asks for all of it
    for title in ("Language", "At Meta", "Waiting", "Why not now"):
        table.add_column(title)
    for one in found.templates:
        table.add_row(
            one.name,
            one.language,
            ", ".join(filter(None, (one.status, one.category, one.quality))),
            str(one.waiting_messages),
            (one.trouble or "").removeprefix(f"template {one.name} ({one.language}) "),
        )
    out.print(table if found.templates else "No template is known or wanted yet.")


@templates.command("sync")
@refusing
def sync(data: Data = None) -> None:
    """Ask Meta for every template of the account now."""
    with house(given(None, data, None)) as services:
        changed = services.templates.sync(me())
    typer.echo(f"{changed} changed.")


@templates.command("submit")
@refusing
def submit(
    names: Annotated[list[str] | None, typer.Argument(help="Which; all that are wanted.")] = None,
    data: Data = None,
) -> None:
    """Submit for approval what unsent messages want and Meta does not have."""
    with house(given(None, data, None)) as services:
        done = services.templates.submit(me(), names or ())
    for one in done:
        typer.echo(f"{one.name} ({one.language}): {'; '.join(one.refused) or one.status.value}")
    if not done:
        typer.echo("Nothing to submit: Meta has every template that unsent messages want.")
    if any(one.refused for one in done):
        raise typer.Exit(1)


@templates.command("release")
@refusing
def release(name: Name, language: Language, data: Data = None) -> None:
    """Accept the category Meta gave a template, or end a stop of our own."""
    with house(given(None, data, None)) as services:
        known = services.templates.release(name, language, me())
    typer.echo(f"{name} ({language}): {known.trouble or 'may be sent again'}.")
