"""Which language a reply is in: by script where that decides, else by its small words."""

from collections import Counter
from functools import cache

from campaigns.ai.embedded.replies.data import table
from campaigns.ai.embedded.replies.fold import END, Folded

DEFAULT = "en"

# (first code point, last, language) for scripts that one of our languages is written in.
_SCRIPTS = (
    (0x0E00, 0x0E7F, "th"),
    (0x0E80, 0x0EFF, "lo"),
    (0x1000, 0x109F, "my"),
    (0x1780, 0x17FF, "km"),
    (0x3040, 0x30FF, "ja"),
    (0x3400, 0x9FFF, "zh"),
    (0xAC00, 0xD7AF, "ko"),
    (0x1100, 0x11FF, "ko"),
    (0x0600, 0x06FF, "ar"),
    (0x0900, 0x097F, "hi"),
    (0x0400, 0x04FF, "ru"),
)
_LATIN_PER_LETTER = 6  # a name in another script does not make an English mail Thai
_TELLING = 3  # a telling word counts as so many small ones


def language_of(text: str, folded: Folded) -> str:
    """Return the ISO 639-1 code of the language of a reply, "en" when nothing speaks."""
    scripts = Counter(filter(None, map(_script, text)))
    latin = scripts.pop("latin", 0)
    if scripts:
        first, letters = scripts.most_common(1)[0]
        if letters * _LATIN_PER_LETTER >= latin:
            return "ja" if first == "zh" and scripts["ja"] else first
    return _latin(folded)


def _script(character: str) -> str:
    code = ord(character)
    if code < 0x0250:
        return "latin" if character.isalpha() else ""
    return next((name for first, last, name in _SCRIPTS if first <= code <= last), "")


def _latin(folded: Folded) -> str:
    words = Counter(w for w in folded.spaced.split() if w != END)
    scores = {
        language: sum(
            n * (_TELLING if word in telling else word in small) for word, n in words.items()
        )
        for language, (small, telling) in _small_words().items()
    }
    best = max(scores, key=lambda language: (scores[language], language == DEFAULT))
    return best if scores[best] > scores[DEFAULT] else DEFAULT


@cache
def _small_words() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    data = table("language")
    telling = data["telling"]
    return {
        language: (frozenset(words.split()), frozenset(telling.get(language, "").split()))
        for language, words in data.items()
        if language != "telling"
    }
