"""A WhatsApp template: what we want approved, and what Meta says about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
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
class KnownTemplate:
    """A template as Meta told us it is.

    `submitted_as` is the category we asked for, or a person accepted since; None for a template
    that is not ours. `quality` is Meta's word ("GREEN"). `reason` explains a status that does
    not send. `changed_at` is the instant of the newest news about it, `provider_id` Meta's id.
    """

    name: str
    language: str
    status: TemplateStatus
    changed_at: datetime
    category: TemplateCategory | None = None
    submitted_as: TemplateCategory | None = None
    quality: str = ""
    provider_id: str = ""
    body: str = ""
    buttons: tuple[str, ...] = ()
    reason: str = ""

    @property
    def trouble(self) -> str | None:
        """Why nothing may be sent with this template now, None when it may."""
        label = f"template {self.name} ({self.language})"
        if self.status not in SENDABLE:
            why = f": {self.reason}" if self.reason else ""
            return f"{label} is {self.status.value.replace('_', ' ')} at Meta{why}"
        if self.submitted_as is not None and self.category not in (None, self.submitted_as):
            return (
                f"Meta made {label} {self.category}, we submitted it as {self.submitted_as}; "
                "a person accepts that, or the text changes"
            )
        return None


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
