"""`campaigns reach`: how many customers can be written to, and what says so; `link`: one more."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from campaigns.cli.campaigns import me
from campaigns.cli.console import as_json, err, out, refusing
from campaigns.cli.options import Book, Data, Json, Simulate, Today, given, house
from campaigns.model.customer import Channel

if TYPE_CHECKING:
    from campaigns.book.reach import Step
    from campaigns.bootstrap import Services
    from campaigns.model.customer import Contact

BRANDS_SHOWN = 15


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("reach")(refusing(reach))
    app.command("link")(refusing(link))


def link(
    name: Annotated[str, typer.Argument(metavar="CUSTOMER", help="Its name, or a part of it.")],
    contact: Annotated[
        str | None,
        typer.Argument(metavar="[CONTACT]", help="Name, role or id; those without LINE if absent."),
    ] = None,
    book: Book = None,
    data: Data = None,
    today: Today = None,
    json: Json = False,
) -> None:
    """Make the page by which a contact becomes known on LINE, to be sent to that contact alone."""
    with house(given(book, data, today)) as services:
        customer, _ = services.customers.get(services.editing.find(name).id)
        wanted = (contact or "").casefold()
        found = [
            c
            for c in customer.contacts
            if not wanted or wanted in (c.id.casefold(), c.role_written.casefold(), _named(c))
        ]
        if contact is None or len(found) != 1:
            said = f"{customer.name}: which contact?" if found else f"no contact {contact!r}"
            err.print(said, highlight=False)
            for c in customer.contacts:
                known = "has a LINE id" if c.address(Channel.LINE) else c.id
                err.print(f"  {c.name or 'no name'}, {c.role_written} [dim]({known})[/]")
            raise typer.Exit(1)
        made = services.linking.invite(customer.id, found[0].id, me())
        if json:
            as_json({"customer": made.customer, "contact": made.contact, "url": made.page_url})
            return
        out.print(made.page_url, highlight=False, soft_wrap=True)
        out.print(
            f"[dim]For {made.contact or found[0].role_written} alone, until {made.ends_at}[/]"
        )


def _named(contact: "Contact") -> str:
    return (contact.name or "").casefold()


def reach(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[CUSTOMER]", help="One customer: each address, what allows it."),
    ] = None,
    months: Annotated[int, typer.Option(min=1, max=120, help="How many months ahead.")] = 12,
    book: Book = None,
    data: Data = None,
    today: Today = None,
    simulate: Simulate = False,
    json: Json = False,
) -> None:
    """Show the funnel from customers to reachable, by brand and by the month they end."""
    with house(given(book, data, today, simulate)) as services:
        if name is not None:
            _one(services, name, json=json)
        elif json:
            from campaigns.api.reach import shape

            as_json(shape(services.reaching.funnel(months)).model_dump(mode="json"))
        else:
            _funnel(services, months)


def _funnel(services: "Services", months: int) -> None:
    found = services.reaching.funnel(months)
    out.print(_table("All", [found.total]))
    out.print(_table("Contract ends", found.months))
    out.print(_table("Brand", found.brands[:BRANDS_SHOWN]))
    if len(found.brands) > BRANDS_SHOWN:
        out.print(f"… and {len(found.brands) - BRANDS_SHOWN} more brands (--json)")
    by = ", ".join(f"{channel.value} {n}" for channel, n in found.channels.items())
    out.print(f"Reachable by: {by}", highlight=False)
    for why, n in found.blocked.items():
        out.print(f"Not used: {n} addresses: {why}", highlight=False)


def _table(title: str, steps: "Iterable[Step]") -> Table:
    table = Table(title, box=None, pad_edge=False)
    for heading in ("Customers", "Somebody named", "With an address", "Reachable"):
        table.add_column(heading, justify="right")
    for s in steps:
        share = f"{s.reachable} ({s.reachable / s.customers:.0%})" if s.customers else "0"
        table.add_row(s.key, str(s.customers), str(s.named), str(s.addressed), share)
    return table


def _one(services: "Services", name: str, *, json: bool) -> None:
    from campaigns.api.reach import standing

    customer, found = services.reaching.of(services.editing.find(name).id)
    if json:
        as_json([standing(s).model_dump(mode="json") for s in found])
        return
    out.print(f"[bold]{customer.name}[/]: {len(found)} addresses", highlight=False)
    for s in found:
        mark = "[green]✓[/]" if s.allowed else f"[red]✗ {s.why}[/]"
        when = f", {s.at:%Y-%m-%d}" if s.at else ""
        out.print(
            f"{mark} {s.role}: {s.contact or 'no name'}, {s.channel.value} {s.address} "
            f"[dim]({s.source}{when}: {s.text})[/]",
            highlight=False,
            soft_wrap=True,
        )
