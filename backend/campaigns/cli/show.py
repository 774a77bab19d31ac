"""Plans, audiences, messages and figures as tables on a terminal."""

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from campaigns.model import outlook
from campaigns.model.audience import Audience, Member
from campaigns.model.campaign import Campaign
from campaigns.model.customer import Channel
from campaigns.model.message import Check, Message, MessageStatus
from campaigns.model.plan import Plan
from campaigns.model.reply import Reply
from campaigns.model.spending import Forecast
from campaigns.model.wording import plural
from campaigns.orchestrator.insights import CampaignFigures
from campaigns.orchestrator.revisions import Said
from campaigns.orchestrator.words import is_confirmable

SHOWN_MEMBERS = 12


def plan(p: Plan) -> RenderableType:
    """Return what was understood, what was assumed and what was not understood."""
    table = Table.grid(padding=(0, 2))
    for u in p.understood:
        table.add_row(Text("✓", "green"), Text(f"“{u.words}”"), Text(u.meaning, "bold"))
    for assumption in p.assumptions:
        table.add_row(Text("≈", "yellow"), Text("assumed", "yellow"), Text(assumption, "yellow"))
    for words in p.not_understood:
        table.add_row(Text("✗", "red"), Text(f"“{words}”", "red"), Text("not understood", "red"))
    for question in p.questions:
        table.add_row(Text("?", "red"), Text("question", "red"), Text(question.text, "red"))
        for choice in question.choices:
            table.add_row("", Text("→", "dim"), Text(f"{choice.label}: {choice.request}", "dim"))
    if p.fallback:
        table.add_row(Text("!", "yellow"), Text("read by", "yellow"), _stand_in(p.fallback))
    return Panel(table, title="Understood as", title_align="left", border_style="dim")


def _stand_in(reason: str) -> Text:
    return Text(f"the embedded engine, because of the model: {reason}", "yellow")


def forecast(f: Forecast) -> Text:
    """Return the most that writing a campaign would cost."""
    kept = f", {f.kept} of them kept from before" if f.kept else ""
    text = Text(f"{f.engine} would write {f.texts} texts{kept}: at most ${f.cost:.2f}")
    text.append(f" ({f.price.basis})", "dim")
    if f.refusal:
        text.append(f"\nIt does not fit: {f.refusal}. The embedded engine writes then.", "yellow")
    return text


def audience(a: Audience) -> RenderableType:
    """Return who is in, who nearly is, who is out and why, and who cannot be reached."""
    parts: list[RenderableType] = [_headline(a)]
    if a.hint:
        parts.append(Text(a.hint, "yellow"))
    if a.members:
        parts += [Text(""), members(a.members[:SHOWN_MEMBERS])]
    if len(a.members) > SHOWN_MEMBERS:
        parts.append(Text(f"… and {len(a.members) - SHOWN_MEMBERS} more", "dim"))
    parts += [
        Text(f"≈ near-miss: {miss.name}: {miss.reason}", "yellow") for miss in a.near_misses[:5]
    ]
    if len(a.near_misses) > 5:
        parts.append(Text(f"≈ … and {len(a.near_misses) - 5} more near-misses", "yellow"))
    parts += [Text(f"– cannot be reached: {x.customers} ({x.reason})") for x in a.unreachable_why]
    parts += [Text(f"– left out: {x.customers} ({x.reason})", "dim") for x in a.excluded]
    return Panel(Group(*parts), title="Audience", title_align="left", border_style="dim")


def said(s: Said) -> RenderableType:
    """Return what words changed about a campaign, or what they left to ask."""
    if s.question is not None:
        parts = [Text(f"? {s.question.text}", "red")]
        parts += [Text(f"  → {c.label}: {c.request}", "dim") for c in s.question.choices]
        return Group(*parts)
    lines = [Text(line, "green" if line.startswith("+") else "yellow") for line in s.changes]
    count = Text(f"{s.before} → {plural(s.audience.customers, 'customer')}", "bold")
    return Panel(Group(*lines, count), title="Changed", title_align="left", border_style="dim")


def _headline(a: Audience) -> Text:
    text = Text()
    text.append(f"{plural(a.customers, 'customer')}, {plural(a.zones, 'zone')}", "bold")
    for currency, amount in a.value.items():
        text.append(f" · {currency} {amount:,.0f} a year")
    reach = ", ".join(f"{ch.value} {a.reachable.get(ch, 0)}" for ch in Channel)
    text.append(f" · reachable by {reach} · nobody reachable: {a.unreachable}")
    return text


def members(found: Sequence[Member]) -> Table:
    """Return members as a table."""
    table = Table("Customer", "Place", "Zones", "Contract ends", "To", box=None, pad_edge=False)
    for m in found:
        to = ", ".join(
            f"{c.contact.name or c.contact.role_written} ({', '.join(c.channels)})"
            for c in m.contacts
            if c.chosen and c.channels
        )
        place = ", ".join(p for p in (m.city, m.country) if p)
        ends = m.contract_end.isoformat() if m.contract_end else "unknown"
        table.add_row(
            m.name,
            place or "unknown",
            str(m.zones if m.zones is not None else "?"),
            ends,
            Text(to) if to else Text(m.unreachable or "nobody", "red"),
        )
    return table


