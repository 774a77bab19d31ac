"""WhatsApp templates as Meta told us they are, and those of ours it does not have yet."""

from collections.abc import Sequence

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from campaigns.model.template import KnownTemplate
from campaigns.store import tables as t
from campaigns.store.codec import dump, load


class TemplateRows:
    """`model.ports.Templates` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def all(self) -> Sequence[KnownTemplate]:
        """Return every template, by name and language."""
        rows = self._c.execute(
            select(t.templates.c.record).order_by(t.templates.c.name, t.templates.c.language)
        )
        return [load(KnownTemplate, row.record) for row in rows]

    def get(self, name: str, language: str) -> KnownTemplate | None:
        """Return one template, None when nobody told us of it."""
        row = self._c.execute(
            select(t.templates.c.record).where(
                t.templates.c.name == name, t.templates.c.language == language
            )
        ).first()
        return load(KnownTemplate, row.record) if row else None

    def put(self, template: KnownTemplate) -> None:
        """Store a template, in place of what was known."""
        dialect = sqlite if self._c.dialect.name == "sqlite" else postgresql
        columns = {
            "status": template.status.value,
            "changed_at": template.changed_at,
            "record": dump(template),
        }
        self._c.execute(
            dialect.insert(t.templates)
            .values(name=template.name, language=template.language, **columns)
            .on_conflict_do_update(index_elements=["name", "language"], set_=columns)
        )
