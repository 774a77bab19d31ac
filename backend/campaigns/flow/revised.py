"""What changed between what was approved once and what is to be approved now."""

from collections.abc import Iterable, Sequence

from campaigns.model.approved import ApprovedText, Rewritten, SinceApproval
from campaigns.model.message import Message


def since(before: Sequence[ApprovedText], now: Iterable[Message]) -> SinceApproval:
    """Compare message by message, by contact and channel, and customer by customer."""
    there = list(now)
    old = {(b.contact_id, b.channel): b for b in before}
    new = {(m.contact_id, m.channel) for m in there}
    were = {b.customer_id: b.customer for b in before}
    are = {m.customer_id: m.customer for m in there}
    return SinceApproval(
        rewritten=[
            Rewritten(b, m)
            for m in there
            if (b := old.get((m.contact_id, m.channel))) is not None and _differs(b, m)
        ],
        added=[name for i, name in are.items() if i not in were],
        gone=[name for i, name in were.items() if i not in are],
        more=[m for m in there if (m.contact_id, m.channel) not in old and m.customer_id in were],
        fewer=[b for b in before if (b.contact_id, b.channel) not in new and b.customer_id in are],
    )


def _differs(before: ApprovedText, now: Message) -> bool:
    return (before.address, before.subject, before.text) != (now.address, now.subject, now.text)
