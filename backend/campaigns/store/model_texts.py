"""Texts that a model wrote, kept so that each is paid for once."""

from datetime import datetime

from sqlalchemy import Connection, select

from campaigns.model.text import CohortText
from campaigns.store import model_tables as t
from campaigns.store.codec import dump, load
from campaigns.store.database import insert_into


class ModelTextRows:
    """`model.ports.ModelTexts` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def get(self, key: str) -> CohortText | None:
        """Return the text kept under `key`."""
        record = self._c.scalar(select(t.model_texts.c.record).where(t.model_texts.c.key == key))
        return load(CohortText, record) if record is not None else None

    def put(self, key: str, text: CohortText, at: datetime) -> None:
        """Keep a text; one that is there already stays."""
        row = insert_into(self._c, t.model_texts).values(key=key, at=at, record=dump(text))
        self._c.execute(row.on_conflict_do_nothing())
