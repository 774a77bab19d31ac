"""Whether a database may be worked on: it was not copied away, and the key is its own.

Unsubscribe links are signed. Machines with different keys would each refuse the links of the
others, so the first one leaves its key's fingerprint in the database and the rest must match.
"""

import hashlib
import hmac
from collections.abc import Sequence

from sqlalchemy import Connection

from campaigns.model.errors import DatabaseRefused
from campaigns.store import meta

_COPIED_TO = "copied_to"
_FINGERPRINT = "signing_key"


def require_in_service(c: Connection) -> None:
    """Raise `DatabaseRefused` when the database was copied to another one."""
    copied_to = meta.noted(c, _COPIED_TO)
    if copied_to is not None:
        raise DatabaseRefused(
            f"This database was copied to {copied_to}, which is worked on since: two with one "
            "queue would send everything twice. Use that one; if it is not used after all: "
            "campaigns db reinstate"
        )


def retire(c: Connection, copied_to: str) -> None:
    """Mark the database as copied to another one."""
    meta.note(c, _COPIED_TO, copied_to)


def reinstate(c: Connection) -> bool:
    """Let the database be worked on again; False when nothing was in the way."""
    return meta.drop(c, _COPIED_TO)


def is_signed_by(c: Connection, key: str) -> bool:
    """Whether `key` is known to be the one that signs links here."""
    noted = meta.noted(c, _FINGERPRINT)
    return noted is not None and hmac.compare_digest(noted, _fingerprint(key))


def sign_with(c: Connection, key: str) -> None:
    """Have links signed with this key from now on."""
    meta.note(c, _FINGERPRINT, _fingerprint(key))


def require_key(c: Connection, key: str, former: Sequence[str]) -> bool:
    """Make sure that `key` signs links here; return whether it takes the place of a former one.

    Raises `DatabaseRefused` when another one does.
    """
    # The first machine's key; of two that start at once one is the first.
    meta.note_first(c, _FINGERPRINT, _fingerprint(key))
    if is_signed_by(c, key):
        return False
    if not any(is_signed_by(c, one) for one in former):
        raise DatabaseRefused(
            "CAMPAIGNS_SECRET_KEY is not the key this database's unsubscribe links are signed "
            "with. Set the same on every machine (without the setting it stands in the data "
            "folder's secret.key). For a new key give the former one in "
            "CAMPAIGNS_SECRET_KEY_BEFORE; if that is lost: campaigns db rekey"
        )
    sign_with(c, key)
    return True


def _fingerprint(key: str) -> str:
    return hmac.digest(key.encode(), b"fingerprint", hashlib.sha256).hex()[:32]
