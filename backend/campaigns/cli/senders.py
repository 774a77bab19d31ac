"""`sender`: who wrote a reply when its address does not say so."""

from typing import TYPE_CHECKING, Annotated

import typer

from campaigns.cli.campaigns import me
from campaigns.cli.console import as_json, out, refusing
from campaigns.cli.options import Book, Data, Json, Today, given, house
from campaigns.model.ids import ContactId, ReplyId

if TYPE_CHECKING:
    from campaigns.model.reply import Reply

app = typer.Typer(
    help="Say which customer a reply is from when its address does not.", no_args_is_help=True
)

Id = Annotated[str, typer.Argument(metavar="REPLY", help="The reply's id.")]


@app.command("set")
@refusing
def set_(
    reply: Id,
    customer: Annotated[str, typer.Argument(help="A customer's id, or its whole name.")],
    contact: Annotated[
        str, typer.Option(help="The id of the contact who wrote; left out where nobody knows.")
    ] = "",
    book: Book = None,
    data: Data = None,
    today: Today = None,
    json: Json = False,
) -> None:
    """Say who wrote; the whole talk from that address is theirs."""
    with house(given(book, data, today)) as services:
        found = services.editing.find(customer)
        contact_id = ContactId(contact) if contact else None
        _say(services.senders.say(ReplyId(reply), found.id, contact_id, me()), json=json)


@app.command()
@refusing
def undo(
    reply: Id, book: Book = None, data: Data = None, today: Today = None, json: Json = False
) -> None:
    """Take back who wrote."""
    with house(given(book, data, today)) as services:
        _say(services.senders.unsay(ReplyId(reply), me()), json=json)


def _say(found: "Reply", *, json: bool) -> None:
    from campaigns.api import shapes

    if json:
        as_json(shapes.stored_reply(found).model_dump(mode="json"))
        return
    who = found.sender.customer if found.sender else "nobody we know"
    out.print(f"{found.id} is from {who}. {found.suggestion.words}", highlight=False)
