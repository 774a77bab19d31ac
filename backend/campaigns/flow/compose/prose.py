"""The rule for prose: what stands around the slots states nothing a record should state."""

import re
from collections.abc import Callable, Iterator

from campaigns.flow.compose.render import PHRASES, SLOTS
from campaigns.model.locales import OWN
from campaigns.model.notation import CURRENCY_WORD, MONTH_WORD, NUMBER_WORD
from campaigns.model.text import CohortText

_LINK = re.compile(r"(?i)https?:|www\.|[\w.+-]+@\w|(?<=\w)\.(?:com|net|org|io|ly|me|th|example)\b")
# Words a recipient answers with: only the house's own phrases call for them.
_CALL = re.compile(r"(?<![A-Za-z])(?:YES|NO|CALL|STOP)(?![A-Za-z])")
_SLOT = re.compile(r"\{([a-z_]*)\}")


def prose_faults(text: CohortText) -> tuple[str, ...]:
    """Return what the prose of `text` says that only slots may say; empty when it is clean.

    Judged are paragraphs, subject and preheader, not the house's phrases nor the topic. Names
    of the book cannot be known here: the guard finds them in the rendered message.
    """
    places = [("subject", text.subject), ("preheader", text.preheader)]
    places += [
        (f"paragraph {n}", sentence)
        for n, sentences in enumerate(text.paragraphs, start=1)
        for sentence in sentences
    ]
    return tuple(f"{place}: {fault}" for place, prose in places for fault in _faults(prose, text))


def _faults(prose: str, text: CohortText) -> Iterator[str]:
    known = SLOTS | PHRASES | text.phrases.keys()
    for name in _SLOT.findall(prose):
        if name not in known:
            yield f"there is no slot {{{name}}}"
    bare = _SLOT.sub(" ", prose)
    rules = _RULES if text.cohort.language in OWN else _FORM_RULES
    for what, find in rules:
        yield from (f"{what} {found!r}" for found in find(bare))


def _digits(bare: str) -> list[str]:
    return [c for c in bare if c.isnumeric()]


def _figures(bare: str) -> list[str]:
    """Return what is a figure in any script, but for ideographs, which other words are made of."""
    return [c for c in bare if c.isnumeric() and not c.isalpha()]


def _all(pattern: re.Pattern[str]) -> Callable[[str], list[str]]:
    return lambda bare: [m[0] for m in pattern.finditer(bare)]


_RULES: tuple[tuple[str, Callable[[str], list[str]]], ...] = (
    ("digit", _digits),
    ("number word", _all(NUMBER_WORD)),
    ("month", _all(MONTH_WORD)),
    ("currency", _all(CURRENCY_WORD)),
    ("link", _all(_LINK)),
    ("call to action", _all(_CALL)),
    ("open brace", _all(re.compile(r"[{}]"))),
)
# What shows by its form in any language; words of other languages the guard judges, as it can.
_FORM_RULES = (
    ("figure", _figures),
    *(rule for rule in _RULES if rule[0] in {"link", "call to action", "open brace"}),
)
