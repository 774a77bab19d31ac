"""`automations`: requests that become campaigns again and again, each for review."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from campaigns.cli.campaigns import me
from campaigns.cli.console import as_json, out, refusing
from campaigns.cli.options import Book, Data, Json, Today, given, house
from campaigns.model.automation import Every, Weekday
from campaigns.model.ids import AutomationId

if TYPE_CHECKING:
    from campaigns.orchestrator.automations import Seen

app = typer.Typer(help="Requests that become campaigns regularly.", no_args_is_help=True)
Id = Annotated[str, typer.Argument(metavar="AUTOMATION", help="The automation's id.")]


@app.command("list")
@refusing
def list_automations(
    book: Book = None, data: Data = None, today: Today = None, json: Json = False
) -> None:
    """List automations, when each is due next, and what waits for a person."""
    from campaigns.api import automation_shapes as shapes

    with house(given(book, data, today)) as services:
        found, _ = services.automations.page("", 500)
        if json:
            as_json([shapes.automation(a).model_dump(mode="json") for a in found])
            return
        zone = services.house.timezone
        table = Table(box=None, pad_edge=False)
        table.add_column("Id", no_wrap=True, min_width=25)  # whole: it is what commands take
        for heading in ("Name", "When", "Next", "Last"):
            table.add_column(heading)
        for seen in found:
            table.add_row(*_row(seen, zone))
        out.print(table)
        for seen in found:
            if seen.attention:
                out.print(Text(f"! {seen.automation.id}: {seen.attention}", "yellow"))


def _row(seen: "Seen", zone: str) -> tuple[str, str, str, str, str]:
    from zoneinfo import ZoneInfo

    from campaigns.flow.rhythm import worded

    a = seen.automation
    due = seen.next_due_at
    following = f"{due.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if due else "off"
    latest = seen.latest.outcome.value.replace("_", " ") if seen.latest else "never ran"
    return a.id, a.name, worded(a.rhythm), following, latest


@app.command("add")
@refusing
def add(
    request: Annotated[str, typer.Argument(help="What to send, and to whom.")],
    every: Annotated[
        Every | None, typer.Option(help="How often, unless the request says it.")
    ] = None,
    at: Annotated[str, typer.Option(help="The hour, with --every.")] = "09:00",
    weekday: Annotated[Weekday | None, typer.Option(help="With --every week.")] = None,
    day: Annotated[int | None, typer.Option(help="With --every month: 1 to 31.")] = None,
    again_after: Annotated[
        int | None, typer.Option(help="Days before a customer may be proposed again.")
    ] = None,
    name: Annotated[str, typer.Option(help="What to call it.")] = "",
    book: Book = None,
    data: Data = None,
    today: Today = None,
    json: Json = False,
) -> None:
    """Set one up. It makes campaigns for review; it never approves and never sends."""
    from campaigns.api import automation_shapes as shapes
    from campaigns.cli import show

    body: dict[str, Any] = {
        "human_request": request,
        "again_after_days": again_after,
        "name": name,
    }
    if every is not None:
        rhythm = {"every": every.value, "at": at, "weekday": weekday and weekday.value, "day": day}
        body["rhythm"] = {key: value for key, value in rhythm.items() if value is not None}
    with house(given(book, data, today)) as services:
        seen = services.automations.create(body, me())
        plan, audience = services.automations.look(seen.automation)
        if json:
            as_json(shapes.means(seen, plan, audience).model_dump(mode="json"))
            return
        out.print(show.plan(plan))
        out.print(show.audience(audience))
        _, _, when, following, _ = _row(seen, services.house.timezone)
        out.print(f"{seen.automation.id} runs {when}, next {following}.", highlight=False)


@app.command("show")
@refusing
def show_automation(
    automation: Id, book: Book = None, data: Data = None, today: Today = None, json: Json = False
) -> None:
    """Show one with its latest runs and what each came to."""
    from campaigns.api import automation_shapes as shapes

    with house(given(book, data, today)) as services:
        seen = services.automations.get(AutomationId(automation))
        runs, _ = services.automations.runs(AutomationId(automation), "", 20)
        if json:
            whole = shapes.automation(seen).model_dump(mode="json")
            as_json(whole | {"runs": [shapes.run(r).model_dump(mode="json") for r in runs]})
            return
        a = seen.automation
        _, _, when, following, _ = _row(seen, services.house.timezone)
        out.print(f"{a.name}: {a.request or a.structured}", highlight=False)
        out.print(f"{when}, next {following}", highlight=False)
        for run in runs:
            out.print(f"{run.at:%Y-%m-%d %H:%M} UTC  {run.words}", highlight=False)


@app.command("pause")
@refusing
def pause(automation: Id, book: Book = None, data: Data = None, today: Today = None) -> None:
    """Switch one off; due times that pass meanwhile are not made up for."""
    _switch(automation, given(book, data, today), on=False)


@app.command("resume")
@refusing
def resume(automation: Id, book: Book = None, data: Data = None, today: Today = None) -> None:
    """Switch one on again, from now on."""
    _switch(automation, given(book, data, today), on=True)


def _switch(automation: str, options: dict[str, Any], *, on: bool) -> None:
    with house(options) as services:
        seen = services.automations.change(AutomationId(automation), {"active": on}, me())
        _, name, _, following, _ = _row(seen, services.house.timezone)
        out.print(f"{name}: next {following}", highlight=False)


@app.command("run")
@refusing
def run_now(
    automation: Id, book: Book = None, data: Data = None, today: Today = None, json: Json = False
) -> None:
    """Carry one out now, by the same rules."""
    from campaigns.api import automation_shapes as shapes

    with house(given(book, data, today)) as services:
        done = services.proposals.run_now(AutomationId(automation), me())
        if json:
            as_json(shapes.run(done).model_dump(mode="json"))
        else:
            out.print(done.words, highlight=False)


@app.command("remove")
@refusing
def remove(automation: Id, book: Book = None, data: Data = None, today: Today = None) -> None:
    """Remove one with its runs; the campaigns it made stay."""
    with house(given(book, data, today)) as services:
        services.automations.remove(AutomationId(automation), me())
        out.print(f"{automation} is removed.", highlight=False)
