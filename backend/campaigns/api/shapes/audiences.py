"""Who is meant, who is left out, and why."""

from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from campaigns.model.audience import Audience, ChosenContact, Member
from campaigns.model.customer import Channel


class ReachOut(BaseModel):
    email: int
    whatsapp: int
    line: int
    none: int


class LeftOutOut(BaseModel):
    reason: str
    customers: int


class NearMissOut(BaseModel):
    customer_id: str
    name: str
    reason: str


class AudienceOut(BaseModel):
    """Totals; `customers` + the sum of `excluded` = all customers of the book."""

    customers: int
    zones: int
    reachable: ReachOut
    by_brand: dict[str, int]
    by_country: dict[str, int]
    excluded: list[LeftOutOut]
    unreachable: list[LeftOutOut]
    near_misses: list[NearMissOut]
    value: dict[str, Decimal] | None = None
    unpriced: int = 0
    hint: str | None = None


class ContactOut(BaseModel):
    contact_id: str
    name: str | None
    role: str
    chosen: bool
    why: str
    channels: list[Channel]
    addresses: dict[Channel, str]
    blocked: dict[Channel, str]


class MemberOut(BaseModel):
    customer_id: str
    name: str
    brand: str | None
    brand_group: str | None
    city: str | None
    country: str | None
    zones: int | None
    contract_end: date | None
    contacts: list[ContactOut]
    channels: list[Channel]
    why: list[str]
    unreachable: str | None


class AudiencePageOut(BaseModel):
    customers: list[MemberOut]
    near_misses: list[NearMissOut]
    totals: AudienceOut
    next_cursor: str | None


def audience(a: Audience) -> AudienceOut:
    """Return the totals of an audience."""
    return AudienceOut(
        customers=a.customers,
        zones=a.zones,
        reachable=ReachOut(
            **{ch.value: a.reachable.get(ch, 0) for ch in Channel}, none=a.unreachable
        ),
        by_brand=dict(a.by_brand),
        by_country=dict(a.by_country),
        excluded=[LeftOutOut(reason=x.reason, customers=x.customers) for x in a.excluded],
        unreachable=[LeftOutOut(reason=x.reason, customers=x.customers) for x in a.unreachable_why],
        near_misses=[_near(n) for n in a.near_misses],
        value=dict(a.value) or None,
        unpriced=a.unpriced,
        hint=a.hint or None,
    )


def _near(n: Any) -> NearMissOut:
    return NearMissOut(customer_id=n.customer_id, name=n.name, reason=n.reason)


def audience_page(a: Audience, next_cursor: str | None) -> AudiencePageOut:
    """Return one page of an audience's members with its totals."""
    return AudiencePageOut(
        customers=[member(m) for m in a.members],
        near_misses=[_near(n) for n in a.near_misses],
        totals=audience(a),
        next_cursor=next_cursor,
    )


def member(m: Member) -> MemberOut:
    """Return one member of an audience."""
    return MemberOut(
        customer_id=m.customer_id,
        name=m.name,
        brand=m.brand,
        brand_group=m.brand_group,
        city=m.city,
        country=m.country,
        zones=m.zones,
        contract_end=m.contract_end,
        contacts=[_contact(c) for c in m.contacts],
        channels=list(m.channels),
        why=list(m.why),
        unreachable=m.unreachable,
    )


def _contact(c: ChosenContact) -> ContactOut:
    return ContactOut(
        contact_id=c.contact.id,
        name=c.contact.name,
        role=c.contact.role_written,
        chosen=c.chosen,
        why=c.why,
        channels=list(c.channels),
        addresses={a.channel: a.value for a in c.contact.addresses},
        blocked=dict(c.blocked),
    )
