"""Campaigns, their messages, and automations that prepare them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from campaigns.model.approved import ApprovedText
from campaigns.model.audience import Audience
from campaigns.model.automation import Automation, Proposal, Run
from campaigns.model.campaign import Campaign, CampaignStatus
from campaigns.model.customer import Channel
from campaigns.model.ids import AutomationId, CampaignId, CustomerId, MessageId
from campaigns.model.message import Fate, Message, MessageStatus
from campaigns.model.outlook import Waiting


class Campaigns(Protocol):
    """Campaigns and their frozen audiences."""

    def add(self, campaign: Campaign) -> None: ...
    def get(self, campaign_id: CampaignId) -> Campaign | None: ...
    def lock(self, campaign_id: CampaignId) -> None:
        """Have nobody else lock or change the campaign until the transaction ends."""
        ...

    def page(
        self, status: CampaignStatus | None, cursor: str, limit: int
    ) -> tuple[Sequence[Campaign], str | None]: ...
    def move(
        self,
        campaign_id: CampaignId,
        old: Iterable[CampaignStatus],
        new: CampaignStatus,
        at: datetime,
    ) -> bool:
        """Set `new` when the status is one of `old`; return whether it was."""
        ...

    def save(self, campaign: Campaign, expected_revision: int) -> bool:
        """Store every field, as the next revision, when the stored one is the expected one."""
        ...

    def counts(self) -> Mapping[CampaignStatus, int]: ...
    def freeze(self, campaign_id: CampaignId, audience: Audience) -> None:
        """Store the audience snapshot, in place of the one before."""
        ...

    def audience(
        self, campaign_id: CampaignId, first: int = 0, limit: int | None = None
    ) -> Audience:
        """Return the frozen audience; its members from position `first`, at most `limit`."""
        ...

    def unwritten(self, campaign_id: CampaignId) -> Iterator[tuple[CustomerId, str | None]]:
        """Yield the members nothing is written to, and why nobody there can be."""
        ...


class Messages(Protocol):
    """Messages as written, checked and approved; their sending is `Outbox`."""

    def replace_drafts(self, campaign_id: CampaignId, messages: Sequence[Message]) -> None:
        """Drop the campaign's messages that never left, tests aside, and store these."""
        ...

    def add(self, messages: Sequence[Message]) -> None: ...
    def drop_tests(self, campaign_id: CampaignId) -> None: ...
    def get(self, message_id: MessageId) -> Message | None: ...
    def page(
        self, campaign_id: CampaignId, cursor: str, limit: int, *, tests: bool = False
    ) -> tuple[Sequence[Message], str | None]: ...
    def all(self, campaign_id: CampaignId) -> Sequence[Message]:
        """Return every message that is no test, ordered by id, without history."""
        ...

    def each(self, campaign_id: CampaignId) -> Iterator[Message]:
        """Yield the messages of `all` without having them in memory together."""
        ...

    def fates(self, campaign_id: CampaignId) -> Iterator[Fate]:
        """Yield what became of every message that is no test, customer by customer, oldest first."""
        ...

    def edit(self, changed: Message, old: Iterable[MessageStatus]) -> bool:
        """Store a changed message when its status is one of `old`; return whether it was."""
        ...

    def blocked(self, campaign_id: CampaignId) -> Iterator[Message]:
        """Yield those of `each` that the fact guard blocks."""
        ...

    def edit_all(self, changed: Sequence[Message], old: MessageStatus) -> bool:
        """Store changed messages whose status is `old`; return whether that of all of them was."""
        ...

    def move_all(
        self,
        campaign_id: CampaignId,
        old: Iterable[MessageStatus],
        new: MessageStatus,
        at: datetime,
        reason: str | None = None,
    ) -> int:
        """Move every message of the campaign that is in `old`, tests aside; return how many."""
        ...

    def queue(
        self, campaign_id: CampaignId, customer_id: CustomerId | None, due: datetime, at: datetime
    ) -> Mapping[Channel, int]:
        """Queue the campaign's approved messages, or one customer's, to leave from `due` on."""
        ...

    def places(
        self, campaign_id: CampaignId, states: Iterable[MessageStatus]
    ) -> Mapping[tuple[Channel, str, str], int]:
        """Return how many messages in these states there are by channel, time zone and country.

        Zone and country are "" where they are not known.
        """
        ...

    def put_off(self, campaign_id: CampaignId, zone: str, until: datetime, reason: str) -> int:
        """Have the queued messages of a time zone wait until then at least; return how many."""
        ...

    def skip_channel(
        self, campaign_id: CampaignId, channel: Channel, reason: str, at: datetime
    ) -> int:
        """End the campaign's approved messages on one channel as skipped; return how many."""
        ...

    def counts(
        self, campaign_id: CampaignId, *, tests: bool = False
    ) -> Mapping[tuple[Channel, MessageStatus], int]: ...
    def left_since(self, channel: Channel, address: str, since: datetime) -> Sequence[datetime]:
        """Return when messages left for an address since then, oldest first, tests aside."""
        ...

    def written_since(
        self, customers: Collection[CustomerId], since: datetime, besides: CampaignId
    ) -> Mapping[CustomerId, datetime]:
        """Return when another campaign last wrote to each of these customers since then.

        Neither what failed counts nor a campaign that was rolled back, tests aside.
        """
        ...

    def count_in_doubt(self) -> int:
        """Return how many messages are in doubt, tests aside."""
        ...

    def in_doubt(self, limit: int, campaign_id: CampaignId | None = None) -> Sequence[Message]:
        """Return messages in doubt, the longest first, tests aside."""
        ...

    def waiting(self, campaign_id: CampaignId) -> Sequence[Waiting]:
        """Return the campaign's queued messages by channel, reason and whether they may go.

        `until` is the earliest time, None for those that wait for a person.
        """
        ...

    def latest_to(self, channel: Channel, address: str) -> Message | None:
        """Return the newest message that left for this address, tests aside."""
        ...


class Approved(Protocol):
    """What was approved, from the moment its approval is void until the next one."""

    def keep(self, campaign_id: CampaignId) -> None:
        """Keep the campaign's messages as they are now, in place of what was kept before."""
        ...

    def forget(self, campaign_id: CampaignId) -> None: ...
    def of(self, campaign_id: CampaignId) -> Sequence[ApprovedText]:
        """Return what was kept of a campaign, customer by customer."""
        ...


class Automations(Protocol):
    """Automations, their runs, and whom they proposed."""

    def add(self, automation: Automation) -> None: ...
    def get(self, automation_id: AutomationId) -> Automation | None: ...
    def page(self, cursor: str, limit: int) -> tuple[Sequence[Automation], str | None]: ...
    def active(self) -> Sequence[Automation]:
        """Return every automation that is on, the one that waited longest first."""
        ...

    def save(self, automation: Automation) -> bool:
        """Store every field as the next revision when the stored one is the one it was read at."""
        ...

    def remove(self, automation_id: AutomationId) -> bool: ...
    def add_run(self, run: Run) -> None:
        """Store a run; a second one of the same due time is refused."""
        ...

    def runs(
        self, automation_id: AutomationId, cursor: str, limit: int
    ) -> tuple[Sequence[Run], str | None]: ...
    def latest_runs(self, ids: Sequence[AutomationId]) -> Mapping[AutomationId, Run]: ...
    def proposed(self, automation_id: AutomationId) -> Mapping[CustomerId, Proposal]:
        """Return the latest proposal of every customer the automation ever proposed."""
        ...

    def propose(self, automation_id: AutomationId, proposals: Sequence[Proposal]) -> None: ...
