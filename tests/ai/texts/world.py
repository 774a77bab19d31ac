"""Invented customers, facts and texts for the tests of messages."""

from datetime import date
from decimal import Decimal
from typing import Any

from campaigns.ai.embedded.texts import TextLibrary
from campaigns.model.customer import Channel, Contact, Customer, Known, Role, Source
from campaigns.model.facts import Facts
from campaigns.model.ids import ContactId, CustomerId
from campaigns.model.money import Money
from campaigns.model.plan import CampaignType, Tone
from campaigns.model.text import Cohort, CohortText

TODAY = date(2025, 9, 15)
LEAVE = "https://campaigns.example/u/abc"


def thb(amount: str) -> Money:
    return Money(Decimal(amount), "THB")


def contact(**changed: Any) -> Contact:
    return Contact(
        **{
            "id": ContactId("k1"),
            "role": Role.GENERAL_MANAGER,
            "role_written": "General Manager",
            "name": "Rudolf Keller",
            "greeting": "Rudolf",
            "addresses": (),
            "line": 22,
            **changed,
        }
    )


def customer(**changed: Any) -> Customer:
    return Customer(
        **{
            "id": CustomerId("c1"),
            "name": "Hilton Pattaya",
            "line": 10,
            "business_type": "Hotel",
            "zone_count": 4,
            "zone_names": ("Edge", "Drift Bar", "Horizon", "Shore"),
            "price_per_zone": thb("12000"),
            "currency": "THB",
            "contract_end": date(2025, 10, 31),
            "brand_group": Known(value="Hilton", source=Source.RULE, rule='word "Hilton"', line=10),
            "lines": (("zone_count", 12), ("zone_names", 13), ("price_per_zone", 15)),
            **changed,
        }
    )


def facts(**changed: Any) -> Facts:
    return Facts(
        **{
            "customer_id": CustomerId("c1"),
            "customer": "Hilton Pattaya",
            "contact_id": ContactId("k1"),
            "contact": "Rudolf Keller",
            "greeting": "Rudolf",
            "zone_count": 4,
            "zone_names": ("Edge", "Drift Bar", "Horizon", "Shore"),
            "price_per_zone": thb("12000"),
            "total": thb("48000"),
            "contract_end": date(2025, 10, 31),
            "offers": ("rate_locked",),
            "unsubscribe_url": LEAVE,
            "sources": {"contract_end": "line 17, Contract End"},
            **changed,
        }
    )


def library_text(
    type_: CampaignType = CampaignType.RENEWAL,
    tone: Tone = Tone.FORMAL,
    language: str = "en",
    channel: Channel = Channel.WHATSAPP,
    occasion: str = "",
    topic: str | None = None,
) -> CohortText:
    cohort = Cohort(type=type_, tone=tone, language=language, channel=channel, occasion=occasion)
    return TextLibrary().write(cohort, topic)
