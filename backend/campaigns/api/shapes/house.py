"""Keys and the audit trail."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from campaigns.model.access import ApiKey, Scope
from campaigns.model.audit import AuditEntry


class KeyOut(BaseModel):
    key_id: str
    owner: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class NewKeyOut(KeyOut):
    key: str


class KeysOut(BaseModel):
    keys: list[KeyOut]


class AuditOut(BaseModel):
    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, Any]
    hash: str


class AuditPageOut(BaseModel):
    entries: list[AuditOut]
    next_cursor: str | None


def key(k: ApiKey) -> KeyOut:
    """Return a key without its secret, which nobody knows."""
    return KeyOut(
        key_id=k.id,
        owner=k.owner,
        scopes=sorted(k.scopes),
        created_at=k.created_at,
        expires_at=k.expires_at,
        revoked_at=k.revoked_at,
    )


def audit(e: AuditEntry) -> AuditOut:
    """Return an entry of the audit trail."""
    return AuditOut(
        seq=e.seq,
        at=e.at,
        actor=e.actor,
        action=e.action,
        subject=e.subject,
        detail=dict(e.detail),
        hash=e.hash,
    )
