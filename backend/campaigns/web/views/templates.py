"""A WhatsApp template as the settings show it: its words, its variables, what stands in its way."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from campaigns.model.template import KnownTemplate, TemplateStatus
from campaigns.orchestrator.templates import Listed
from campaigns.web.words import Mood

STATUS: Mapping[TemplateStatus, tuple[str, Mood]] = {
    TemplateStatus.MISSING: ("Not at Meta yet", Mood.WARN),
    TemplateStatus.APPROVED: ("Approved", Mood.OK),
    TemplateStatus.PENDING: ("In review at Meta", Mood.INFO),
    TemplateStatus.REJECTED: ("Rejected", Mood.BAD),
    TemplateStatus.PAUSED: ("Paused by Meta", Mood.BAD),
    TemplateStatus.DISABLED: ("Disabled by Meta", Mood.BAD),
    TemplateStatus.IN_APPEAL: ("In appeal", Mood.INFO),
    TemplateStatus.PENDING_DELETION: ("Being deleted", Mood.WARN),
    TemplateStatus.DELETED: ("Deleted at Meta", Mood.PLAIN),
    TemplateStatus.LIMIT_EXCEEDED: ("Too many templates", Mood.BAD),
    TemplateStatus.FLAGGED: ("Approved, flagged", Mood.WARN),
    TemplateStatus.REINSTATED: ("Approved again", Mood.OK),
    TemplateStatus.ARCHIVED: ("Archived at Meta", Mood.PLAIN),
    TemplateStatus.LOCKED: ("Locked by Meta", Mood.BAD),
    TemplateStatus.UNKNOWN: ("In a state we do not know", Mood.WARN),
}
QUALITIES: Mapping[str, str] = {"GREEN": "good", "YELLOW": "medium", "RED": "low"}
_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One template. `why` says why nothing may be sent with it, "" when it may.

    `releasable` is True where a person's word lets it be used again.
    """

    template: KnownTemplate
    status: str
    mood: str
    quality: str
    waiting: int
    variables: Sequence[str]
    body: Markup
    why: str
    releasable: bool


def shown(found: Listed) -> Shown:
    """Return a template for the page."""
    known = found.template
    trouble = known.trouble if known.status is not TemplateStatus.MISSING else None
    label = f"template {known.name} ({known.language}) "
    status, mood = STATUS[known.status]
    return Shown(
        template=known,
        status=status,
        mood=mood.value,
        quality=QUALITIES.get(known.quality, "not rated yet"),
        waiting=found.messages,
        variables=tuple(dict.fromkeys(_VARIABLE.findall(known.body))),
        body=marked_variables(known.body),
        why=(trouble or "")
        .replace(f"Meta made {label[:-1]} ", "Meta made it ")
        .removeprefix(label),
        releasable=bool(known.stopped)
        or (known.submitted_as is not None and known.category not in (None, known.submitted_as)),
    )


def marked_variables(body: str) -> Markup:
    """Return a template's words as HTML, each variable marked and told by its name.

    >>> marked_variables("Dear {{greeting}}, <3")
    Markup('Dear <mark class="slot">greeting</mark>, &lt;3')
    """
    pieces = _VARIABLE.split(body)
    return Markup("").join(
        Markup('<mark class="slot">{}</mark>').format(piece) if i % 2 else escape(piece)
        for i, piece in enumerate(pieces)
    )
