"""What the console's lists are asked for."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from campaigns.model.customer import Channel, Size
from campaigns.model.ids import CampaignId, MessageId, PersonId
from campaigns.model.reply import Intent


class InboxFilter(StrEnum):
    """Which conversations are shown."""

    NEEDS_REPLY = "needs"  # somebody should answer
    MINE = "mine"  # handed to me
    ESCALATED = "escalated"  # handed to a person, by the system or by somebody
    DONE = "done"  # dealt with
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxQuery:
    """A view of the inbox: everything that is not None or empty narrows it."""

    filter: InboxFilter = InboxFilter.NEEDS_REPLY
    person_id: PersonId | None = None
    intent: Intent | None = None
    channel: Channel | None = None
    campaign_id: CampaignId | None = None
    words: str = ""

    def under(self, other: InboxFilter) -> "InboxQuery":
        """Return the same query under another filter."""
        return replace(self, filter=other)


class CustomerOrder(StrEnum):
    """How customers are ordered."""

    BOOK = "book"  # as the book has them
    NAME = "name"
    END = "end"  # the soonest contract end first, those without one last
    ZONES = "zones"  # the most zones first


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerQuery:
    """A view of the customers: everything that is not None or empty narrows it.

    `ends_from` and `ends_to` are both included; `no_end` wants customers without a Contract
    End. `reach` is a channel somebody there has an address on, `unreached` nobody with any.
    """

    words: str = ""
    brand: str = ""
    country: str = ""
    city: str = ""
    business_type: str = ""
    platform: str = ""
    size: Size | None = None
    ends_from: date | None = None
    ends_to: date | None = None
    no_end: bool = False
    reach: Channel | None = None
    unreached: bool = False
    order: CustomerOrder = CustomerOrder.BOOK


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailQuery:
    """A view of the audit trail; `kind` is the first part of an action ("campaign")."""

    actor: str = ""
    kind: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outlined:
    """One message in a campaign's outline: whether a person changed it, how much they answer for."""

    id: MessageId
    edited: bool
    vouched: int
