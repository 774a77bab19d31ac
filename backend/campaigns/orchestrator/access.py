"""API keys: made once, kept as hashes, revoked at once; the audit trail's verification."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from campaigns.model.access import SYSTEM, Actor, ApiKey, Scope
from campaigns.model.audit import AuditEntry, first_break
from campaigns.model.errors import Among, NotFound
from campaigns.model.ids import KeyId
from campaigns.orchestrator.ports import Ports

SHOWN_ONCE = "bma_"


def secret_hash(secret: str) -> str:
    """Return the SHA-256 (hex) of a key's secret.

    A plain hash is enough: the secret is 256 random bits, so there is nothing to guess.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


class Access:
    """Who may call, and the trail of what they did."""

    def __init__(self, ports: Ports) -> None:
        self._p = ports

    def create_key(
        self,
        owner: str,
        scopes: frozenset[Scope],
        actor: Actor,
        expires_at: datetime | None = None,
        secret: str | None = None,
    ) -> tuple[ApiKey, str]:
        """Store a new key and return it with its secret, which is never shown again."""
        now = self._p.clock.now()
        secret = secret or SHOWN_ONCE + self._p.ids.secret()
        key = ApiKey(
            id=KeyId(self._p.ids.new("k")),
            owner=owner,
            scopes=scopes,
            secret_hash=secret_hash(secret),
            created_at=now,
            expires_at=expires_at,
        )
        with self._p.store.begin() as tx:
            tx.keys.add(key)
            detail: dict[str, object] = {"owner": owner, "scopes": sorted(s.value for s in scopes)}
            tx.audit.add(now, actor.name, "key.created", f"key:{key.id}", detail)
        return key, secret

    def ensure_admin_key(self, secret: str | None) -> str | None:
        """Make sure there is an admin key; return a secret to show when one was made up.

        `secret` is CAMPAIGNS_ADMIN_KEY: it always opens the door. Without it, the first start
        makes one up.
        """
        with self._p.store.read() as tx:
            keys = tx.keys.all()
            known = tx.keys.by_hash(secret_hash(secret)) if secret else None
        if secret:
            if known is None:
                self.create_key("admin", frozenset({Scope.ADMIN}), SYSTEM, secret=secret)
            return None
        if keys:
            return None
        return self.create_key("admin", frozenset({Scope.ADMIN}), SYSTEM)[1]

    def authenticate(self, secret: str) -> Actor | None:
        """Return who a secret belongs to, or None when no live key has it."""
        with self._p.store.read() as tx:
            key = tx.keys.by_hash(secret_hash(secret))
        if key is None or not key.is_live(self._p.clock.now()):
            return None
        return Actor(name=key.owner, scopes=key.scopes, key_id=key.id)

    def list_keys(self) -> Sequence[ApiKey]:
        """Return every key, oldest first; secrets are not known."""
        with self._p.store.read() as tx:
            return tx.keys.all()

    def revoke_key(self, key_id: KeyId, actor: Actor) -> None:
        """Revoke a key at once. Raises `NotFound` when it is unknown or revoked already."""
        now = self._p.clock.now()
        with self._p.store.begin() as tx:
            if not tx.keys.revoke(key_id, now):
                raise NotFound(f"There is no live key {key_id}.", Among.KEYS)
            tx.audit.add(now, actor.name, "key.revoked", f"key:{key_id}", {})

    def audit(
        self, subject: str, cursor: str, limit: int
    ) -> tuple[Sequence[AuditEntry], str | None]:
        """Return a page of the audit trail, newest first."""
        with self._p.store.read() as tx:
            return tx.audit.page(cursor, limit, subject)

    def verify_audit(self) -> tuple[int, int | None]:
        """Return how many entries the trail has, and the first that breaks it, if any."""
        with self._p.store.read() as tx:
            entries = list(tx.audit.from_start())
        return len(entries), first_break(entries)
