"""`send`, `resume`, `retry` and `watch`: they stay until it is done."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from campaigns.cli.campaigns import Id, me
from campaigns.cli.console import err, out, refusing
from campaigns.cli.options import Book, Data, Simulate, Today, given, house
from campaigns.cli.times import Local, told, when
from campaigns.model.campaign import Campaign, CampaignStatus, LocalTime
from campaigns.model.customer import Channel
from campaigns.model.errors import FolderInUse
from campaigns.model.ids import CampaignId
from campaigns.model.wording import plural

if TYPE_CHECKING:
    from campaigns.bootstrap import Services

ENDED = frozenset({CampaignStatus.COMPLETED, CampaignStatus.CANCELLED, CampaignStatus.PAUSED})


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (send, resume, retry, watch):
        app.command(name=command.__name__)(refusing(command))


def send(
    campaign: Id,
    channels: Annotated[list[Channel] | None, typer.Option("--channel")] = None,
    test: Annotated[bool, typer.Option("--test", help="The first customer only.")] = False,
    at: Annotated[
        str | None, typer.Option(help="When, RFC 3339 with an offset; or see --local.")
    ] = None,
    local: Local = False,
    book: Book = None,
    data: Data = None,
    today: Today = None,
    simulate: Simulate = False,
) -> None:
    """Send an approved campaign and stay until it is done; Ctrl-C leaves it paused.

    With --at it is scheduled, and leaves while `campaigns serve` or `campaigns worker` runs.
    """
    wanted, asked = CampaignId(campaign), channels or []
    schedule_at, local_time = when(at, local=local)

    def begin(services: "Services") -> bool:
        if test:
            _test(services, wanted, asked)
            return True
        return _send(services, wanted, asked, schedule_at, local_time)

    _until_done(given(book, data, today, simulate), wanted, begin, tests=test)


def _until_done(
    options: dict[str, Any],
    campaign: CampaignId,
    begin: Callable[["Services"], bool],
    *,
    tests: bool = False,
) -> None:
    """Begin, send and look on while there is something to look at; a server does the sending."""
    from campaigns import bootstrap, logs, settings

    logs.set_up("warning")
    chosen = settings.read(**options)
    try:
        with bootstrap.opened(chosen, working=True) as services:
            if begin(services):
                _watch(services, campaign, pause_on_stop=True, tests=tests)
    except FolderInUse as other:
        # The server has the folder: hand the work to it and look on.
        with bootstrap.opened(chosen) as services:
            looks_on = begin(services)
            err.print(f"[dim]{other}[/] It does the sending.")
            if looks_on:
                _watch(services, campaign, pause_on_stop=False, tests=tests)


def _test(services: "Services", campaign: CampaignId, channels: list[Channel]) -> None:
    done = services.tests.send(campaign, me(), channels)
    for channel, where in (done.test_to or {}).items():
        out.print(f"Test by {channel.value} to {where}")


def _send(
    services: "Services",
    campaign: CampaignId,
    channels: list[Channel],
    at: datetime | None,
    local: LocalTime | None,
) -> bool:
    """Send or schedule; return whether it begins now."""
    done = services.sends.send(campaign, me(), channels, at, local)
    scheduled = done.campaign.status is CampaignStatus.SCHEDULED
    out.print(f"{plural(done.queued, 'message')} {'scheduled' if scheduled else 'queued'}.")
    for skipped in done.skipped:
        out.print(f"– no message for {plural(skipped.customers, 'customer')}: {skipped.reason}")
    return _begins(services, done.campaign)


def _begins(services: "Services", campaign: Campaign) -> bool:
    """Return whether a campaign begins now; of a scheduled one say when, and who sends it then."""
    at, scheduled = campaign.schedule_at, campaign.status is CampaignStatus.SCHEDULED
    if not scheduled or at is None or at <= services.clock.now():
        return True
    out.print(told(services, campaign), highlight=False)
    out.print("It leaves while `campaigns serve` or `campaigns worker` runs.")
    return False


def resume(
    campaign: Id,
    book: Book = None,
    data: Data = None,
    today: Today = None,
    simulate: Simulate = False,
) -> None:
    """Go on where it was paused, and stay until it is done."""

    def begin(services: "Services") -> bool:
        return _begins(services, services.sends.resume(CampaignId(campaign), me()))

    _until_done(given(book, data, today, simulate), CampaignId(campaign), begin)


def retry(
    campaign: Id,
    book: Book = None,
    data: Data = None,
    today: Today = None,
    simulate: Simulate = False,
) -> None:
    """Send again, exactly as approved, what failed for a reason that passes; stay until it is done.

    A provider was busy or had a problem, or a limit was used up. What was refused for its words
    or its address stays as it is.
    """

    def begin(services: "Services") -> bool:
        again = services.retries.retry(CampaignId(campaign), me())
        out.print(f"{plural(again, 'message')} on the way again.")
        paused = services.drafts.get(CampaignId(campaign)).status is CampaignStatus.PAUSED
        if paused:
            out.print(f"It is paused. Go on with: campaigns resume {campaign}")
        return not paused

    _until_done(given(book, data, today, simulate), CampaignId(campaign), begin)


def watch(campaign: Id, book: Book = None, data: Data = None, today: Today = None) -> None:
    """Follow a campaign until it is over."""
    with house(given(book, data, today)) as services:
        _watch(services, CampaignId(campaign), pause_on_stop=False)


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
