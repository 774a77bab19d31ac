"""Who works here: people, keys, what they look for, and the trail they leave."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from campaigns.model.access import ApiKey
from campaigns.model.audience import Member
from campaigns.model.audit import AuditEntry
from campaigns.model.campaign import Campaign, CampaignStatus
from campaigns.model.consent import Suppression, SuppressionReason
from campaigns.model.customer import Customer
from campaigns.model.ids import CampaignId, CustomerId, KeyId, PersonId
from campaigns.model.lists import CustomerQuery, Outlined, TrailQuery
from campaigns.model.message import Findings, Message
from campaigns.model.people import Assignment, Person, Session, Ticket


class Keys(Protocol):
    """API keys as stored."""

    def add(self, key: ApiKey) -> None: ...
    def by_hash(self, secret_hash: str) -> ApiKey | None: ...
    def all(self) -> Sequence[ApiKey]: ...
    def revoke(self, key_id: KeyId, at: datetime) -> bool: ...


class People(Protocol):
    """People with an account, their sessions and the one-time links that let them in."""

    def add(self, person: Person) -> None: ...
    def get(self, person_id: PersonId) -> Person | None: ...
    def by_email(self, email: str) -> Person | None: ...
    def by_identity(self, key: str) -> Person | None:
        """Return the person an identity provider knows by this key."""
        ...

    def all(self) -> Sequence[Person]: ...
    def change(self, person: Person) -> None:
        """Store every field of a person who is there."""
        ...

    def open(self, session: Session) -> None: ...
    def session(self, token_hash: str) -> Session | None: ...
    def touch(self, token_hash: str, at: datetime) -> None:
        """Note when a session, and so its person, was last seen."""
        ...

    def close(self, token_hash: str) -> None: ...
    def close_all(self, person_id: PersonId) -> int:
        """End every session of a person; return how many."""
        ...

    def issue(self, ticket: Ticket) -> None:
        """Store a one-time link; earlier ones of the same kind for the same person are void."""
        ...

    def ticket(self, token_hash: str) -> Ticket | None: ...
    def use(self, token_hash: str, at: datetime) -> bool:
        """Use a one-time link up; False when it was used already."""
        ...

    def failed(self, email: str, at: datetime) -> None:
        """Note a wrong password for an e-mail address, whether it has an account or not."""
        ...

    def failures(self, email: str, since: datetime) -> Sequence[datetime]:
        """Return when wrong passwords were given since then, oldest first."""
        ...

    def forgive(self, email: str) -> None: ...


class Desk(Protocol):
    """What people at the console look for: lists with a search, a filter, pages and totals."""

    def campaigns(
        self,
        statuses: Collection[CampaignStatus],
        words: str,
        first: int,
        limit: int,
        *,
        archived: bool = False,
    ) -> tuple[Sequence[Campaign], int]:
        """Return campaigns in any of `statuses` (none means all) by name, and how many match.

        Either those that are archived, or those that are not.
        """
        ...

    def counts(self) -> tuple[Mapping[CampaignStatus, int], int]:
        """Return how many campaigns are in each state, archived ones aside, and how many those are."""
        ...

    def member_ids(self, campaign_id: CampaignId) -> Sequence[CustomerId]:
        """Return the audience's customers in its order: the soonest contract end first."""
        ...

    def members(
        self, campaign_id: CampaignId, ids: Collection[CustomerId]
    ) -> Mapping[CustomerId, Member]: ...
    def messages_to(
        self, campaign_id: CampaignId, ids: Collection[CustomerId]
    ) -> Mapping[CustomerId, Sequence[Message]]:
        """Return the campaign's messages to these customers, tests aside, without history."""
        ...

    def first_blocked(self, campaign_id: CampaignId) -> Message | None: ...
    def findings(self, campaign_id: CampaignId) -> Iterator[Findings]:
        """Yield what the fact guard found in each message that it blocks, without the rest of it."""
        ...

    def outline(self, campaign_id: CampaignId) -> Sequence[Outlined]:
        """Return every message, tests aside, in the audience's order."""
        ...

    def new_templates(self, campaign_id: CampaignId) -> Sequence[str]:
        """Return the campaign's WhatsApp templates that nobody of another campaign was sent."""
        ...

    def languages(self, campaign_id: CampaignId) -> Mapping[str, int]: ...
    def under_way_with(self, ids: Collection[CustomerId]) -> Sequence[str]:
        """Return the names of campaigns approved or under way that write to these customers."""
        ...

    def customers(
        self, query: CustomerQuery, first: int, limit: int
    ) -> tuple[Sequence[Customer], int, int]:
        """Return customers that match, how many do, and how many zones those have."""
        ...

    def suppressions(
        self, words: str, reason: SuppressionReason | None, first: int, limit: int
    ) -> tuple[Sequence[tuple[Suppression, CustomerId | None, str | None]], int]:
        """Return suppressions, newest first, each with a customer that has the address, if any."""
        ...

    def trail(self, query: TrailQuery, before: int | None, limit: int) -> Sequence[AuditEntry]:
        """Return entries older than `before`, newest first."""
        ...

    def actors(self) -> Sequence[str]: ...
    def assign(self, assignment: Assignment) -> None:
        """Hand something to a person, in place of whoever had it."""
        ...

    def assigned(self, subjects: Collection[str]) -> Mapping[str, Assignment]: ...


class Audit(Protocol):
    """The audit trail."""

    def add(
        self, at: datetime, actor: str, action: str, subject: str, detail: Mapping[str, object]
    ) -> AuditEntry: ...
    def page(
        self, cursor: str, limit: int, subject: str = ""
    ) -> tuple[Sequence[AuditEntry], str | None]: ...
    def from_start(self) -> Iterable[AuditEntry]: ...
