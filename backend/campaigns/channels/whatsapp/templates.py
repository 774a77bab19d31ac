"""News about our templates: approved, paused, rejected, recategorised, their quality.

Source: webhook references "message_template_status_update", "message_template_quality_update"
and "template_category_update", read 2026-11-23.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from campaigns.model.template import TemplateCategory, TemplateNews, TemplateStatus


class _OtherInfo(BaseModel):
    title: str = ""
    description: str = ""


class _Rejection(BaseModel):
    reason: str = ""
    recommendation: str = ""


class _Update(BaseModel):
    message_template_id: int | str = ""
    message_template_name: str
    message_template_language: str
    event: str = ""
    reason: str | None = None
    message_template_category: str | None = None
    other_info: _OtherInfo = _OtherInfo()
    rejection_info: _Rejection = _Rejection()
    new_quality_score: str | None = None
    new_category: str | None = None

    @property
    def words(self) -> str:
        """Why, in Meta's words."""
        said = (
            self.other_info.description,
            self.rejection_info.reason,
            self.rejection_info.recommendation,
            "" if self.reason in (None, "NONE") else self.reason,
        )
        return ". ".join(part for part in said if part)


def status_of(word: str) -> TemplateStatus:
    """Return the status Meta's word stands for."""
    try:
        return TemplateStatus(word.lower())
    except ValueError:
        return TemplateStatus.UNKNOWN


def category_of(word: str | None) -> TemplateCategory | None:
    """Return the category Meta's word stands for, None for none or one not known here."""
    try:
        return TemplateCategory(word.lower()) if word else None
    except ValueError:
        return None


def language_of(code: str) -> str:
    """Return a language code in the form templates are sent with: "en_US", also from "en-US"."""
    return code.replace("-", "_")


def status_update(item: dict[str, Any], at: datetime) -> Iterator[TemplateNews]:
    """Read a template's new status."""
    told = _Update.model_validate(item)
    yield replace(
        _about(told, at),
        status=status_of(told.event),
        category=category_of(told.message_template_category),
        reason=told.words,
    )


def quality_update(item: dict[str, Any], at: datetime) -> Iterator[TemplateNews]:
    """Read a template's new quality."""
    told = _Update.model_validate(item)
    yield replace(_about(told, at), quality=told.new_quality_score)


def category_update(item: dict[str, Any], at: datetime) -> Iterator[TemplateNews]:
    """Read a template's new category; a mere announcement of one has none yet."""
    told = _Update.model_validate(item)
    yield replace(_about(told, at), category=category_of(told.new_category))


def _about(told: _Update, at: datetime) -> TemplateNews:
    return TemplateNews(
        name=told.message_template_name,
        language=language_of(told.message_template_language),
        provider_id=str(told.message_template_id),
        at=at,
    )
