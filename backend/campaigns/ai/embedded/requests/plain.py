"""Words of a clause about us that stand where only such a word can: what each may be, and where.

A bare adjective may be a rule ("it has to be rustic"), and so may a bare noun behind "is" ("the idea
is charm"). Each word is one that says when or how, a verb where a verb belongs, a noun behind its
article, a harmless noun behind a preposition or a verb, or a mood behind "am".
"""

import re
from collections.abc import Sequence
from functools import cache

from campaigns.ai.embedded.requests import harmless
from campaigns.ai.embedded.requests.lists import table
from campaigns.flow.guard import lexicon

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
TITLES = ("khun", "k", "mr", "mrs", "ms", "miss", "dr", "p'")
_CONTRACTED = re.compile("(?<!let)(?:'(?:m|s|re|ve|ll|d)|n't)$")
_FULL = {"won't": "will", "can't": "can", "shan't": "shall", "cannot": "can"}
# Words that may open a rule, and the list of what keeps them on us.
_LEADS_TO = {
    **dict.fromkeys(("if", "when", "once", "until"), "ours"),
    **dict.fromkeys(("should", "must"), "have"),
    "budget": "small",
}
_NEAR = 40  # characters in which the words before stand


@cache
def listed(name: str) -> frozenset[str]:
    """Return a list of words of remarks.toml."""
    return frozenset(table("remarks.toml")[name].split())


def said_plainly(word: str) -> str:
    """Return a word in small letters without what is contracted: "I've" is "i"."""
    return _FULL.get(word) or _CONTRACTED.sub("", word)


def is_ordinary(word: str) -> bool:
    """Whether `word`, as it is written, is an ordinary English word and nobody's name."""
    base = re.split("['’]", word)[0]
    known = base in lexicon.words("ordinary.en") or base in lexicon.words("words.en")
    small = base.lower() in listed("small")  # "I'll"
    return known or small or harmless.holds(base) or base in listed("numbers")


def asks_for_some(text: str, start: int, end: int) -> bool:
    """Whether a word in `start` to `end` of `text` asks for somebody, or says what customers are.

    What counts ("some", "last", "for") asks for nobody where its noun is a harmless one, nor does
    what somebody of ours is: "I'm busy", "for the board", "a few days", "last night".
    """
    found = [*WORD.finditer(text, max(0, start - _NEAR), min(len(text), end + _NEAR))]
    words = [said_plainly(word[0]) for word in found]
    asking = listed("wanting") | listed("theirs")
    return any(
        word in asking and start <= found[at].start() < end and not _is_innocent(words, at)
        for at, word in enumerate(words)
    )


def _is_innocent(words: Sequence[str], at: int) -> bool:
    """Whether the word at `at`, which may ask for somebody, has a harmless noun or verb."""
    word = words[at]
    behind = [one for one in words[at + 1 : at + 6] if one not in listed("hedges")]
    first = behind[0] if behind else ""
    if harmless.is_mood(word):
        return _led(words[:at]) in listed("seeming") or harmless.is_time(first)
    if word == "mind":
        return words[at - 1 : at] in (["my"], ["our"], ["his"], ["her"])
    if word in ("just", "only") and first:
        return is_verb(first) and not first.endswith("ing")
    return _leads_to(word, first) if word in _LEADS_TO else _counts_harmless(word, behind)


def _leads_to(word: str, first: str) -> bool:
    """Whether `first`, behind a word that may open a rule, keeps it on us: "should have", "if I"."""
    if not first:
        return word == "budget"  # "now that there is budget"
    return first in listed(_LEADS_TO[word]) or (word != "should" and harmless.is_time(first))


def _counts_harmless(word: str, behind: list[str]) -> bool:
    """Whether what a word counts or leads to is a harmless noun: "a few days", "for the board"."""
    if word not in listed("counting"):
        return False
    while behind and (behind[0] in listed("determiners") or harmless.is_mood(behind[0])):
        del behind[0]
    return bool(behind) and (harmless.is_noun(behind[0]) or harmless.is_time(behind[0]))


def _led(before: Sequence[str]) -> str:
    """Return the last word that is no hedge: of "it is really quite" it is "is"."""
    words = [
        word for word in before if word not in listed("hedges") and not harmless.is_adverb(word)
    ]
    return words[-1] if words else ""


