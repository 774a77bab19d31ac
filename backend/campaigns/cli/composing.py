"""`recompose` and `confirm`: a draft that the book says otherwise of, and words to answer for."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from campaigns.cli.campaigns import Id, me
from campaigns.cli.console import as_json, out, refusing
from campaigns.cli.options import Book, Data, Json, Today, given, house
from campaigns.model.ids import CampaignId, MessageId
from campaigns.model.wording import plural

if TYPE_CHECKING:
    from campaigns.orchestrator.recomposing import Drift


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (recompose, confirm):
        app.command(name=command.__name__)(refusing(command))


def recompose(
    campaign: Id,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what changed, and write nothing.")
    ] = False,
    book: Book = None,
    data: Data = None,
    today: Today = None,
    json: Json = False,
) -> None:
    """Write to those anew of whom the customer book says something else since it was composed.

    Words changed by hand stay and are checked again; an approval is void.
    """
    from campaigns.api import composing

    wanted = CampaignId(campaign)
    with house(given(book, data, today)) as services:
        if dry_run:
            found = services.recomposing.drift(wanted)
            if json:
                as_json(composing.drifts(found).model_dump(mode="json"))
            else:
                _tell(found)
            return
        done = services.recomposing.recompose(wanted, me())
        if json:
            as_json(composing.recomposed(services.drafts.get(wanted), done).model_dump(mode="json"))
            return
        out.print(f"{plural(done.customers, 'customer')} recomposed.")
        if done.kept:
            out.print(f"{done.kept} with words changed by hand kept them.")
        if done.blocked:
            out.print(f"{plural(done.blocked, 'message')} to fix: campaigns preview {campaign}")
        if done.left:
            _tell(done.left)


def _tell(found: "Sequence[Drift]") -> None:
    if not found:
        out.print("The customer book says nothing else than the messages do.")
        return
    table = Table("Customer", "What changed", "", box=None, pad_edge=False)
    for d in found:
        note = "edited by hand" if d.edited else ""
        table.add_row(d.customer, d.why, note if d.matches else "no longer in the audience")
    out.print(table, highlight=False)


def confirm(
    campaign: Id,
    message: Annotated[str, typer.Argument(metavar="MESSAGE", help="The message's id.")],
    words: Annotated[list[str], typer.Argument(help="The words, as they stand in the message.")],
    everywhere: Annotated[
        bool,
        typer.Option(
            "--everywhere", help="Also in every other message that is blocked for these words."
        ),
    ] = False,
    book: Book = None,
    data: Data = None,
    today: Today = None,
) -> None:
    """Answer by name for plain words that the fact check found no source for.

    The approver is told. A figure, a date, a name or a promise cannot be confirmed so.
    """
    with house(given(book, data, today)) as services:
        edits, wanted, read = services.edits, CampaignId(campaign), MessageId(message)
        if not everywhere:
            done = edits.confirm_words(wanted, read, words, me()).message
            said = f"Confirmed by {me().name}. {done.id} is {done.status.value}."
            out.print(said, highlight=False)
            return
        all_of_them = edits.confirm_everywhere(wanted, read, words, me())
        said = f"Confirmed by {me().name} in {plural(all_of_them.messages, 'message')}."
        out.print(said, highlight=False)
        if all_of_them.blocked:
            still = f"{all_of_them.blocked:,} of them still to fix: campaigns preview {campaign}"
            out.print(still, highlight=False)
