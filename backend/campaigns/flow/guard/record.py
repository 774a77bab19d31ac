"""The words of the record: what a message may say because it is the customer's own."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from campaigns.flow.guard import lexicon
from campaigns.flow.guard.reading import Mark, fold
from campaigns.model.facts import Facts
from campaigns.model.notation import CURRENCY_WORD, MONTH_WORD, NUMBER_WORD

_SINGLE = ("the {} zone", "zone {}", "โซน {}", "(among them {})", "(เช่น {})")
_LITTLE = 3  # characters
_FIRST_FEW = 4  # names a shortened list of zones shows
# Only here is "April" or "May" read as a person.
_GREETINGS = ("hi ", "hello ", "hey ", "dear ", "คุณ", "คุณ ")
# Words that mean one and the same platform.
_PLATFORMS = (frozenset({"syb", "syb (multi)", "soundtrack your brand", "soundtrack"}),)
_READS = (NUMBER_WORD, MONTH_WORD, CURRENCY_WORD)


@dataclass(frozen=True, slots=True)
class Literal:
    """Words of the record, folded, in small letters.

    `zones` are the zones they name, when they name any. `exact` is set for names that are
    ordinary words as well: only so spelt are they the name.
    """

    words: str
    fact: str
    mark: Mark
    zones: tuple[str, ...] = ()
    exact: str = ""


def literals(facts: Facts) -> Iterator[Literal]:
    customer = literal(facts.customer)
    yield Literal(customer, "customer", Mark.CUSTOMER, _alike(facts.zone_names, customer))
    yield from _zone_literals(facts.zone_names)
    for name in contact_names(facts):
        yield from _contact_literals(name)
    record = ("brand", "brand_group", "city", "country", "business_type")
    for fact in record:
        if (words := literal(getattr(facts, fact) or "")) and not _risky(words):
            yield Literal(words, fact, Mark.RECORD)
    for name in _sender_names(facts.sender):
        yield Literal(name, "sender", Mark.RECORD)
    for name in _platform_names(facts.platform):
        yield Literal(name, "platform", Mark.RECORD)
    if facts.unsubscribe_url:
        yield Literal(literal(facts.unsubscribe_url), "unsubscribe_url", Mark.LINK)


def _contact_literals(name: str) -> Iterator[Literal]:
    words = name.lower()
    if _risky(words):
        forms = (f"{greeting}{words}" for greeting in _GREETINGS)
        yield from (Literal(form, "contact", Mark.CONTACT) for form in forms)
    else:
        # Somebody called To is not meant by "Reply STOP to opt out".
        common = words in lexicon.words("words.en")
        yield Literal(words, "contact", Mark.CONTACT, exact=name if common else "")


def literal(value: str) -> str:
    """Return a record's value as it stands in a folded, lower-cased message."""
    return _spelt(value).lower()


@lru_cache(maxsize=4096)
def _spelt(value: str) -> str:
    visible = "".join(c for c in value if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join(fold(visible).split())


def _alike(names: Sequence[str], words: str) -> tuple[str, ...]:
    return tuple(name for name in names if literal(name) == words)


def _zone_literals(names: Sequence[str]) -> Iterator[Literal]:
    folded = [words for name in names if (words := literal(name))]
    for few in (folded, folded[:_FIRST_FEW]):
        for form in _lists(few):
            yield Literal(form, "zones", Mark.ZONE, tuple(few))
    for name in names:
        words = literal(name)
        if words and not _risky(words) and not _is_little(words):
            common = words in lexicon.words("words.en")
            yield Literal(words, "zones", Mark.ZONE, (words,), exact=_spelt(name) if common else "")


def _lists(names: list[str]) -> Iterator[str]:
    """Yield the ways a whole list of zones is written; a single odd name only as "the 1 zone"."""
    if len(names) == 1:
        yield from (form.format(names[0]) for form in _SINGLE)
    elif names:
        yield ", ".join(names)
        yield from (
            ", ".join(names[:-1]) + joint + names[-1] for joint in (" and ", " และ ", " & ")
        )


def _risky(words: str) -> bool:
    """Whether a name reads as a number, a month or money: it is no excuse to state one."""
    bare = words.strip(".,")
    return (
        len(bare) < 2
        or bare.replace(".", "").replace(",", "").isnumeric()
        or any(p.fullmatch(form) for p in _READS for form in (bare, bare.title(), bare.upper()))
    )


def _is_little(words: str) -> bool:
    """Whether a name is one of the little words every sentence has: "The", "Us", "All"."""
    little = len(words) <= _LITTLE and words in lexicon.words("words.en")
    return little or words in lexicon.words("openers.en")


def contact_names(facts: Facts) -> set[str]:
    """Return the ways the contact is named, as spelt: whole, in parts, and without "khun"."""
    whole = [_spelt(name) for name in (facts.contact, facts.greeting) if name]
    parts = {part.strip("().,\"'") for name in whole for part in name.split()}
    spoken = {name.removeprefix("คุณ").strip() for name in (*whole, *parts)}
    return {name for name in (*whole, *parts, *spoken) if len(name) > 1}


def _sender_names(sender: str) -> Iterator[str]:
    """Yield the house's name whole and shortened: "BMA Social Team", "BMA Social", "BMA"."""
    words = literal(sender).split()
    yield from (" ".join(words[:n]) for n in range(len(words), 0, -1))


def _platform_names(platform: str | None) -> frozenset[str]:
    if not platform:
        return frozenset()
    name = literal(platform)
    return next((group for group in _PLATFORMS if name in group), frozenset({name}))
