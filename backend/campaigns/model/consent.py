"""Who may be written to: consents with evidence, suppressions with reasons."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from campaigns.model.customer import Channel


class SuppressionReason(StrEnum):
    """Why an address is not written to."""

    OPT_OUT = "opt_out"  # the contact's own refusal
    BOUNCE = "bounce"  # the provider says the address is dead
    MANUAL = "manual"  # somebody here decided
    COMPLAINT = "complaint"  # marked as spam
    POSSIBLE_OPT_OUT = "possible_opt_out"  # a sign of a refusal; a person decides


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """A row that blocks sending to one address; it always wins and survives every import.

    `source` is how it came ("reply", "unsubscribe link", "console", "provider"), `evidence` the
    words or the provider's code.
    """

    channel: Channel
    address: str
    reason: SuppressionReason
    source: str
    evidence: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """Proof that an address may be written to, where the book alone is not enough (LINE)."""

    channel: Channel
    address: str
    source: str
    evidence: str
    at: datetime
