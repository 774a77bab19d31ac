"""What the inbox is asked for."""

from dataclasses import dataclass, replace
from enum import StrEnum

from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId, PersonId
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
