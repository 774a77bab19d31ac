"""A WhatsApp template: what we want approved, and what Meta says about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum


class TemplateStatus(StrEnum):
    """Where a template is at Meta; `MISSING` is ours: Meta does not have it."""

    MISSING = "missing"
    APPROVED = "approved"
    PENDING = "pending"
    REJECTED = "rejected"
    PAUSED = "paused"
    DISABLED = "disabled"
    IN_APPEAL = "in_appeal"
    PENDING_DELETION = "pending_deletion"
    DELETED = "deleted"
    LIMIT_EXCEEDED = "limit_exceeded"
    FLAGGED = "flagged"
    REINSTATED = "reinstated"
    ARCHIVED = "archived"
    LOCKED = "locked"
    UNKNOWN = "unknown"  # a word of Meta's that we do not know


# Flagged is a warning about feedback; the template still sends.
SENDABLE = frozenset({TemplateStatus.APPROVED, TemplateStatus.FLAGGED, TemplateStatus.REINSTATED})

# How the reason of a message begins that waits for its template, and for nothing else.
HELD = "held: "

NEVER = datetime.min.replace(tzinfo=UTC)


class TemplateCategory(StrEnum):
    """What Meta takes a template for; it decides the price and who may be sent it."""

    MARKETING = "marketing"
    UTILITY = "utility"
    AUTHENTICATION = "authentication"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSpec:
    """A template as it is submitted.

    `body` holds its parameters by name in double braces ("Hi {{greeting}}, ..."); `examples`
    gives each a value, which Meta's reviewers see. `buttons` are the labels of quick replies.
    """

    name: str
    language: str
    category: TemplateCategory
    body: str
    examples: Mapping[str, str] = field(default_factory=dict)
    buttons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedTemplate:
    """A template that messages of ours are waiting to be sent with.

    `purpose` is the campaign type ("renewal"), which decides category and buttons.
    """

    name: str
    language: str
    body: str
    purpose: str
    messages: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateNews:
    """News about one template; None means that this news does not say."""

    name: str
    language: str
    at: datetime
    status: TemplateStatus | None = None
    category: TemplateCategory | None = None
    quality: str | None = None
    provider_id: str = ""
    reason: str = ""
    body: str = ""
    buttons: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownTemplate:
    """A template as Meta told us it is.

    `submitted_as` is the category we asked for, or a person accepted since; None for a template
    that is not ours. `quality` is Meta's word ("GREEN"). `reason` explains a status that does
    not send. `stopped` says why we stopped using it ourselves, until a person releases it.
    `provider_id` is Meta's id. Each `_at` is when Meta last told that.
    """

    name: str
    language: str
    status: TemplateStatus = TemplateStatus.MISSING
    category: TemplateCategory | None = None
    submitted_as: TemplateCategory | None = None
    quality: str = ""
    provider_id: str = ""
    body: str = ""
    buttons: tuple[str, ...] = ()
    reason: str = ""
    stopped: str = ""
    status_at: datetime | None = None
    category_at: datetime | None = None
    quality_at: datetime | None = None

    @property
    def trouble(self) -> str | None:
        """Why nothing may be sent with this template now, None when it may."""
        label = f"template {self.name} ({self.language})"
        if self.status not in SENDABLE:
            why = f": {self.reason}" if self.reason else ""
            return f"{label} is {self.status.value.replace('_', ' ')} at Meta{why}"
        if self.stopped:
            return f"{label} is stopped: {self.stopped}"
        if self.submitted_as is not None and self.category not in (None, self.submitted_as):
            return (
                f"Meta made {label} {self.category}, we submitted it as {self.submitted_as}; "
                "a person accepts that, or the text changes"
            )
        return None

    def after(self, news: TemplateNews) -> "KnownTemplate":
        """Return the template after this news; what is older than what is known changes nothing.

        News of one instant may come in either order: then the status that does not send counts,
        and the category and quality that sort last.
        """
        known = self._after_status(news)
        if news.category is not None and _is_newer(
            news.at, news.category, self.category_at, self.category
        ):
            known = replace(known, category=news.category, category_at=news.at)
        if news.quality is not None and _is_newer(
            news.at, news.quality, self.quality_at, self.quality
        ):
            known = replace(known, quality=news.quality, quality_at=news.at)
        return replace(
            known,
            provider_id=news.provider_id or self.provider_id,
            body=news.body or self.body,
            buttons=self.buttons if news.buttons is None else news.buttons,
        )

    def _after_status(self, news: TemplateNews) -> "KnownTemplate":
        if news.status is None:
            return self
        told = (news.at, news.status not in SENDABLE, news.status, news.reason)
        known = (self.status_at or NEVER, self.status not in SENDABLE, self.status, self.reason)
        if told < known:
            return self
        return replace(self, status=news.status, status_at=news.at, reason=news.reason)


def _is_newer(at: datetime, word: str, known_at: datetime | None, known: str | None) -> bool:
    return (at, word) >= (known_at or NEVER, known or "")
