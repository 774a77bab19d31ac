"""What came of campaigns: the funnel, replies by intent, NPS, conversions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from campaigns.model.audience import Member
from campaigns.model.customer import Channel, Customer
from campaigns.model.ids import CustomerId
from campaigns.model.message import MessageStatus
from campaigns.model.reply import Intent

S = MessageStatus

# What counts as "interested": the spec's word for three intents.
INTERESTED = frozenset({Intent.ACCEPT, Intent.CHANGE_REQUEST, Intent.LATER})

# A message that reached a state has passed the ones before it.
_LEFT = frozenset({S.ACCEPTED, S.SENT, S.DELIVERED, S.READ})
_DELIVERED = frozenset({S.DELIVERED, S.READ})
UNFINISHED = frozenset({S.QUEUED, S.CLAIMED, S.SENDING, S.IN_DOUBT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """Counts of messages, and of customers who replied; each is part of the one before."""

    messages: int
    sent: int
    delivered: int
    read: int
    failed: int
    in_doubt: int
    waiting: int
    skipped: int
    replied: int
    interested: int
    converted: int


def funnel(
    counts: Mapping[tuple[Channel, MessageStatus], int],
    answered: Mapping[str, frozenset[str]],
    converted: int,
) -> Funnel:
    """Return the funnel of one campaign.

    `counts` are its messages by channel and state, `answered` the customers per leading intent.
    """

    def total(states: Iterable[MessageStatus]) -> int:
        wanted = frozenset(states)
        return sum(n for (_, status), n in counts.items() if status in wanted)

    automatic = {Intent.OUT_OF_OFFICE.value}
    people = [ids for intent, ids in answered.items() if intent not in automatic]
    interested = [answered.get(i.value, frozenset()) for i in INTERESTED]
    return Funnel(
        messages=sum(counts.values()),
        sent=total(_LEFT),
        delivered=total(_DELIVERED),
        read=total({S.READ}),
        failed=total({S.FAILED}),
        in_doubt=total({S.IN_DOUBT}),
        waiting=total({S.QUEUED, S.CLAIMED, S.SENDING}),
        skipped=total({S.SKIPPED, S.SUPPRESSED, S.CANCELLED}),
        replied=len(frozenset().union(*people)),
        interested=len(frozenset().union(*interested)),
        converted=converted,
    )


def nps(scores: Sequence[int]) -> float | None:
    """Return the net promoter score (-100 to 100): promoters (9-10) less detractors (0-6).

    None without scores.
    """
    if not scores:
        return None
    promoters = sum(score >= 9 for score in scores)
    detractors = sum(score <= 6 for score in scores)
    return round(100 * (promoters - detractors) / len(scores), 1)


def converted(
    members: Iterable[Member], now: Mapping[CustomerId, Customer]
) -> frozenset[CustomerId]:
    """Return the members of a renewal's audience that have renewed since.

    Renewed means that the book's Contract End is later now than when the audience was frozen.
    """
    return frozenset(
        m.customer_id
        for m in members
        if m.contract_end is not None
        and (customer := now.get(m.customer_id)) is not None
        and customer.contract_end is not None
        and customer.contract_end > m.contract_end
    )
