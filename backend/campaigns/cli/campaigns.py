"""`ask`, `create`, `preview`, `submit`, `approve`, `send`, `watch`, `replies` and their kin."""

import getpass
import time
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from campaigns.cli.console import as_json, err, out, refusing
from campaigns.cli.options import Book, Data, Json, Simulate, Today, given, house
from campaigns.model.access import Actor, Scope
from campaigns.model.campaign import CampaignStatus
from campaigns.model.customer import Channel
from campaigns.model.errors import FolderInUse
from campaigns.model.ids import CampaignId, ReplyId
from campaigns.model.reply import Intent
from campaigns.model.wording import plural

if TYPE_CHECKING:
    from campaigns.bootstrap import Services

Id = Annotated[str, typer.Argument(metavar="CAMPAIGN", help="The campaign's id.")]
ENDED = frozenset({CampaignStatus.COMPLETED, CampaignStatus.CANCELLED, CampaignStatus.PAUSED})


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (
        ask,
        create,
        say,
        campaigns,
        preview,
        submit,
        approve,
        reject,
        send,
        resume,
        watch,
        replies,
        correct,
        statistics,
    ):
        app.command(name=command.__name__)(refusing(command))


def me() -> Actor:
    """Return the person at the terminal, who owns the data folder and may do everything."""
    return Actor(name=f"{getpass.getuser()} (terminal)", scopes=frozenset({Scope.ADMIN}))


def ask(
    request: Annotated[str, typer.Argument(help="What to send, and to whom.")],
    book: Book = None,
    today: Today = None,
    json: Json = False,
) -> None:
    """Show what a request means and whom it reaches. Nothing is stored."""
    from campaigns import settings
    from campaigns.api import intelligence, present, shapes
    from campaigns.cli import show

    # What a model costs is counted in the data folder, also when nothing else is kept.
    in_memory = not settings.read().has_model
    with house(given(book, None, today, simulate=True), in_memory=in_memory) as services:
        plan, audience = services.drafts.look(request)
        cost = services.drafts.forecast(plan, audience)
        if json:
            totals = shapes.audience(audience).model_dump(mode="json")
            planned = present.plan(plan).model_dump(mode="json")
            costs = intelligence.forecast(cost)
            forecast = costs and costs.model_dump(mode="json")
            as_json({"plan": planned, "audience": totals, "forecast": forecast})
        else:
            out.print(show.plan(plan))
            out.print(show.audience(audience))
            if cost is not None:
                out.print(show.forecast(cost))
        if not plan.is_clear:
            raise typer.Exit(1)


def create(
    request: Annotated[str, typer.Argument(help="What to send, and to whom.")],
    book: Book = None,
    data: Data = None,
    today: Today = None,
    simulate: Simulate = False,
    json: Json = False,
) -> None:
    """Create a campaign from a request and show it."""
    from campaigns.api import present
    from campaigns.cli import show

    with house(given(book, data, today, simulate)) as services:
        campaign, audience = services.drafts.create(request, me())
        if json:
            as_json(present.created(campaign, audience).model_dump(mode="json"))
            return
        out.print(show.plan(campaign.plan))
        out.print(show.audience(audience))
        out.print(
            f"{campaign.id} is {campaign.status.value}. Next: campaigns preview {campaign.id}"
        )


def say(
    campaign: Id,
    words: Annotated[str, typer.Argument(help="“also the Marriotts”, “not Phuket”, “survey”.")],
    book: Book = None,
    data: Data = None,
    today: Today = None,
    simulate: Simulate = False,
    json: Json = False,
) -> None:
    """Answer a campaign's question, or change it in words; shows the difference."""
    from campaigns.api import present
    from campaigns.cli import show

    with house(given(book, data, today, simulate)) as services:
        said = services.revisions.say(CampaignId(campaign), words, me())
        if json:
            as_json(present.said(said).model_dump(mode="json"))
        else:
            out.print(show.said(said))
        if said.question is not None:
            raise typer.Exit(1)


def campaigns(
    book: Book = None, data: Data = None, today: Today = None, json: Json = False
) -> None:
    """List campaigns, newest first."""
    from campaigns.api import present
    from campaigns.cli import show

    with house(given(book, data, today)) as services:
        found, _ = services.drafts.page(None, "", 50)
        if json:
            as_json([present.campaign(c).model_dump(mode="json") for c in found])
        else:
            out.print(show.campaigns(found))


