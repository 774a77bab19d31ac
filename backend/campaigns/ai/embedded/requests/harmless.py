"""Ordinary words that choose no customers in a clause of their own (data/harmless.toml)."""

from functools import cache

from campaigns.ai.embedded.requests.lists import table

_ENDINGS = (("ies", "y"), ("es", ""), ("s", ""), ("'s", ""))


@cache
def _nouns() -> frozenset[str]:
    return frozenset().union(*(_words(name, "nouns") for name in table("harmless.toml")["nouns"]))


@cache
def _words(name: str, part: str = "words") -> frozenset[str]:
    return frozenset(table("harmless.toml")[part][name].split())


@cache
def is_noun(word: str) -> bool:
    """Whether `word`, in small letters, one or many, is a thing that no customer is or has."""
    return word in _nouns() or any(
        word.endswith(ending) and word.removesuffix(ending) + rest in _nouns()
        for ending, rest in _ENDINGS
    )


def is_ours(word: str) -> bool:
    """Whether `word` is somebody of ours, or of our families."""
    people = _words("people", "nouns")
    return word in people or word.removesuffix("es") in people


def is_adverb(word: str) -> bool:
    """Whether `word` only says how, why or how likely."""
    return word in _words("adverbs")


def is_mood(word: str) -> bool:
    """Whether `word` says how somebody, a day or a thing is: "desperate", "hectic"."""
    return word in _words("moods")


def is_time(word: str) -> bool:
    """Whether `word` is a stretch of time, or one of its names."""
    return word in _words("times")


@cache
def is_verb(word: str) -> bool:
    """Whether `word` is a form of a verb of the list."""
    stems = {word, word.removesuffix("s"), word.removesuffix("es"), word.removesuffix("d")}
    for ending in ("ed", "ing"):
        stem = word.removesuffix(ending)
        stems |= {stem, f"{stem}e", stem[:-1]} if stem != word else set()
    if word.endswith(("ied", "ies")):
        stems.add(f"{word[:-3]}y")
    return not stems.isdisjoint(_words("verbs"))


def holds(word: str) -> bool:
    """Whether `word` is in any of the lists."""
    listed = is_noun(word) or is_adverb(word) or is_mood(word)
    return listed or is_time(word) or is_verb(word)
