"""Facts: the truths one message may state, each with its source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from campaigns.model.ids import ContactId, CustomerId
from campaigns.model.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything a message to one contact may state; None means the record does not say.

    `zone_names` may be fewer than `zone_count`. `total` is price per zone x zone count.
    `lapsed` is True when `contract_end` lay before the day the facts were gathered.
    `occasion` is a key of the text library ("christmas"); `offers` are the keys of the house
    offers that may be stated. `sources` maps a field name of this class, or "offers.<key>", to
    where it was read ("line 12, Contract End").
    """

    customer_id: CustomerId
    customer: str
    contact_id: ContactId
    contact: str | None = None
    greeting: str | None = None
    zone_count: int | None = None
    zone_names: tuple[str, ...] = ()
    price_per_zone: Money | None = None
    total: Money | None = None
    contract_start: date | None = None
    contract_end: date | None = None
    lapsed: bool = False
    platform: str | None = None
    business_type: str | None = None
    brand: str | None = None
    brand_group: str | None = None
    city: str | None = None
    country: str | None = None
    occasion: str | None = None
    offers: tuple[str, ...] = ()
    sender: str = "BMA Social Team"
    unsubscribe_url: str | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