def preview(
    campaign: Id,
    samples: Annotated[int, typer.Option(help="How many messages to show.")] = 3,
    book: Book = None,
    data: Data = None,
    today: Today = None,
    json: Json = False,
) -> None:
    """Show sample messages with their checks, and the hash an approval is bound to."""
    from campaigns.api import present
    from campaigns.cli import show

    with house(given(book, data, today)) as services:
        seen = services.drafts.preview(CampaignId(campaign), samples)
        expected = services.outlook.forecast(CampaignId(campaign))
        if json:
            as_json(present.preview(seen, expected).model_dump(mode="json"))
            return
        for m in seen.samples:
            out.print(show.message(m))
        out.print(show.departure(expected))
        for channel, n in seen.reserves.items():
            out.print(f"{n} in reserve by {channel.value}, for messages that fail for good.")
        out.print(
            f"{plural(sum(seen.counts.values()), 'message')}. "
            f"content_hash {seen.campaign.content_hash}"
        )


def submit(campaign: Id, book: Book = None, data: Data = None, today: Today = None) -> None:
    """Hand a campaign to an approver."""
    with house(given(book, data, today)) as services:
        done = services.approvals.submit(CampaignId(campaign), me())
        out.print(f"{done.id} is {done.status.value}.")


def approve(
    campaign: Id,
    content_hash: Annotated[str, typer.Argument(help="The hash `preview` showed.")],
    book: Book = None,
    data: Data = None,
    today: Today = None,
) -> None:
    """Approve exactly what the preview showed."""
    with house(given(book, data, today)) as services:
        done = services.approvals.approve(CampaignId(campaign), content_hash, me())
        out.print(f"{done.id} is {done.status.value}. Next: campaigns send {done.id}")


def reject(
    campaign: Id,
    reason: Annotated[str, typer.Argument(help="What should change.")],
    book: Book = None,
    data: Data = None,
    today: Today = None,
) -> None:
    """Send a campaign back to its author."""
    with house(given(book, data, today)) as services:
        done = services.approvals.reject(CampaignId(campaign), reason, me())
        out.print(f"{done.id} is {done.status.value}.")


def send(
    campaign: Id,
    channels: Annotated[list[Channel] | None, typer.Option("--channel")] = None,
    test: Annotated[bool, typer.Option("--test", help="The first customer only.")] = False,
    at: Annotated[str | None, typer.Option(help="When, RFC 3339 with an offset.")] = None,
    book: Book = None,
    data: Data = None,
    today: Today = None,
    simulate: Simulate = False,
) -> None:
    """Send an approved campaign and stay until it is done; Ctrl-C leaves it paused."""
    from campaigns import bootstrap, logs, settings

    logs.set_up("warning")
    chosen = settings.read(**given(book, data, today, simulate))
    try:
        with bootstrap.opened(chosen, working=True) as services:
            _send(services, CampaignId(campaign), channels or [], test, at)
            _watch(services, CampaignId(campaign), pause_on_stop=True, tests=test)
    except FolderInUse as other:
        # The server has the folder: hand the work to it and look on.
        with bootstrap.opened(chosen) as services:
            _send(services, CampaignId(campaign), channels or [], test, at)
            err.print(f"[dim]{other}[/] It does the sending.")
            _watch(services, CampaignId(campaign), pause_on_stop=False, tests=test)


def _send(
    services: "Services", campaign: CampaignId, channels: list[Channel], test: bool, at: str | None
) -> None:
    if test:
        done = services.tests.send(campaign, me(), channels)
        for channel, where in (done.test_to or {}).items():
            out.print(f"Test by {channel.value} to {where}")
        return
    done = services.sends.send(campaign, me(), channels, instant(at))
    out.print(f"{plural(done.queued, 'message')} queued.")
    for skipped in done.skipped:
        out.print(f"– no message for {plural(skipped.customers, 'customer')}: {skipped.reason}")


def instant(at: str | None) -> datetime | None:
    """Read a time given on the command line; it names its offset."""
    if at is None:
        return None
    try:
        read = datetime.fromisoformat(at)
    except ValueError as error:
        raise typer.BadParameter(f"{at} is no time: use 2025-09-15T10:00+07:00") from error
    if read.tzinfo is None:
        raise typer.BadParameter(f"{at} has no offset: use 2025-09-15T10:00+07:00")
    return read


