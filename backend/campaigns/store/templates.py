"""WhatsApp templates as Meta told us they are, and those of ours it does not have yet."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from campaigns.model.customer import Channel
from campaigns.model.message import MessageStatus
from campaigns.model.template import KnownTemplate, WantedTemplate
from campaigns.store import tables as t
from campaigns.store.codec import dump, load
from campaigns.store.database import insert_into

UNSENT = (
    MessageStatus.DRAFTED,
    MessageStatus.VERIFIED,
    MessageStatus.APPROVED,
    MessageStatus.QUEUED,
    MessageStatus.CLAIMED,
)


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
        columns = {"status": template.status.value, "record": dump(template)}
        self._c.execute(
            insert_into(self._c, t.templates)
            .values(name=template.name, language=template.language, **columns)
            .on_conflict_do_update(index_elements=["name", "language"], set_=columns)
        )

    def wanted(self) -> Sequence[WantedTemplate]:
        """Return the templates that messages not sent yet, or in reserve, are to be sent with."""
        record = t.messages.c.record
        own = t.messages.c.channel == Channel.WHATSAPP.value
        reserved = record["reserve"]["channel"].as_string() == Channel.WHATSAPP.value
        found: dict[tuple[str, str], WantedTemplate] = {}
        for name, language, body, cohort, count in [
            *self._templates_in(record, own),
            # Wanted all the same, though nothing waits for them yet.
            *((*wanted[:4], 0) for wanted in self._templates_in(record["reserve"], reserved)),
        ]:
            known = found.get((name, language))
            found[name, language] = WantedTemplate(
                name=name,
                language=language,
                body=body,
                purpose=cohort.partition(".")[0],
                messages=count + (known.messages if known else 0),
            )
        return [found[key] for key in sorted(found)]

    def _templates_in(
        self, written: ColumnElement[Any], by_whatsapp: ColumnElement[bool]
    ) -> Sequence[tuple[str, str, str, str, int]]:
        template = written["template"]
        fields = (
            template["name"].as_string(),
            template["language"].as_string(),
            template["body"].as_string(),
            written["cohort"].as_string(),
        )
        rows = self._c.execute(
            select(*fields, func.count())
            .where(
                by_whatsapp,
                t.messages.c.status.in_([status.value for status in UNSENT]),
                template["name"].as_string().is_not(None),
            )
            .group_by(*fields)
        )
        return [(name, language, body, cohort, n) for name, language, body, cohort, n in rows]
