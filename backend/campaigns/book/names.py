"""How to greet a contact, from the many ways a name stands in the book."""

import re
from functools import cache

from campaigns.book.clean import cleaned
from campaigns.book.lists import read_toml
from campaigns.book.words import is_blank
from campaigns.model.fold import fold, words

_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_THAI = re.compile("[\u0e00-\u0e7f]")
_NOT_A_NAME = re.compile(r"[\d@?/\\&+=<>|]|\band\b", re.IGNORECASE)
_THAI_TITLE = re.compile(r"^(?:คุณ|นางสาว|นาย|นาง|น\.ส\.|ดร\.)\s*")


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(fold(word) for word in read_toml("names.toml")[name])


def person_name(written: str) -> str | None:
    """Return the name fit to be shown, None when the book has none."""
    name = cleaned(written)
    return None if is_blank(name) else name


def greeting_of(name: str | None) -> str | None:
    """Return how to address the person: the name they go by, or None when it cannot be told.

    "Rudolf Falk" and "FALK, Rudolf" and "Rudolf FALK" give "Rudolf"; "Jit (Jittima) Suk" and
    "Jittima Suk (Jit)" give the nickname "Jit"; "Khun Noi" and "คุณน้อย ใจดี" keep the courtesy
    ("Khun Noi", "คุณน้อย"). Desks ("Front Office"), two people and initials give None.
    """
    if name is None or names_desk(name) or _NOT_A_NAME.search(name):
        return None
    if _THAI.search(name):
        return _thai_greeting(name)
    bare = " ".join(_BRACKETS.sub(" ", name).split())
    nickname = _nickname(name, bare)
    if nickname:
        return nickname
    if "," in bare:
        surname, _, given = bare.partition(",")
        return _given(given.split(), surname_known=True) if surname.strip() else None
    return _given(bare.split())


def names_desk(name: str) -> bool:
    """Whether a "name" is a desk or a role ("Front Office", "GM") and no person."""
    folded = fold(name)
    if any(word in _list("desk") for word in (*words(name), *folded.split())):
        return True
    return any(word in folded for word in _list("desk") if not word.isascii())


def _nickname(name: str, bare: str) -> str | None:
    """Read "Nick (Full) Name" and "Full Name (Nick)"; the shorter of the two goes by."""
    match = _BRACKETS.search(name)
    if match is None or not bare:
        return None
    inside = match[1].split()
    before = name[: match.start()].split()
    if len(inside) != 1 or not _is_word(inside[0]):
        return None
    at_end = not name[match.end() :].strip()
    if at_end and len(before) > 1:
        return _cased(inside[0])
    return _given(before) if before else None


def _given(parts: list[str], *, surname_known: bool = False) -> str | None:
    courtesy = ""
    kept: list[str] = []
    for part in parts:
        folded = fold(part.rstrip("."))
        if folded in _list("courtesy") and not kept:
            courtesy = "Khun "
        elif folded not in _list("title") or kept:
            kept.append(part)
    if not surname_known and len(kept) > 1:
        # A surname in capitals tells itself: "FALK Rudolf" and "Rudolf FALK".
        kept = [p for p in kept if not (p.isupper() and _is_word(p))] or kept
    given = next((p for p in kept if fold(p) not in _list("particle")), None)
    if given is None or not _is_word(given):
        return None
    return courtesy + _cased(given)


def _thai_greeting(name: str) -> str | None:
    bare = " ".join(_BRACKETS.sub(" ", name).split())
    inside = _BRACKETS.search(name)
    if inside and _THAI.search(inside[1]) and len(inside[1].split()) == 1:
        return "คุณ" + _THAI_TITLE.sub("", inside[1].strip())
    given = _THAI_TITLE.sub("", bare).split()
    return "คุณ" + given[0] if given and _THAI.search(given[0]) else None


def _is_word(text: str) -> bool:
    letters = text.replace("'", "").replace("’", "").replace("-", "")
    return len(letters) > 1 and letters.isalpha()


def _cased(text: str) -> str:
    return text.capitalize() if text.isupper() or text.islower() else text
