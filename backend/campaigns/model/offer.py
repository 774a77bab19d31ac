"""House offers: promises the house makes to every customer, each with its source."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A promise a text may state, though no customer's record holds it.

    `key` names it in slots and settings ("rate_locked"), `promise` says it in plain words for
    the people who run the house, `source` is who decided it and where that is written.
    """

    key: str
    promise: str
    source: str
