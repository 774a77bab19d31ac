"""Customers of the book, each value with its source, and what is wrong in their entries."""

from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from campaigns.model.customer import Channel, Customer, Known
from campaigns.model.standing import Thresholds, standing


class KnownOut(BaseModel):
    value: str
    source: str
    rule: str
    confidence: float
    line: int


class CustomerContactOut(BaseModel):
    contact_id: str
    name: str | None
    role: str
    addresses: dict[Channel, str]
    line: int


class CustomerOut(BaseModel):
    customer_id: str
    name: str
    line: int
    business_type: str | None
    zone_count: int | None
    zone_names: list[str]
    size: str | None
    platform: str | None
    price_per_zone: Decimal | None
    currency: str | None
    contract_start: date | None
    contract_end: date | None
    brand_group: KnownOut | None
    brand: KnownOut | None
    city: KnownOut | None
    country: KnownOut | None
    region: KnownOut | None
    timezone: KnownOut | None
    language: KnownOut | None
    key_account: bool | None
    high_value: bool | None
    high_value_why: str
    contacts: list[CustomerContactOut]
    private: dict[str, Any] | None = None


class CustomersOut(BaseModel):
    customers: list[CustomerOut]
    next_cursor: str | None


class DiagnosticOut(BaseModel):
    code: str
    severity: str
    line: int
    excerpt: str
    message: str
    suggestion: str


def _known(k: Known[str] | None) -> KnownOut | None:
    if k is None:
        return None
    return KnownOut(
        value=k.value, source=k.source.value, rule=k.rule, confidence=k.confidence, line=k.line
    )


def customer(
    c: Customer, thresholds: Thresholds, private: dict[str, Any] | None = None
) -> CustomerOut:
    """Return a customer; `private` only for callers with the `notes` scope."""
    stands = standing(c, thresholds)
    return CustomerOut(
        customer_id=c.id,
        name=c.name,
        line=c.line,
        business_type=c.business_type,
        zone_count=c.zone_count,
        zone_names=list(c.zone_names),
        size=c.size.value if c.size else None,
        platform=c.platform,
        price_per_zone=c.price_per_zone.amount if c.price_per_zone else None,
        currency=c.price_per_zone.currency if c.price_per_zone else c.currency,
        contract_start=c.contract_start,
        contract_end=c.contract_end,
        **{
            name: _known(getattr(c, name))
            for name in (
                "brand_group",
                "brand",
                "city",
                "country",
                "region",
                "timezone",
                "language",
            )
        },
        key_account=c.key_account,
        high_value=stands.high,
        high_value_why=stands.why,
        contacts=[
            CustomerContactOut(
                contact_id=x.id,
                name=x.name,
                role=x.role_written,
                addresses={a.channel: a.value for a in x.addresses},
                line=x.line,
            )
            for x in c.contacts
        ],
        private=private,
    )
