"""The people who work with the console: their roles, sessions and one-time links."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from campaigns.model.access import Actor, Scope
from campaigns.model.ids import PersonId


class PersonRole(StrEnum):
    """What a person may do, each more than the one before."""

    VIEWER = "viewer"  # reads
    MANAGER = "manager"  # drafts, tests, sends what is approved, answers replies
    APPROVER = "approver"  # also approves
    ADMIN = "admin"  # also settings and people


_MANAGER = frozenset({Scope.READ, Scope.COMPOSE, Scope.SEND, Scope.REPLY})
ROLE_SCOPES: Mapping[PersonRole, frozenset[Scope]] = {
    PersonRole.VIEWER: frozenset({Scope.READ}),
    PersonRole.MANAGER: _MANAGER,
    PersonRole.APPROVER: _MANAGER | {Scope.APPROVE},
    PersonRole.ADMIN: frozenset(Scope),
}
ROLE_WORDS: Mapping[PersonRole, str] = {
    PersonRole.VIEWER: "Viewer",
    PersonRole.MANAGER: "Account manager",
    PersonRole.APPROVER: "Approver",
    PersonRole.ADMIN: "Admin",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with an account.

    `name` is unique: it is what the audit trail and the four-eyes rule know people by. `email`
    is folded to lower case and unique. `password_hash` is argon2id's own encoding, None until
    a password was chosen. `identity` is how an identity provider knows them (issuer and
    subject), None until they signed in there.
    """

    id: PersonId
    name: str
    email: str
    role: PersonRole
    created_at: datetime
    password_hash: str | None = field(default=None, repr=False)
    identity: str | None = None
    seen_at: datetime | None = None
    deactivated_at: datetime | None = None

    @property
    def arrived(self) -> bool:
        """Whether the invitation was accepted, one way or the other."""
        return bool(self.password_hash or self.identity)

    @property
    def actor(self) -> Actor:
        """The person as the services and the audit trail know them."""
        return Actor(name=self.name, scopes=ROLE_SCOPES[self.role])


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A signed-in browser. Only the SHA-256 (hex) of its token is kept."""

    token_hash: str
    person_id: PersonId
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


class TicketKind(StrEnum):
    """What a one-time link lets its holder do."""

    SETUP = "setup"  # make the first account
    INVITATION = "invitation"  # choose a password for the first time
    RESET = "reset"  # choose a new password


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A one-time link. Only the SHA-256 (hex) of its token is kept.

    `person_id` is None for the set-up link, which makes the first person.
    """

    token_hash: str
    kind: TicketKind
    person_id: PersonId | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None

    def is_live(self, now: datetime) -> bool:
        """Whether the link may still be used at `now`."""
        return self.used_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Something that waits for one person: a campaign to approve, a reply to answer.

    `subject` names it as the audit trail does ("campaign:c_1", "reply:r_1"); `why` is what the
    one who handed it over said.
    """

    subject: str
    person_id: PersonId
    by: str
    at: datetime
    why: str = ""
