"""API keys as stored: hashes only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from campaigns.model.access import ApiKey, Scope
from campaigns.model.ids import KeyId
from campaigns.store import tables as t


class KeyRows:
    """`model.ports.Keys` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def add(self, key: ApiKey) -> None:
        """Store a new key."""
        self._c.execute(
            insert(t.keys).values(
                id=key.id,
                owner=key.owner,
                scopes=" ".join(sorted(s.value for s in key.scopes)),
                secret_hash=key.secret_hash,
                created_at=key.created_at,
                expires_at=key.expires_at,
                revoked_at=key.revoked_at,
            )
        )

    def by_hash(self, secret_hash: str) -> ApiKey | None:
        """Return the key with this hash, live or not."""
        row = self._c.execute(select(t.keys).where(t.keys.c.secret_hash == secret_hash)).first()
        return _key(row) if row else None

    def all(self) -> Sequence[ApiKey]:
        """Return every key, oldest first."""
        return [_key(r) for r in self._c.execute(select(t.keys).order_by(t.keys.c.id))]

    def revoke(self, key_id: KeyId, at: datetime) -> bool:
        """Revoke a key; False when it was already or does not exist."""
        done = self._c.execute(
            update(t.keys)
            .where(t.keys.c.id == key_id, t.keys.c.revoked_at.is_(None))
            .values(revoked_at=at)
        )
        return done.rowcount == 1


def _key(row: Row[Any]) -> ApiKey:
    return ApiKey(
        id=KeyId(row.id),
        owner=row.owner,
        scopes=frozenset(Scope(s) for s in row.scopes.split()),
        secret_hash=row.secret_hash,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )
