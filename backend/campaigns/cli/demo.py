"""The main job as a visible trace: from a sentence to answers, on the sample book."""

import time
from collections.abc import Callable, Sequence

from rich.rule import Rule

from campaigns.bootstrap import Services
from campaigns.cli import show
from campaigns.cli.console import out
from campaigns.flow.track import is_settled
from campaigns.model.access import Actor, Scope
from campaigns.model.campaign import Campaign, CampaignStatus
from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId
from campaigns.model.message import Message, MessageStatus
from campaigns.model.wording import plural

REQUEST = "Send renewal reminders to all Hiltons expiring in October"
AUTHOR = Actor(name="Ploy (demo)", scopes=frozenset({Scope.COMPOSE, Scope.SEND, Scope.READ}))
APPROVER = Actor(name="Nok (demo)", scopes=frozenset({Scope.APPROVE, Scope.READ}))
PATIENCE_S = 60.0
NEWS_S = 8.0  # what a provider has not told by then it never tells
# Answers that people send on top of the simulator's own, from addresses in the sample book.
ANSWERS = (
    (
        Channel.WHATSAPP,
        "+66856644142",
        "Yes please renew all zones, but Drift Bar keeps cutting out",
    ),
    (Channel.WHATSAPP, "+66 85 664 4142", "ราคาเท่าเดิมใช่ไหมคะ แล้วสัญญาหมดวันไหน"),
    (Channel.WHATSAPP, "+66856644142", "ขอบคุณค่ะ ตกลงต่อสัญญาทั้ง 4 โซนเลยค่ะ"),
    (Channel.WHATSAPP, "+44 7700 900123", "Who is this?"),
    (Channel.EMAIL, "jittima@hilton-pattaya.example", "กรุณาหยุดส่งข้อความ ไม่ต้องการรับอีก"),
)


def play(services: Services) -> None:
    """Play the whole main job and print every step."""
    _title(1, "A request")
    out.print(f"[bold]“{REQUEST}”[/]")
    campaign, audience = services.drafts.create(REQUEST, AUTHOR)
    _title(2, "What was understood, and who that is")
    out.print(show.plan(campaign.plan))
    out.print(show.audience(audience))
    _title(3, "What they will read, every fact checked against the book")
    samples = services.drafts.preview(campaign.id, 3).samples
    for message in samples:
        out.print(show.message(message))
    _title(4, "A hand edit that claims what no record says is blocked at once")
    _edit(services, campaign, samples)
    _title(5, "Approval, for exactly these messages to exactly these people")
    _approve(services, campaign.id)
    _title(6, "A test, to the first customer only, into the simulator")
    _test(services, campaign.id)
    _title(7, "Sending")
    _send(services, campaign.id)
    _title(8, "Answers, in English and Thai, and what to do about them")
    _answer(services, campaign.id)
    _title(9, "What came of it")
    out.print(show.figures(services.insights.campaign(campaign.id)))
    entries, broken = services.access.verify_audit()
    verdict = "whole" if broken is None else f"broken at {broken}"
    out.print(f"Audit trail: {entries} entries, {verdict}.")


def _title(number: int, words: str) -> None:
    out.print()
    out.print(Rule(f"[bold]{number}. {words}[/]", align="left", style="cyan"))


def _edit(services: Services, campaign: Campaign, samples: Sequence[Message]) -> None:
    message = samples[0]
    promise = message.text + "\nWe guarantee you a 20% discount."
    edited = services.edits.edit(campaign.id, message.id, {"text": promise}, AUTHOR)
    for check in edited.checks:
        if not check.ok:
            out.print(f"[red]✗ {check.check}:[/] “{check.found}” has no source in the record")
    out.print(f"The message is [bold red]{edited.status.value}[/].")
    restored = services.edits.edit(campaign.id, message.id, {"text": None}, AUTHOR)
    out.print(f"Taken back, it is [bold green]{restored.status.value}[/] again.")


def _approve(services: Services, campaign_id: CampaignId) -> None:
    submitted = services.approvals.submit(campaign_id, AUTHOR)
    out.print(f"{AUTHOR.name} submits: {submitted.status.value}")
    shown = services.drafts.preview(campaign_id, 0).campaign.content_hash
    approved = services.approvals.approve(campaign_id, shown, APPROVER)
    out.print(f"{APPROVER.name} approves {shown[:16]}…: {approved.status.value}")


def _test(services: Services, campaign_id: CampaignId) -> None:
    sent = services.tests.send(campaign_id, AUTHOR)
    for channel, where in (sent.test_to or {}).items():
        out.print(f"Test by {channel.value} to {where}")
    _until(lambda: _settled(services, campaign_id, tests=True))
    tests, _ = services.drafts.messages(campaign_id, "", 20, tests=True)
    out.print(show.deliveries(tests))


def _send(services: Services, campaign_id: CampaignId) -> None:
    sent = services.sends.send(campaign_id, AUTHOR)
    out.print(f"{plural(sent.queued, 'message')} queued.")
    for skipped in sent.skipped:
        out.print(f"– no message for {plural(skipped.customers, 'customer')}: {skipped.reason}")
    _until(lambda: services.drafts.get(campaign_id).status is CampaignStatus.COMPLETED)
    _until(lambda: _told(services, campaign_id), NEWS_S)
    found, _ = services.drafts.messages(campaign_id, "", 100)
    out.print(show.deliveries(found))


def _answer(services: Services, campaign_id: CampaignId) -> None:
    for channel, identifier, text in ANSWERS:
        services.answers.respond(identifier, text, channel, AUTHOR)
    found, _ = services.answers.page("", 50, None, waiting=False)
    out.print(show.replies(reversed(found)))
    waiting, _ = services.answers.page("", 50, None, waiting=True)
    out.print(f"\n[yellow]{len(waiting)} replies wait for a person.[/]")
    drafted = next((r for r in waiting if r.suggestion.draft), None)
    if drafted:
        out.print(f"A draft for {drafted.sender.customer if drafted.sender else 'them'}:")
        out.print(f"  “{drafted.suggestion.draft}”", style="dim")
    stopped, _ = services.answers.suppressions("", 50)
    for s in stopped:
        out.print(f"Do not contact: {s.address} ({s.reason.value}, by {s.source})")


def _settled(services: Services, campaign_id: CampaignId, *, tests: bool) -> bool:
    with services.store.read() as tx:
        counts = tx.messages.counts(campaign_id, tests=tests)
    return is_settled({status: n for (_, status), n in counts.items()})


def _told(services: Services, campaign_id: CampaignId) -> bool:
    """Whether the simulators have told what became of every message they tell about."""
    with services.store.read() as tx:
        counts = tx.messages.counts(campaign_id)
    waiting = {MessageStatus.ACCEPTED, MessageStatus.SENT}
    return not any(
        n for (channel, s), n in counts.items() if channel is not Channel.LINE and s in waiting
    )


def _until(happened: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    """Wait until something happened, so long at most."""
    deadline = time.monotonic() + patience_s
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.1)
