"""A variant: one of several texts a campaign tries on parts of the same audience."""

from collections.abc import Mapping
from dataclasses import dataclass

from campaigns.model.plan import Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWords:
    """A person's words in slot form; lines are paragraphs. `subject` is for e-mail, "" keeps ours."""

    text: str
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One arm: its letter ("a", "b"), what to call it, its part of the audience, how it differs.

    `share` counts parts: 2 beside 1 is two thirds. `tone` overrules every other rule for tones.
    `words`, by language (ISO 639-1), take the place of the text between greeting and call to
    action; without them the text is the writer's own.
    """

    key: str
    name: str
    share: int = 1
    tone: Tone | None = None
    words: Mapping[str, OwnWords] | None = None
