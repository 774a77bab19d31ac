"""The words of the two languages, each with its sense; the vocabulary's values come on top."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from campaigns.ai.embedded.requests import amounts, timewords
from campaigns.ai.embedded.requests.lists import phrases, table
from campaigns.ai.embedded.requests.senses import (
    Occasion,
    Purpose,
    Sense,
    Sounds,
    Speaks,
    Tag,
    Via,
    Word,
)
from campaigns.ai.embedded.requests.tokens import PART, WHOLE, word_key
from campaigns.ai.embedded.requests.trie import Trie
from campaigns.model.customer import Channel
from campaigns.model.plan import Attribute, CampaignType, Tone

_FORGIVABLE = (
    Tag.NOT,
    Tag.WHO,
    Tag.EVERYONE,
    Tag.MESSAGE,
    Tag.CONTRACT,
    Tag.ENDS,
    Tag.ENDED,
    Tag.TOPIC,
    Tag.NEWS,
)
_SHORTEST_FORGIVEN = 5
_FILES = ("english.toml", "thai.toml")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All phrases with their senses, and the single words they are made of."""

    phrases: Trie[Sense]
    words: frozenset[str]
    forgivable: frozenset[str]  # the words that a typo may be forgiven in
    thai: dict[str, int]  # Thai words with what each costs a cut


@cache
def lexicon() -> Lexicon:
    """Return the lexicon, read once."""
    known: Trie[Sense] = Trie()
    words: set[str] = set(timewords.known_words() | amounts.known_words())
    forgivable = set(timewords.names_of_days_and_months())
    thai = {word: WHOLE for word in words if not word.isascii()}
    for phrase, sense in _entries():
        keys = tuple(word_key(word) for word in phrase.split())
        known.add(keys, sense)
        words.update(keys)
        for key in (k for k in keys if not k.isascii()):
            thai[key] = min(thai.get(key, PART), WHOLE if len(keys) == 1 else PART)
        if isinstance(sense, Speaks):
            continue  # "in Germany" is no slip of "in German"
        if not isinstance(sense, Word) or sense.tag in _FORGIVABLE:
            forgivable.update(k for k in keys if k.isascii() and len(k) >= _SHORTEST_FORGIVEN)
    return Lexicon(known, frozenset(words), frozenset(forgivable), thai)


@cache
def value_words() -> dict[tuple[Attribute, str], tuple[str, ...]]:
    """Return words for values that the customer book has none for: sizes, peoples, regions."""
    found: dict[tuple[Attribute, str], tuple[str, ...]] = {}
    for name in _FILES:
        for attribute, values in table(name)["values"].items():
            for value, patterns in values.items():
                key = (Attribute(attribute), value)
                words = tuple(phrases(patterns))
                found[key] = (*found.get(key, ()), *words)
    return found


def _entries() -> Iterator[tuple[str, Sense]]:
    for name in _FILES:
        content = table(name)
        for tag, patterns in content["tags"].items():
            yield from _expanded(patterns, Word(Tag(tag)))
        for row in content["purpose"]:
            yield from _expanded(row["words"], _purpose(row))
        for key, patterns in content["occasions"].items():
            yield from _expanded(patterns, Occasion("" if key == "other" else key))
        for key, patterns in content["channels"].items():
            yield from _expanded(patterns, Via(Channel(key)))
        for key, patterns in content["languages"].items():
            yield from _expanded(patterns, Speaks(key))
        for key, patterns in content["tones"].items():
            yield from _expanded(patterns, Sounds(Tone(key)))


def _expanded(patterns: str, sense: Sense) -> Iterator[tuple[str, Sense]]:
    for phrase in phrases(patterns):
        yield phrase, sense


def _purpose(row: dict[str, Any]) -> Purpose:
    return Purpose(
        type=CampaignType(row["type"]),
        strong=row.get("strong", True),
        opens=row.get("opens", False),
        undone=row.get("undone", False),
    )
