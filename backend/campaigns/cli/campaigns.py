"""`ask`, `create`, `preview`, `submit`, `approve`, `replies` and their kin."""

import getpass
from typing import Annotated, Any

import typer

from campaigns.cli.console import as_json, out, refusing
from campaigns.cli.options import Book, Data, Json, Simulate, Today, given, house
from campaigns.cli.times import Local, time_of_day, told, when
from campaigns.model.access import Actor, Scope
from campaigns.model.ids import CampaignId, ReplyId
from campaigns.model.reply import Intent
from campaigns.model.wording import plural

Id = Annotated[str, typer.Argument(metavar="CAMPAIGN", help="The campaign's id.")]


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
    data: Data = None,
    today: Today = None,
    simulate: Simulate = False,
    json: Json = False,
) -> None:
    """Show what a request means and whom it reaches. Nothing is stored."""
    from campaigns import bootstrap, settings
    from campaigns.api import intelligence, present, shapes
    from campaigns.cli import show

    # Who opted out or follows stands in the data folder; another book alone is only looked at.
    options = given(book, data, today, simulate)
    chosen = settings.read(**options)
    known = (data is not None or book is None) and bootstrap.is_kept(chosen)
    if not known:
        options = given(book, data, today, simulate=True)
    # What a model costs is counted in the data folder, also when nothing else is kept.
    with house(options, in_memory=not (known or chosen.has_model)) as services:
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
        local = seen.campaign.local_time
        if local is not None and seen.campaign.approval is None:
            starts = f"--starts {local.at:%H:%M}"
            out.print(f"Approved with {starts} it goes by itself at {local}.", highlight=False)
        out.print(
            f"{plural(sum(seen.counts.values()), 'message')}. "
            f"content_hash {seen.campaign.content_hash}"
        )


def submit(
    campaign: Id,
    at: Annotated[
        str | None, typer.Option(help="With --local: once approved it goes by itself at this time.")
    ] = None,
    local: Local = False,
    note: Annotated[str, typer.Option(help="A word to the approver.")] = "",
    book: Book = None,
    data: Data = None,
    today: Today = None,
    simulate: Simulate = False,
) -> None:
    """Hand a campaign to an approver; with --at and --local it goes by itself once approved."""
    schedule_at, local_time = when(at, local=local)
    if schedule_at is not None:
        raise typer.BadParameter(
            "after its approval it goes by the customers' own clocks: --at 10:00 --local. "
            "For one instant use `campaigns send --at` once it is approved."
        )
    with house(given(book, data, today, simulate)) as services:
        done = services.approvals.submit(CampaignId(campaign), me(), note, local_time)
        out.print(f"{done.id} is {done.status.value}.")
        if done.local_time is not None:
            starts = f"--starts {done.local_time.at:%H:%M}"
            out.print(f"Approved with {starts} it goes at {done.local_time}.", highlight=False)
            out.print(told(services, done), highlight=False)


def approve(
    campaign: Id,
    content_hash: Annotated[str, typer.Argument(help="The hash `preview` showed.")],
    starts: Annotated[
        str | None,
        typer.Option(help="The time `preview` showed at which it goes by itself; else it waits."),
    ] = None,
    book: Book = None,
    data: Data = None,
    today: Today = None,
    simulate: Simulate = False,
) -> None:
    """Approve exactly what the preview showed; with --starts also that it goes by itself then."""
    start = time_of_day(starts) if starts else None
    with house(given(book, data, today, simulate)) as services:
        done = services.approvals.approve(CampaignId(campaign), content_hash, me(), "", start)
        if done.schedule_at is not None:
            out.print(f"{done.id} is {done.status.value}. {told(services, done)}", highlight=False)
        else:
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
