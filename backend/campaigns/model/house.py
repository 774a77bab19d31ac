"""The house: what the people who run the product decided, apart from secrets."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from campaigns.model.customer import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Decisions that shape campaigns.

    `sender` signs messages; `timezone` is the IANA zone where the house is and where customers
    without one are; `language` is for customers whose language is unknown. `test_addresses`
    receive tests. `hold_s` seconds pass before a first message leaves. `public_url` is where
    recipients reach us, without a slash at its end. `four_eyes` forbids approving one's own.
    """

    sender: str = "BMA Social Team"
    timezone: str = "Asia/Bangkok"
    language: str = "en"
    public_url: str = ""
    hold_s: int = 10
    four_eyes: bool = False
    test_addresses: Mapping[Channel, str] = field(default_factory=dict)
