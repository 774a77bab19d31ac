"""Small word lists, loaded once and folded."""

from functools import cache, lru_cache

from campaigns.book.lists import read_toml
from campaigns.model.fold import fold


@cache
def _lists(name: str) -> dict[str, list[str]]:
    return read_toml(name)


@cache
def name_words(kind: str) -> frozenset[str]:
    """Return the folded words of one list of `name_words.toml`."""
    return frozenset(fold(w) for w in _lists("name_words.toml")[kind])


@cache
def word_list(name: str) -> frozenset[str]:
    """Return the folded words of one list of `words.toml`."""
    return frozenset(fold(word) for word in _lists("words.toml")[name])


@lru_cache(maxsize=1_024)
def is_blank(text: str) -> bool:
    """Whether a value says nothing: empty, a dash, "N/A", "TBA" and the like."""
    return not text or fold(text) in word_list("blank")


def yes_or_no(text: str) -> bool | None:
    """Return what an answer says; None when it says neither, as a blank does."""
    said = fold(text)
    if said in word_list("yes"):
        return True
    return False if said in word_list("no") else None
