"""What a person looks at before approving: samples, counts and the hash of the whole."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from campaigns.flow.variants import spread
from campaigns.model.audience import Audience
from campaigns.model.campaign import Campaign
from campaigns.model.customer import Channel
from campaigns.model.ids import CustomerId
from campaigns.model.message import Message, MessageStatus
from campaigns.model.ports import Tx
from campaigns.orchestrator.purse import Balance


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Sample messages and counts; the campaign's content hash is what an approval is bound to."""

    campaign: Campaign
    audience: Audience
    samples: Sequence[Message]
    counts: Mapping[tuple[Channel, MessageStatus], int]
    languages: Mapping[str, int]
    occasions: Mapping[str, int]
    writers: Mapping[str, int]
    fallbacks: Mapping[str, int]
    cost: Balance | None
    gaps: Mapping[str, int]
    variants: Mapping[str, int]  # customers by variant
    reserves: Mapping[Channel, int]  # messages kept in reserve, by the channel they would take


def preview_of(tx: Tx, campaign: Campaign, samples: int, cost: Balance | None) -> Preview:
    """Return samples, one a customer before a second to anybody and the variants in turn."""
    messages = tx.messages.all(campaign.id)
    first: dict[CustomerId, Message] = {}
    for m in messages:
        first.setdefault(m.customer_id, m)
    others = [m for m in messages if first[m.customer_id] is not m]
    return Preview(
        campaign=campaign,
        audience=tx.campaigns.audience(campaign.id, 0, 0),
        samples=[*spread([*first.values()]), *others][:samples],
        counts=tx.messages.counts(campaign.id),
        languages=Counter(m.language for m in messages),
        occasions=Counter(m.facts.occasion for m in messages if m.facts.occasion),
        writers=Counter(m.engine for m in messages),
        fallbacks=Counter(m.fallback for m in messages if m.fallback),
        cost=cost,
        gaps=Counter(gap for m in messages for gap in m.gaps),
        variants=Counter(m.variant for m in first.values() if m.variant),
        reserves=Counter(r.channel for m in messages for r in m.all_in_reserve),
    )
