"""The house: what the people who run the product decided, apart from secrets."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from campaigns.model.customer import Channel
from campaigns.model.standing import Thresholds


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Decisions that shape campaigns.

    `sender` signs messages; `timezone` is the IANA zone where the house is and where customers
    without one are; `language` is for customers whose language is unknown. `test_addresses`
    receive tests. `hold_s` seconds pass before a first message leaves. `public_url` is where
    recipients reach us, without a slash at its end. `four_eyes` forbids approving one's own.
    `high_value` is what a customer pays a year, by currency, from which on a person looks closer.
    """

    sender: str = "BMA Social Team"
    timezone: str = "Asia/Bangkok"
    language: str = "en"
    public_url: str = ""
    hold_s: int = 10
    four_eyes: bool = False
    high_value: Thresholds = field(default_factory=dict)
    test_addresses: Mapping[Channel, str] = field(default_factory=dict)
