"""`keys`, `audit`, `db` and `doctor`."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from campaigns.cli.campaigns import me
from campaigns.cli.console import as_json, out, refusing
from campaigns.cli.options import Book, Data, Json, Simulate, Today, given, house
from campaigns.model.access import Scope
from campaigns.model.customer import Channel
from campaigns.model.ids import KeyId
from campaigns.model.retention import Kept

if TYPE_CHECKING:
    from campaigns.bootstrap.databases import Copied

keys = typer.Typer(help="API keys: make, list, revoke.", no_args_is_help=True)
audit = typer.Typer(help="The audit trail.", no_args_is_help=True)
channel = typer.Typer(help="The channels.", no_args_is_help=True)
db = typer.Typer(help="The database.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add `doctor`."""
    app.command(name="doctor")(refusing(doctor))


@keys.command("create")
@refusing
def create(
    owner: Annotated[str, typer.Argument(help="Whose key it is.")],
    scope: Annotated[list[Scope] | None, typer.Option(help="What it may do; repeat it.")] = None,
    days: Annotated[int | None, typer.Option(min=1, help="How long it is valid.")] = None,
    data: Data = None,
) -> None:
    """Make a key and show it once."""
    with house(given(None, data, None)) as services:
        expires = services.clock.now() + timedelta(days=days) if days else None
        scopes = frozenset(scope or [Scope.READ])
        made, secret = services.access.create_key(owner, scopes, me(), expires)
        typer.echo(secret)
        typer.echo(
            f"{made.id} for {owner}: {', '.join(sorted(s.value for s in made.scopes))}. "
            "It is not shown again.",
            err=True,
        )


@keys.command("list")
@refusing
def list_keys(data: Data = None, json: Json = False) -> None:
    """List keys; their secrets are not known to anybody."""
    from campaigns.api import shapes

    with house(given(None, data, None)) as services:
        found = services.access.list_keys()
        if json:
            as_json([shapes.key(k).model_dump(mode="json") for k in found])
            return
        table = Table("Id", "Owner", "Scopes", "Made", "Ends", box=None, pad_edge=False)
        for k in found:
            ends = "revoked" if k.revoked_at else k.expires_at or "never"
            scopes = ", ".join(sorted(s.value for s in k.scopes))
            table.add_row(k.id, k.owner, scopes, f"{k.created_at:%Y-%m-%d}", str(ends))
        out.print(table)


@keys.command("revoke")
@refusing
def revoke(key_id: Annotated[str, typer.Argument()], data: Data = None) -> None:
    """Revoke a key at once."""
    with house(given(None, data, None)) as services:
        services.access.revoke_key(KeyId(key_id), me())
        typer.echo(f"{key_id} is revoked.")


@audit.command("verify")
@refusing
def verify(data: Data = None) -> None:
    """Check that no entry of the trail was changed, removed or added afterwards."""
    with house(given(None, data, None)) as services:
        entries, broken = services.access.verify_audit()
        if broken is not None:
            typer.echo(f"The trail is broken at entry {broken} of {entries}.", err=True)
            raise typer.Exit(1)
        typer.echo(f"The trail is whole: {entries} entries.")


@channel.command("reopen")
@refusing
def reopen(
    name: Annotated[
        Channel | None, typer.Argument(metavar="[CHANNEL]", help="Every stopped one if absent.")
    ] = None,
    data: Data = None,
) -> None:
    """Let a channel send again that was stopped, or whose credentials were repaired."""
    with house(given(None, data, None)) as services:
        stopped = list(services.progress.halted())
        for one in [name] if name else stopped:
            services.sends.reopen(one, me())
            typer.echo(f"{one.value} may send again.")
        if not (name or stopped):
            typer.echo("No channel is stopped.")


@channel.command("stop")
@refusing
def stop(
    why: Annotated[str, typer.Option(help="Why; it is shown wherever messages wait.")],
    name: Annotated[
        Channel | None, typer.Argument(metavar="[CHANNEL]", help="Every channel if absent.")
    ] = None,
    data: Data = None,
) -> None:
    """Let nothing more leave on a channel, or on any, until it is reopened."""
    with house(given(None, data, None)) as services:
        stopped = [name] if name else list(Channel)
        services.sends.stop(stopped, why, me())
        typer.echo(f"Stopped: {', '.join(c.value for c in stopped)}.")


@db.command("upgrade")
@refusing
def upgrade(data: Data = None) -> None:
    """Bring the database's tables up to this version."""
    with house(given(None, data, None)) as services:
        typer.echo(f"The database is up to date ({services.store.engine.dialect.name}).")


@db.command("prune")
@refusing
def prune(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Count what is old; remove nothing.")
    ] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Remove now what is older than it is to be kept; the server does so every day."""
    with house(given(None, data, None)) as services:
        keeping = services.retention.keeping
        old = services.retention.due() if dry_run else services.retention.prune()
    if json:
        as_json({kind.value: rows for kind, rows in old.items()})
        return
    table = Table("What", "Kept for", "Old" if dry_run else "Removed", box=None, pad_edge=False)
    for kind in Kept:
        days = keeping.days(kind)
        table.add_row(kind.value, f"{days} days" if days else "ever", str(old.get(kind, 0)))
    out.print(table)


@db.command("copy")
@refusing
def copy(
    back: Annotated[
        bool, typer.Option("--back", help="From CAMPAIGNS_DATABASE_URL to the data folder.")
    ] = False,
    data: Data = None,
) -> None:
    """Copy the data folder's SQLite to the PostgreSQL that CAMPAIGNS_DATABASE_URL names."""
    from campaigns import settings
    from campaigns.bootstrap import databases

    rows = 0

    def each(done: "Copied") -> None:
        nonlocal rows
        rows += done.rows
        typer.echo(f"{done.table:20} {done.rows:>10}")

    chosen = settings.read(**given(None, data, None))
    source = databases.copied(chosen, back=back, each=each)
    typer.echo(
        f"Copied {rows} rows, counted on both sides. {source} is not worked on any more; "
        "nothing in it was removed."
    )


@db.command("reinstate")
@refusing
def reinstate(data: Data = None) -> None:
    """Let a database be worked on again that was copied to another one."""
    from campaigns import settings
    from campaigns.bootstrap import databases

    databases.reinstated(settings.read(**given(None, data, None)), me())
    typer.echo("It may be worked on again. See to it that its copy is not.")


@db.command("rekey")
@refusing
def rekey(data: Data = None) -> None:
    """Sign links with the key set now; those in earlier mails stop working."""
    from campaigns import settings
    from campaigns.bootstrap import databases

    databases.key_adopted(settings.read(**given(None, data, None)), me())
    typer.echo("The key is the database's own now. Set the same on every machine.")


def doctor(
    book: Book = None,
    data: Data = None,
    today: Today = None,
    simulate: Simulate = False,
    json: Json = False,
) -> None:
    """Say what is configured, what is missing and how to get it."""
    from campaigns.cli.doctor import diagnose

    with house(given(book, data, today, simulate)) as services:
        findings = diagnose(services)
    if json:
        as_json([{"ok": f.ok, "what": f.what, "next": f.next_step} for f in findings])
    else:
        for f in findings:
            mark = "[green]✓[/]" if f.ok else "[red]✗[/]"
            out.print(f"{mark} {f.what}", highlight=False)
            if f.next_step:
                out.print(f"  → {f.next_step}", highlight=False, style="dim")
    if not all(f.ok for f in findings):
        raise typer.Exit(1)