def message(m: Message) -> RenderableType:
    """Return a message as its recipient gets it, with its checks."""
    found = [c for c in m.checks if c.ok and c.found]
    wrong = [c for c in m.checks if not c.ok]
    body = Text(m.text)
    for check in m.checks:
        if check.start >= 0:
            body.stylize(_colour(check), check.start, check.end)
    title = f"{m.channel.value} to {m.contact or m.address}, {m.customer}"
    parts: list[RenderableType] = []
    if m.subject:
        parts += [Text(f"Subject: {m.subject}", "bold"), Text("")]
    parts += [body, Text("")]
    parts += _faults(m, wrong)
    if not wrong:
        parts.append(Text(f"✓ {len(found)} facts match the record", "green"))
    if m.gaps:
        parts.append(Text(f"– not in the record, so not said: {', '.join(m.gaps)}", "dim"))
    if m.fallback:
        parts.append(Text("Written by ", "yellow") + _stand_in(m.fallback))
    for reserve in m.all_in_reserve:
        parts += [Text(""), _in_reserve(reserve)]
    style = "red" if m.status is MessageStatus.BLOCKED else "cyan"
    return Panel(Group(*parts), title=title, title_align="left", border_style=style, width=88)


def _colour(check: Check) -> str:
    if check.ok:
        return "green"
    return "yellow" if is_confirmable(check) else "bold red"


def _faults(m: Message, wrong: Sequence[Check]) -> list[Text]:
    lines = [_fault(c) for c in wrong]
    if any(is_confirmable(c) for c in wrong):
        lines.append(Text(f'Confirm: campaigns confirm {m.campaign_id} {m.id} "…"', "dim"))
    return lines


def _fault(check: Check) -> Text:
    if is_confirmable(check):
        return Text(f"≈ to confirm: {check.found}", "yellow")
    return Text(f"✗ {check.check}: {check.found or 'missing'}; expected {check.expected}", "red")


def _in_reserve(reserve: Message) -> RenderableType:
    """Return what leaves over the next channel should the message fail for good."""
    heading = f"In reserve, should this fail: {reserve.channel.value} to {reserve.address}"
    lines = [Text(heading, "bold")]
    if reserve.subject:
        lines.append(Text(f"Subject: {reserve.subject}", "dim"))
    return Group(*lines, Text(reserve.text, "dim"))


def leaves(p: outlook.Pace) -> str:
    """Return when the first and the last message leave, each by its customer's own clock."""
    if not p.departures:
        return "Nothing can leave on an open channel."
    first, last = _there(p.departures[0]), _there(p.departures[-1])
    told = f"First {first}, last {'nobody can say when' if p.open_end else last}."
    return f"{told} Held by {' and '.join(p.held_by)}." if p.held_by else told


def _there(d: outlook.Departure) -> str:
    return f"{d.at.astimezone(ZoneInfo(d.zone)):%Y-%m-%d %H:%M} {d.zone}"


def departure(f: outlook.Forecast) -> RenderableType:
    """Return when a campaign would leave, what it would cost and whose time zone is not known."""
    table = Table(
        "Channel", "Messages", "Last leaves", "Held by", "Costs", box=None, pad_edge=False
    )
    for c in f.channels:
        table.add_row(
            c.channel.value,
            str(c.messages) + (f" after {c.ahead} others" if c.ahead else ""),
            f"{c.last_at:%Y-%m-%d %H:%M}Z" if c.last_at else _not_known(c),
            ", ".join(c.held_by),
            _charge(c),
        )
    parts: list[RenderableType] = [table]
    if f.without_zone:
        names = ", ".join(list(f.without_zone)[:5])
        parts.append(Text(f"{f.default_zone} stands in for unknown time zones: {names}", "dim"))
    if f.without_holidays:
        names = ", ".join(list(f.without_holidays)[:5])
        n = len(f.without_holidays)
        parts.append(Text(f"No public holidays known for {n}, country unknown: {names}", "dim"))
    return Group(*parts)


def _not_known(c: outlook.ChannelForecast) -> str:
    return f"not this month: {c.short}" if c.short else "never"


def _charge(c: outlook.ChannelForecast) -> str:
    parts = [f"{c.cost.amount} {c.cost.currency}"] if c.cost else []
    if c.unpriced:
        parts.append(f"{c.unpriced} of unknown price")
    return " + ".join(parts)


def deliveries(found: Iterable[Message]) -> Table:
    """Return where each message is in its life."""
    table = Table("Customer", "Contact", "Channel", "Status", "Why", box=None, pad_edge=False)
    for m in found:
        table.add_row(
            m.customer, m.contact or m.address, m.channel.value, m.status.value, m.reason or ""
        )
    return table


def replies(found: Iterable[Reply]) -> Table:
    """Return replies, how they were read and what to do."""
    table = Table("Id", "From", "Words", "Read as", "Do", box=None, pad_edge=False)
    for r in found:
        sure = "unsure" if r.reading.unsure else f"{r.reading.confidence:.0%}"
        who = r.sender.customer if r.sender else "unknown sender"
        read = f"{', '.join(i.value for i in r.reading.intents)} ({sure})"
        do = Text(r.suggestion.words, "bold red" if r.suggestion.urgent else "")
        if r.suggestion.escalate:
            do.append(" → a person", "yellow")
        table.add_row(r.id, who, _clipped(r.text), read, do)
    return table


def figures(f: CampaignFigures) -> RenderableType:
    """Return what came of a campaign."""
    table = Table.grid(padding=(0, 2))
    steps = "messages sent delivered read failed in_doubt skipped replied interested converted"
    for step in steps.split():
        table.add_row(step.replace("_", " "), str(getattr(f.funnel, step)))
    return Panel(table, title="What came of it", title_align="left", border_style="dim", width=40)


def campaigns(found: Iterable[Campaign]) -> Table:
    """Return campaigns as a table."""
    table = Table("Id", "Name", "Status", "Author", "Updated", box=None, pad_edge=False)
    for c in found:
        table.add_row(c.id, c.name, c.status.value, c.author, f"{c.updated_at:%Y-%m-%d %H:%M}Z")
    return table


def _clipped(text: str, width: int = 60) -> str:
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1] + "…"
