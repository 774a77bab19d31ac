"""The composer's panes: the message looked at, the ways to reach a customer, what still hinders."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from campaigns.model.audience import ChosenContact, Member
from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId, CustomerId
from campaigns.model.message import Message
from campaigns.model.wording import plural
from campaigns.orchestrator.desk import Composition, Row
from campaigns.web import words
from campaigns.web.views.facts import FactSheet, sheet

ROWS = 50  # customers shown at first, and more each time
MOST_ROWS = 1_000
MANY = 500  # messages from which a number is typed to confirm
LONGEST = {Channel.WHATSAPP: 1024, Channel.LINE: 5000, Channel.EMAIL: 20_000}  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What of a campaign is looked at: it lives in the address, so that it can be shared."""

    base: str
    customer: str = ""
    ch: str = ""
    to: str = ""
    rows: int = ROWS
    edit: bool = False
    find: str = ""

    def link(self, **change: object) -> str:
        """Return the address of this view with something changed; another customer drops the rest."""
        now: dict[str, object] = {
            "customer": self.customer,
            "ch": self.ch,
            "to": self.to,
            "rows": self.rows if self.rows != ROWS else "",
            "edit": "",
        }
        if "customer" in change and change["customer"] != self.customer:
            now["to"] = ""
        query = {k: str(v) for k, v in (now | change).items() if v}
        return self.base + (f"?{urlencode(query)}" if query else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One channel in the message pane; `reason` says why it carries no message here."""

    channel: Channel
    message: Message | None
    chosen: bool
    reason: str

    @property
    def key(self) -> str:
        """The key that opens it."""
        return str(tuple(Channel).index(self.channel) + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pane:
    """The message pane: one customer, the channels, one message and its facts."""

    row: Row
    place: int
    previous: CustomerId | None
    following: CustomerId | None
    tabs: Sequence[Tab]
    message: Message | None
    contact: ChosenContact | None
    others: Sequence[Message]
    facts: FactSheet | None
    too_long: bool

    @property
    def member(self) -> Member:
        """The customer."""
        return self.row.member


def pane(composition: Composition, view: View, draft: Message | None = None) -> Pane | None:
    """Return what the message pane shows; `draft` stands in for the stored message it edits."""
    row = composition.chosen
    if row is None:
        return None
    place = composition.place(row.member.customer_id)
    order = composition.order
    message = _looked_at(row.messages, view)
    shown = draft if draft and message and draft.id == message.id else message
    return Pane(
        row=row,
        place=place + 1,
        previous=order[place - 1] if place else None,
        following=order[place + 1] if place + 1 < len(order) else None,
        tabs=list(_tabs(row, shown, composition.campaign.plan.channels)),
        message=shown,
        contact=_contact(row.member, shown),
        others=[m for m in row.messages if shown and m.channel is shown.channel],
        facts=sheet(shown) if shown else None,
        too_long=bool(shown) and len(shown.text) > LONGEST[shown.channel] if shown else False,
    )


def _looked_at(messages: Sequence[Message], view: View) -> Message | None:
    on_channel = [m for m in messages if m.channel.value == view.ch] or list(messages)
    to_contact = [m for m in on_channel if m.contact_id == view.to] or on_channel
    blocked_first = sorted(to_contact, key=lambda m: (tuple(Channel).index(m.channel),))
    return next(iter(blocked_first), None)


def _contact(member: Member, message: Message | None) -> ChosenContact | None:
    if message is None:
        return None
    return next((c for c in member.contacts if c.contact.id == message.contact_id), None)


def _tabs(row: Row, shown: Message | None, asked: Sequence[Channel]) -> Iterator[Tab]:
    for channel in Channel:
        message = next((m for m in row.messages if m.channel is channel), None)
        yield Tab(
            channel=channel,
            message=message,
            chosen=shown is not None and shown.channel is channel,
            reason="" if message else _why_not(row.member, channel, asked),
        )


def _why_not(member: Member, channel: Channel, asked: Sequence[Channel]) -> str:
    name = words.CHANNELS[channel]
    if asked and channel not in asked:
        return f"{name} was not chosen for this campaign"
    chosen = [c for c in member.contacts if c.chosen]
    for contact in chosen:
        if reason := dict(contact.blocked).get(channel):
            return reason[:1].upper() + reason[1:]
    if any(c.contact.address(channel) for c in chosen):
        best = next((c.channels[0] for c in chosen if c.channels), None)
        return f"Goes by {words.CHANNELS[best]}, the best for this contact" if best else name
    return f"No {name} address in the customer book"


# --- what still hinders -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Hurdle:
    """One check before submitting. `stops` hinders it; `path` leads to what to do about it."""

    text: str
    ok: bool
    stops: bool = False
    path: str = ""


def hurdles(composition: Composition, view: View, lasts: str) -> list[Hurdle]:
    """Return the checks, in the order of the bar at the bottom; `lasts` is how long limits take."""
    if not composition.messages:
        return [Hurdle(text="Nobody can be written to yet", ok=False, stops=True)]
    found = [Hurdle(text="Opt-outs removed", ok=True), _facts(composition, view)]
    if any(channel is Channel.WHATSAPP for channel, _ in composition.counts):
        found.append(Hurdle(text="Template chosen", ok=True))
    found.append(Hurdle(text=lasts or "Within today’s limits", ok=not lasts))
    return found


def _facts(composition: Composition, view: View) -> Hurdle:
    first = composition.first_blocked
    if first is None:
        return Hurdle(text="Facts verified", ok=True)
    n = composition.blocked
    return Hurdle(
        text=f"{plural(n, 'message')} {'needs' if n == 1 else 'need'} a fix",
        ok=False,
        stops=True,
        path=view.link(customer=first.customer_id, ch=first.channel.value, to=first.contact_id),
    )


def edit_path(campaign_id: CampaignId) -> str:
    """Return the composer's address."""
    return f"/campaigns/{campaign_id}/edit"
