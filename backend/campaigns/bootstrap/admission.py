"""Whether this process may open a database: the right key, and not copied away."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from campaigns.bootstrap.system import kept_secret
from campaigns.model.access import SYSTEM
from campaigns.settings import Settings
from campaigns.store import SqlStore, standing

KEY = "database:signing-key"


def signing_key(settings: Settings, data: Path | None) -> str:
    """Return what signs links here: the setting, or what the data folder keeps."""
    own = settings.campaigns_secret_key
    return own.get_secret_value() if own else kept_secret(data)


def admitted_key(store: SqlStore, settings: Settings, data: Path | None, now: datetime) -> str:
    """Return the signing key with which this process may work; raise `DatabaseRefused` if none."""
    key = signing_key(settings, data)
    if data is not None:
        _admit(store, key, settings.former_keys, now)
    return key


def _admit(store: SqlStore, key: str, former: Sequence[str], now: datetime) -> None:
    """Let the process in, or raise.

    The first key that comes is the database's own. A new one takes its place when it comes with
    the former one.
    """
    with store.read() as tx:
        standing.require_in_service(tx.connection)
        if standing.is_signed_by(tx.connection, key):
            return
    with store.begin() as tx:
        if standing.require_key(tx.connection, key, former):
            tx.audit.add(now, SYSTEM.name, "key.changed", KEY, {})
