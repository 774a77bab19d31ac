"""Why an audience is empty, and the next step: the spec's "No customers found"."""

from dataclasses import replace

from campaigns.flow.audience import WORDS, narrowest
from campaigns.model.plan import Attribute, Plan
from campaigns.model.ports import Tx


def hint(tx: Tx, plan: Plan) -> str:
    """Return the cause of an empty audience and the way on."""
    if tx.customers.count() == 0:
        return "The customer book has no customers. Check it: campaigns book check"
    if not plan.is_clear:
        return "Nobody is in the audience until the request is understood: see `not_understood`."
    found = narrowing(tx, plan)
    if found:
        attribute, customers = found
        return f"No customers found. Without the {WORDS[attribute]} filter there are {customers}."
    return "No customers found. Check the filters, then the customer book: campaigns book check"


def narrowing(tx: Tx, plan: Plan) -> tuple[Attribute, int] | None:
    """Return the filter whose removal finds most customers, and how many; None when none does."""
    customers, attribute = max(
        (
            (tx.customers.resolve(replace(plan, filters=without, everyone=True)).customers, a)
            for a, without in narrowest(plan.filters)
        ),
        default=(0, None),
        key=lambda found: found[0],
    )
    return (attribute, customers) if attribute and customers else None
