"""`people`: who may sign in to the console, for whoever owns the data folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from campaigns.cli.campaigns import me
from campaigns.cli.console import as_json, out, refusing
from campaigns.cli.options import Data, Json, given, house
from campaigns.model.people import ROLE_WORDS, Person, PersonRole

if TYPE_CHECKING:
    from campaigns.bootstrap import Services

people = typer.Typer(help="Who may sign in to the console.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="Their e-mail address.")]
Role = Annotated[
    PersonRole, typer.Argument(metavar="ROLE", help="viewer, manager, approver, admin")
]
AT_HOME = "http://127.0.0.1:8000"  # where `campaigns serve` listens when nothing else is said


@contextmanager
def _opened(data: Data) -> Iterator["Services"]:
    with house(given(None, data, None)) as services:
        yield services


@people.command("list")
@refusing
def list_people(data: Data = None, json: Json = False) -> None:
    """List everybody with an account."""
    with _opened(data) as services:
        found = services.people.all()
    if json:
        as_json([_told(p) for p in found])
        return
    table = Table("Name", "Email", "Role", "State", "Last seen", box=None, pad_edge=False)
    for p in found:
        seen = f"{p.seen_at:%Y-%m-%d %H:%M}" if p.seen_at else "never"
        table.add_row(p.name, p.email, ROLE_WORDS[p.role], _state(p), seen)
    out.print(table)


@people.command("add")
@refusing
def add(
    name: Annotated[str, typer.Argument(help="How colleagues and the audit trail know them.")],
    email: Email,
    role: Role = PersonRole.MANAGER,
    data: Data = None,
) -> None:
    """Make an account and print the link with which its owner chooses a password."""
    with _opened(data) as services:
        person, token = services.people.invite(name, email, role, me())
        typer.echo(_link(services, token))
        typer.echo(
            f"{person.name} is invited as {ROLE_WORDS[role]}. Give them this link; it works once, "
            "for seven days.",
            err=True,
        )


@people.command("role")
@refusing
def change_role(email: Email, role: Role, data: Data = None) -> None:
    """Give somebody another role, from their next page on."""
    with _opened(data) as services:
        person = services.people.change_role(services.people.find(email).id, role, me())
        typer.echo(f"{person.name} is now {ROLE_WORDS[person.role]}.")


@people.command("link")
@refusing
def link(email: Email, data: Data = None) -> None:
    """Print a new link with which somebody chooses a password: invited again, or forgotten."""
    with _opened(data) as services:
        person = services.people.find(email)
        typer.echo(_link(services, services.people.reset(person.id, me())))
        typer.echo(f"For {person.name}; it works once, for seven days.", err=True)


@people.command("disable")
@refusing
def disable(email: Email, data: Data = None) -> None:
    """Lock somebody out at once; what they did stays under their name."""
    with _opened(data) as services:
        person = services.people.deactivate(services.people.find(email).id, me())
        typer.echo(f"{person.name} is locked out.")


@people.command("enable")
@refusing
def enable(email: Email, data: Data = None) -> None:
    """Let somebody in again with the password they had."""
    with _opened(data) as services:
        person = services.people.reactivate(services.people.find(email).id, me())
        typer.echo(f"{person.name} may sign in again.")


def _link(services: "Services", token: str) -> str:
    from campaigns.orchestrator.people import way_in

    base = services.house.public_url or AT_HOME
    return way_in(base, token, by_password=services.settings.campaigns_password_sign_in)


def _state(person: Person) -> str:
    if person.deactivated_at:
        return "disabled"
    return "active" if person.arrived else "invited"


def _told(person: Person) -> dict[str, object]:
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "role": person.role.value,
        "state": _state(person),
        "seen_at": person.seen_at.isoformat() if person.seen_at else None,
    }
