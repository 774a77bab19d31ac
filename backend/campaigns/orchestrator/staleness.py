"""Whether an approved message is still true at the moment it would leave."""

from collections.abc import Mapping, Sequence
from dataclasses import fields

from campaigns.model.customer import Customer
from campaigns.model.facts import Facts
from campaigns.model.ids import CampaignId, MessageId
from campaigns.model.message import Message
from campaigns.model.plan import Plan
from campaigns.model.ports import Tx
from campaigns.orchestrator.writing import Writing, contact_of

# Where a fact was read and the recipient's own link may change without the message changing.
_BESIDE = frozenset({"sources", "unsubscribe_url"})


class Staleness:
    """Compares a message's facts with the record as it is now."""

    def __init__(self, writing: Writing) -> None:
        self._writing = writing

    def __call__(self, tx: Tx, messages: Sequence[Message]) -> Mapping[MessageId, str]:
        """Return, for each message that must not leave as it is, what changed."""
        found = self.changes(tx, messages)
        for m in messages:
            asked = m.id not in found and not m.is_test and m.answer is None
            if asked and (complaint := tx.replies.open_complaint(m.customer_id)):
                found[m.id] = complaint
        return found

    def changes(self, tx: Tx, messages: Sequence[Message]) -> dict[MessageId, str]:
        """Return, for each message that is no longer true, what changed in the customer book."""
        # An answer was written a moment ago, to whoever wrote: no record need stand behind it.
        real = [m for m in messages if not m.is_test and m.answer is None]
        customers = tx.customers.many(list({m.customer_id for m in real}))
        plans: dict[CampaignId, Plan | None] = {}
        found: dict[MessageId, str] = {}
        for m in real:
            if m.campaign_id not in plans:
                campaign = tx.campaigns.get(m.campaign_id)
                plans[m.campaign_id] = campaign.plan if campaign else None
            changed = self._changed(m, customers.get(m.customer_id), plans[m.campaign_id])
            if changed:
                found[m.id] = changed
        return found

    def _changed(self, m: Message, customer: Customer | None, plan: Plan | None) -> str | None:
        if customer is None or plan is None:
            return "the customer is no longer in the book"
        contact = contact_of(customer, m.contact_id)
        if contact is None:
            return "the contact is no longer in the book"
        address = contact.address(m.channel)
        if address is None or address.value != m.address:
            return f"the contact's {m.channel.value} address changed"
        # An occasion chosen by country and day stays the message's own while it waits.
        occasion = plan.occasion or m.facts.occasion
        return difference(m.facts, self._writing.facts(customer, contact, occasion=occasion))


def difference(before: Facts, now: Facts) -> str | None:
    """Return the first fact that differs, in words; None when all are the same."""
    for f in fields(Facts):
        old, new = getattr(before, f.name), getattr(now, f.name)
        if old != new and f.name not in _BESIDE:
            return f"{f.name.replace('_', ' ')} was {_shown(old)} and is {_shown(new)}"
    return None


def _shown(value: object) -> str:
    return "not recorded" if value in (None, (), "") else str(value)
