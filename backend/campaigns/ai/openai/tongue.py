"""A text in a language the house has no words of: the model gives its fixed phrases as well.

What is checked is its form: the same slots in every phrase, the words that answers are read by,
no figure beside the slots. Whether it is good, and says what it should, a person reads.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from pydantic import BaseModel

from campaigns.ai.openai.question import Refused
from campaigns.model.customer import Channel
from campaigns.model.slots import slots_in
from campaigns.model.text import Cohort, CohortText, ZoneWords

_SCALE = "0–10"
_KEYWORD = re.compile(r"\b(?:YES|CALL|STOP)\b", re.ASCII)
_FRAME = {"button": "Reply YES", "leave": "Unsubscribe"}  # of an e-mail
_LONGEST = 300  # characters of a phrase
_ZONES = ZoneWords(
    many="all {count} zones",
    unnamed="your zone",
    single="the {name} zone",
    among=" (among them {names})",
    names="{names}",
)
_OPEN = {"many": "count", "single": "name", "among": "names", "names": "names"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongues:
    """What is written where the house has no texts in a customer's language.

    `house` is the house's own language, for when the model cannot; `carries` tells whether a
    channel takes texts in a language.
    """

    house: str = "en"
    carries: Callable[[Channel, str], bool] = lambda channel, language: True


class Phrase(BaseModel):
    """One of the house's fixed phrases in another language."""

    key: str
    words: str


class Zones(BaseModel):
    """How a language speaks of zones, as `model.text.ZoneWords`."""

    many: str
    unnamed: str
    single: str
    among: str
    names: str


class ForeignText(BaseModel):
    """A text in slot form with its phrases, as the model answers."""

    subject: str
    preheader: str
    paragraphs: list[list[str]]
    phrases: list[Phrase]
    zones: Zones


def example(base: CohortText, own: list[list[str]]) -> str:
    """Return the house's text as the model is shown it; `own` are the paragraphs it may write."""
    form = ForeignText(
        subject=base.subject,
        preheader=base.preheader,
        paragraphs=own,
        phrases=[Phrase(key=key, words=words) for key, words in _phrases(base).items()],
        zones=Zones(
            many=_ZONES.many,
            unnamed=_ZONES.unnamed,
            single=_ZONES.single,
            among=_ZONES.among,
            names=_ZONES.names,
        ),
    )
    return json.dumps(form.model_dump(), ensure_ascii=False, indent=1)


def with_phrases(text: CohortText, answer: ForeignText, cohort: Cohort) -> CohortText:
    """Return `text`, whose phrases are still the house's, with the model's, for `cohort`.

    Raises Refused with what does not hold.
    """
    said = {phrase.key: phrase.words.strip() for phrase in answer.phrases}
    reasons = [*_phrase_faults(_phrases(text), said), *_zone_faults(answer.zones)]
    if reasons:
        raise Refused("Write it again without these faults: " + "; ".join(reasons[:6]))
    kept = {key: said[key] for key in _phrases(text)}
    scale = {"scale": _SCALE} if "scale" in text.phrases else {}
    zones = ZoneWords(**answer.zones.model_dump())
    return replace(text, cohort=cohort, phrases=kept | scale, zone_words=zones, vetted=None)


def _phrases(base: CohortText) -> dict[str, str]:
    """Return the phrases to be said in another language: all but the scale, and an e-mail's frame."""
    frame = _FRAME if base.cohort.channel is Channel.EMAIL else {}
    return {key: words for key, words in base.phrases.items() if key != "scale"} | frame


def _phrase_faults(wanted: dict[str, str], said: dict[str, str]) -> Iterator[str]:
    for key, house in wanted.items():
        words = said.get(key, "")
        if not words:
            yield f"the phrase {key!r} is missing"
        elif len(words) > _LONGEST:
            yield f"the phrase {key!r} is longer than {_LONGEST} characters"
        elif [slots_in([part]) for part in words.split("||")] != [
            slots_in([part]) for part in house.split("||")
        ]:
            yield f"the phrase {key!r} needs the slots and alternatives of {house!r}"
        elif sorted(_KEYWORD.findall(words)) != sorted(_KEYWORD.findall(house)):
            yield f"the phrase {key!r} must keep the words in capitals of {house!r}"
        elif fault := _figure(re.sub(r"\{[a-z_]+\}", "", words)):
            yield f"the phrase {key!r} holds {fault!r}"


def _zone_faults(zones: Zones) -> Iterator[str]:
    for key, words in zones.model_dump().items():
        wanted = f"{{{_OPEN[key]}}}" if key in _OPEN else ""
        if not words.strip() or words.count(wanted or "{") != bool(wanted):
            yield f"the zone words {key!r} must hold {wanted or 'no slot'}"
        elif fault := _figure(words.replace(wanted, "") if wanted else words):
            yield f"the zone words {key!r} hold {fault!r}"


def _figure(words: str) -> str | None:
    """Return the first sign that is a figure, a brace or a bracket."""
    found = (c for c in words if c in "{}[]" or (c.isnumeric() and not c.isalpha()))
    return next(found, None)
