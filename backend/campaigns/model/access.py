"""Who calls: API keys and what they may do."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from campaigns.model.ids import KeyId


class Scope(StrEnum):
    """What a key may do. `admin` includes every other."""

    READ = "read"
    COMPOSE = "compose"
    APPROVE = "approve"
    SEND = "send"
    REPLY = "reply"
    NOTES = "notes"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key as stored: only the SHA-256 (hex) of the secret is kept."""

    id: KeyId
    owner: str
    scopes: frozenset[Scope]
    secret_hash: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def is_live(self, now: datetime) -> bool:
        """Whether the key may still be used at `now`."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def allows(self, scope: Scope) -> bool:
        """Whether the key carries `scope`."""
        return scope in self.scopes or Scope.ADMIN in self.scopes


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does something: a name for the audit trail and the scopes it may use.

    `key_id` is the API key used, empty for people at the terminal and for the system.
    """

    name: str
    scopes: frozenset[Scope]
    key_id: str = ""

    def allows(self, scope: Scope) -> bool:
        """Whether the actor may act in `scope`."""
        return scope in self.scopes or Scope.ADMIN in self.scopes


SYSTEM = Actor(name="system", scopes=frozenset(Scope))
