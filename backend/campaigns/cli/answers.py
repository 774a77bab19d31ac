"""`answer`: words back to somebody who replied, and what became of them."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from campaigns.cli.campaigns import me
from campaigns.cli.console import as_json, out, refusing
from campaigns.cli.doubts import Decision
from campaigns.cli.options import Book, Data, Json, Simulate, Today, given, house
from campaigns.model.customer import Channel
from campaigns.model.ids import MessageId, ReplyId

if TYPE_CHECKING:
    from campaigns.model.message import Message

Id = Annotated[str, typer.Argument(metavar="REPLY", help="The reply's id.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Answer somebody who replied.", no_args_is_help=True)
    for command in (give, show, undo, decide):
        group.command(name=command.__name__)(refusing(command))
    app.add_typer(group, name="answer")


def give(
    reply: Id,
    text: Annotated[str, typer.Argument(help="The words to send.")],
    channel: Annotated[
        Channel | None, typer.Option(help="By this channel; the reply's own if absent.")
    ] = None,
    after: Annotated[
        str, typer.Option(help="The answer already given that you have read, to say more.")
    ] = "",
    confirm: Annotated[
        list[str] | None,
        typer.Option(help="Words without a source that you stand for; may be repeated."),
    ] = None,
    book: Book = None,
    data: Data = None,
    today: Today = None,
    simulate: Simulate = False,
    json: Json = False,
) -> None:
    """Queue an answer; `campaigns serve` or `worker` sends it once the hold is over."""
    from campaigns.api import shapes
    from campaigns.orchestrator.answering import Wanted

    wanted = Wanted(
        reply_id=ReplyId(reply),
        text=text,
        channel=channel,
        after=MessageId(after) if after else None,
        confirmed=frozenset(confirm or ()),
    )
    with house(given(book, data, today, simulate)) as services:
        answer = services.answering.give(wanted, me())
        if json:
            as_json(shapes.answer(answer).model_dump(mode="json"))
        else:
            _say(answer)


def show(
    reply: Id,
    book: Book = None,
    data: Data = None,
    today: Today = None,
    simulate: Simulate = False,
    json: Json = False,
) -> None:
    """Show what was answered, what became of it, and by which ways it may be."""
    from campaigns.api import shapes

    with house(given(book, data, today, simulate)) as services:
        found = services.answering.look(ReplyId(reply))
        if json:
            as_json(shapes.answered(found).model_dump(mode="json"))
            return
        for answer in found.answers:
            _say(answer)
        table = Table("Channel", "To", "Open", box=None, pad_edge=False)
        for way in found.ways:
            table.add_row(way.channel.value, way.address, way.closed or "yes")
        out.print(table)


def undo(
    reply: Id,
    book: Book = None,
    data: Data = None,
    today: Today = None,
    simulate: Simulate = False,
) -> None:
    """Take the newest answer back before it leaves."""
    with house(given(book, data, today, simulate)) as services:
        _say(services.answering.take_back(ReplyId(reply), me()))


def decide(
    reply: Id,
    decision: Annotated[Decision, typer.Argument()],
    why: Annotated[str, typer.Option(help="How you know.")],
    book: Book = None,
    data: Data = None,
    today: Today = None,
    simulate: Simulate = False,
) -> None:
    """Decide about the newest answer, failed or in doubt."""
    with house(given(book, data, today, simulate)) as services:
        _say(services.answering.decide(ReplyId(reply), decision.value, why, me()))


def _say(answer: "Message") -> None:
    why = f": {answer.reason}" if answer.reason else ""
    out.print(
        f"{answer.id} by {answer.channel.value} is {answer.status.value}{why}", highlight=False
    )
