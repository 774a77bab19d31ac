"""How a request was read."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from campaigns.model.customer import Channel


class UnderstoodOut(BaseModel):
    words: str
    meaning: str


class ChoiceOut(BaseModel):
    label: str
    request: str


class QuestionOut(BaseModel):
    text: str
    choices: list[ChoiceOut]


class PlanOut(BaseModel):
    type: str | None
    filters: dict[str, Any]
    exclude: dict[str, Any]
    everyone: bool
    context: str | None
    occasion: str | None
    channels: list[Channel]
    language: str | None
    tone: str | None
    send_at: datetime | None
    understood: list[UnderstoodOut]
    assumptions: list[str]
    not_understood: list[str]
    questions: list[QuestionOut]
    engine: str
    fallback: str | None
