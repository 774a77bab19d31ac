"""A person's decisions about single contacts and customers, the latest of each."""

from collections.abc import Sequence

from campaigns.model.audience import Toggle
from campaigns.model.ids import ContactId, CustomerId


def merged(old: Sequence[Toggle], changes: object) -> tuple[Toggle, ...]:
    """Return the toggles with `changes` (as the API takes them) put over the old ones."""
    decided = {(t.customer_id, t.contact_id): t for t in old}
    for change in changes if isinstance(changes, list) else []:
        customer_id = CustomerId(change["customer_id"])
        contact = change.get("contact_id")
        contact_id = ContactId(contact) if contact else None
        decided[customer_id, contact_id] = Toggle(
            customer_id=customer_id, contact_id=contact_id, include=change["include"]
        )
    return tuple(decided.values())