def _watch(
    services: "Services", campaign: CampaignId, *, pause_on_stop: bool, tests: bool = False
) -> None:
    from campaigns.cli import show

    last = ""
    try:
        while True:
            now = _line(services, campaign, tests=tests)
            if now != last:
                out.print(now, highlight=False)
                last = now
            if _is_over(services, campaign, tests=tests):
                break
            time.sleep(0.3)
    except KeyboardInterrupt:
        if pause_on_stop and not tests:
            services.sends.pause(campaign, me())
            out.print(f"Paused. Go on with: campaigns resume {campaign}")
        raise typer.Exit(1) from None
    found, _ = services.drafts.messages(campaign, "", 500, tests=tests)
    out.print(show.deliveries(found))


def _line(services: "Services", campaign: CampaignId, *, tests: bool) -> str:
    from campaigns.orchestrator.outlook import ON_ITS_WAY

    with services.store.read() as tx:
        counts = tx.messages.counts(campaign, tests=tests)
    by_status: dict[str, int] = {}
    for (_, status), n in counts.items():
        by_status[status.value] = by_status.get(status.value, 0) + n
    line = " · ".join(f"{status} {n}" for status, n in sorted(by_status.items()))
    held = [w for w in services.outlook.waiting(campaign) if w.until or w.reason != ON_ITS_WAY]
    return "\n".join([line, *(f"  {w.messages} by {w.channel}: {w.reason}" for w in held)])


def _is_over(services: "Services", campaign: CampaignId, *, tests: bool) -> bool:
    from campaigns.flow.track import is_settled

    if tests:
        with services.store.read() as tx:
            counts = tx.messages.counts(campaign, tests=True)
        return is_settled({status: n for (_, status), n in counts.items()})
    return services.drafts.get(campaign).status in ENDED


def resume(
    campaign: Id,
    book: Book = None,
    data: Data = None,
    today: Today = None,
    simulate: Simulate = False,
) -> None:
    """Go on where it was paused, and stay until it is done."""
    from campaigns import bootstrap, logs, settings

    logs.set_up("warning")
    chosen = settings.read(**given(book, data, today, simulate))
    try:
        with bootstrap.opened(chosen, working=True) as services:
            services.sends.resume(CampaignId(campaign), me())
            _watch(services, CampaignId(campaign), pause_on_stop=True)
    except FolderInUse as other:
        with bootstrap.opened(chosen) as services:
            services.sends.resume(CampaignId(campaign), me())
            err.print(f"[dim]{other}[/] It does the sending.")


def watch(campaign: Id, book: Book = None, data: Data = None, today: Today = None) -> None:
    """Follow a campaign until it is over."""
    with house(given(book, data, today)) as services:
        _watch(services, CampaignId(campaign), pause_on_stop=False)


def replies(
    campaign: Annotated[str | None, typer.Argument(help="Only this campaign's.")] = None,
    waiting: Annotated[bool, typer.Option(help="Only those a person should look at.")] = False,
    book: Book = None,
    data: Data = None,
    today: Today = None,
    json: Json = False,
) -> None:
    """Show replies, how they were read, and what to do."""
    from campaigns.api import shapes
    from campaigns.cli import show

    with house(given(book, data, today)) as services:
        wanted = CampaignId(campaign) if campaign else None
        found, _ = services.answers.page("", 100, wanted, waiting=waiting)
        if json:
            as_json([shapes.stored_reply(r).model_dump(mode="json") for r in found])
        else:
            out.print(show.replies(found))


def correct(
    reply: Annotated[str, typer.Argument(help="The reply's id, as `campaigns replies` shows it.")],
    intent: Annotated[Intent, typer.Argument(help="What it means.")],
    book: Book = None,
    data: Data = None,
    today: Today = None,
) -> None:
    """Say what a reply really means; what to do is worked out again, and refits learn from it."""
    with house(given(book, data, today)) as services:
        corrected = services.answers.correct(ReplyId(reply), intent, me())
        out.print(f"Noted. {corrected.suggestion.words}", highlight=False)


def statistics(book: Book = None, data: Data = None, today: Today = None) -> None:
    """Print the whole picture as JSON."""
    from campaigns.api import present

    with house(given(book, data, today)) as services:
        whole: dict[str, Any] = present.statistics(services.insights.all())
        as_json(whole)
