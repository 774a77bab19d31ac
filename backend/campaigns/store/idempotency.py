"""Answers kept under an Idempotency-Key, so that a repeated write is answered, not done again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from campaigns.store.tables import idempotency


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The first call under a key. `status` is None while it is still under way."""

    request_hash: str
    status: int | None
    body: str | None


class IdempotencyRows:
    """`model.ports.Idempotency` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def begin(self, key: str, caller: str, request_hash: str, at: datetime) -> KeptAnswer | None:
        """Reserve a key; return the earlier call's answer when the key was used before."""
        try:
            with self._c.begin_nested():
                self._c.execute(
                    insert(idempotency).values(
                        key=key, caller=caller, request_hash=request_hash, at=at
                    )
                )
        except IntegrityError:
            row = self._c.execute(
                select(idempotency).where(idempotency.c.key == key, idempotency.c.caller == caller)
            ).one()
            return KeptAnswer(row.request_hash, row.status, row.body)
        return None

    def finish(self, key: str, caller: str, status: int, body: str) -> None:
        """Keep the answer."""
        self._c.execute(
            update(idempotency)
            .where(idempotency.c.key == key, idempotency.c.caller == caller)
            .values(status=status, body=body)
        )

    def abandon(self, key: str, caller: str) -> None:
        """Free a key whose call did nothing, so that it can be tried again."""
        self._c.execute(
            delete(idempotency).where(idempotency.c.key == key, idempotency.c.caller == caller)
        )
