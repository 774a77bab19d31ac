"""The facts of one message, each with where the book says it."""

from collections.abc import Sequence
from datetime import date

from campaigns.model.customer import Contact, Customer, Known, Source
from campaigns.model.facts import Facts
from campaigns.model.offer import Offer

# Fields of `Facts` read from one line of the book: field of `Customer` -> the key on that line.
_KEYS = {
    "zone_count": "Zone Count",
    "zone_names": "Zone Names",
    "price_per_zone": "Annual Price per Zone",
    "contract_start": "Contract Start",
    "contract_end": "Contract End",
    "platform": "Music Platform",
    "business_type": "Business Type",
}
_INFERRED = ("brand", "brand_group", "city", "country")


def gather(  # noqa: PLR0913 - each is an input of its own; none has a home together
    customer: Customer,
    contact: Contact,
    *,
    today: date,
    sender: str,
    occasion: str | None = None,
    unsubscribe_url: str | None = None,
    offers: Sequence[Offer] = (),
) -> Facts:
    """Return what a message to `contact` may state; `today` is the customer's date.

    A record that lists more zone names than it counts contradicts itself, so neither the count
    nor the total is a fact.
    """
    count = customer.zone_count or None
    if count is not None and len(customer.zone_names) > count:
        count = None
    price = customer.price_per_zone
    inferred = {f: _value(getattr(customer, f)) for f in _INFERRED}
    return Facts(
        customer_id=customer.id,
        customer=customer.name,
        contact_id=contact.id,
        contact=contact.name,
        greeting=contact.greeting,
        zone_count=count,
        zone_names=customer.zone_names,
        price_per_zone=price,
        total=price.times(count) if price and count else None,
        contract_start=customer.contract_start,
        contract_end=customer.contract_end,
        lapsed=customer.contract_end is not None and customer.contract_end < today,
        platform=customer.platform,
        business_type=customer.business_type,
        occasion=occasion,
        offers=tuple(offer.key for offer in offers),
        sender=sender,
        unsubscribe_url=unsubscribe_url,
        sources=_sources(customer, contact, count, offers),
        **inferred,
    )


def _value(known: Known[str] | None) -> str | None:
    return known.value if known else None


def _sources(
    customer: Customer, contact: Contact, count: int | None, offers: Sequence[Offer]
) -> dict[str, str]:
    sources = {"customer": f"line {customer.line}, heading"}
    sources |= {
        field: f"line {customer.line_of(field)}, {key}"
        for field, key in _KEYS.items()
        if getattr(customer, field)
    }
    sources |= {f: _explain(known) for f in _INFERRED if (known := getattr(customer, f))}
    if count is None:
        sources.pop("zone_count", None)
    if customer.price_per_zone and count:
        sources["total"] = f"{sources['price_per_zone']} × {sources['zone_count']}"
    if contact.name:
        sources["contact"] = f"line {contact.line}, {contact.role_written}"
    if contact.greeting:
        sources["greeting"] = f"line {contact.line}, {contact.role_written}"
    return sources | {f"offers.{offer.key}": offer.source for offer in offers}


def _explain(known: Known[str]) -> str:
    match known.source:
        case Source.FILE:
            return f"line {known.line}"
        case Source.OVERRIDE:
            return "set by a person"
        case Source.RULE:
            return f"line {known.line}, by rule: {known.rule}"