def is_plain(text: str, word: re.Match[str], subject: int) -> bool:
    """Whether `word` of a clause, whose subject ends at character `subject`, stands in its place."""
    said = said_plainly(word[0])
    before = [w[0] for w in WORD.finditer(text, max(0, word.start() - _NEAR), word.start())]
    contracted = bool(before) and said_plainly(before[-1]) != before[-1]
    if (contracted or _led_by_this(before)) and is_verb(said):
        return True
    led = _led([said_plainly(w) for w in before])
    if _says_when_or_how(said) or (said in listed("numbers") and counts_time(text, word.end())):
        return True
    if harmless.is_time(said) or led in TITLES:
        return led not in listed("defining")
    if led in listed("determiners"):
        return (
            _ends_noun(text, word)
            or _modifies_harmless(text, word)
            or harmless.is_mood(said)
            or harmless.is_noun(said)
        )
    if led in listed("being") or contracted:
        doing = said.endswith(("ing", "ed")) and is_verb(said)
        return doing or harmless.is_mood(said) or said in listed("irregular")
    begins = not text[subject : word.start()].strip()
    verb = begins or led in listed("leading")
    return (verb and is_verb(said)) or _is_in_place(said, led)


def _led_by_this(before: Sequence[str]) -> bool:
    """Whether "this" or "that" stands before, which may do something itself: "that makes sense"."""
    return before[-1:] in (["this"], ["that"], ["it"])


@cache
def says_how(word: str) -> bool:
    """Whether `word` is an adverb that narrows nothing: "respectfully", but neither "locally" nor "hilly"."""
    stem = word.removesuffix("ly")
    made = stem != word and any(map(is_ordinary, (stem, f"{stem}le", f"{stem[:-1]}y", stem[:-2])))
    return (made or harmless.is_adverb(word)) and word not in listed("narrowing")


def _says_when_or_how(said: str) -> bool:
    return says_how(said) or said in listed("small") or said in listed("hedges") or said in TITLES


def counts_time(text: str, end: int) -> bool:
    """Whether the number that ends at `end` counts a stretch of time: "in ten minutes"."""
    behind = WORD.search(text, end)
    return behind is not None and harmless.is_time(behind[0])


def _ends_noun(text: str, word: re.Match[str]) -> bool:
    """Whether no further noun follows at once, so that it is itself the noun."""
    behind = WORD.search(text, word.end())
    return (
        behind is None
        or not text[word.end() : behind.start()].isspace()
        or _says_when_or_how(said_plainly(behind[0]))
    )


def _modifies_harmless(text: str, word: re.Match[str]) -> bool:
    """Whether a harmless noun follows at once: "my earlier message"."""
    behind = WORD.match(text, word.end() + 1)
    noun = said_plainly(behind[0]) if behind else ""
    return harmless.is_noun(noun) or harmless.is_time(noun)


def _is_in_place(said: str, led: str) -> bool:
    """Whether a harmless noun, a mood or a verb stands behind what may lead to it."""
    noun = harmless.is_noun(led) or harmless.is_time(led)
    if harmless.is_noun(said):
        return led not in listed("defining") and led != "for"
    if harmless.is_mood(said):
        return led in listed("seeming") or led == "and"
    goes_on = noun or led in listed("continuing")
    return is_verb(said) and (goes_on if said.endswith("ing") else noun or led == "and")


@cache
def is_verb(word: str) -> bool:
    """Whether an ordinary word has the forms of a verb: "draw, drawing", but no "rusticing"."""
    if word in listed("irregular") or harmless.is_verb(word):
        return True
    bases = {word, word.removesuffix("s"), word.removesuffix("es"), f"{word.removesuffix('ies')}y"}
    for ending in ("ed", "ing"):
        stem = word.removesuffix(ending)
        if stem != word:
            bases |= {stem, f"{stem}e", stem[:-1] if stem[-1:] == stem[-2:-1] else stem}
    return any(
        is_ordinary(base)
        and any(is_ordinary(f) for f in (f"{base}ing", f"{base[:-1]}ing", f"{base}{base[-1:]}ing"))
        for base in bases
        if len(base) > 1
    )
