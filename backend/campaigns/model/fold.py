"""The one matching fold: two spellings of the same words fold to the same text.

Matching folds; storing and showing never does. Case, accents, dashes, apostrophes, quotes,
HTML entities, soft hyphens, invisible characters, digits of other scripts and runs of space are
folded. Thai is left whole: its vowel and tone marks are letters, not accents.
"""

import html
import re
import unicodedata
from functools import lru_cache

# "&amp;", "&amp;amp;", "&#38;" and the hand-typed "& amp" are all an ampersand.
_AMPERSAND = re.compile(r"&(?:\s?amp\b;?|#0*38;|#x0*26;)+", re.IGNORECASE)
# Only entities that end in a semicolon: "R&notes" holds no negation sign.
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8}\d?);")
# Soft hyphen, zero-width and direction marks, byte order mark, control characters but spaces.
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\x00-\x08\x0e-\x1b\x7f]"
)
_ACCENT = re.compile("[\u0300-\u036f]")
_LETTERS = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-"),
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bb\u02bc\u00b4`\uff07", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02", '"'),
        "ø": "o",
        "Ø": "o",
        "ł": "l",
        "Ł": "l",
        "đ": "d",
        "Đ": "d",
        "ð": "d",
        "Ð": "d",
        "þ": "th",
        "Þ": "th",
        "æ": "ae",
        "Æ": "ae",
        "œ": "oe",
        "Œ": "oe",
        "ı": "i",
    }
)
_WORD = re.compile(r"[^\W_]+", re.UNICODE)


def unescape(text: str) -> str:
    """Return `text` with HTML entities replaced, also doubly escaped and hand-typed ones.

    >>> unescape("Bed &amp;amp; Breakfast & amp Bar")
    'Bed & Breakfast & Bar'
    """
    while "&" in text:
        plain = _ENTITY.sub(lambda m: html.unescape(m[0]), _AMPERSAND.sub("&", text))
        if plain == text:
            break
        text = plain
    return text


@lru_cache(maxsize=2_048)
def fold(text: str) -> str:
    r"""Return the form of `text` that matching compares; folding twice changes nothing more.

    >>> fold("  Meliá\u00ad  Chiang  Mai – D’Or &amp; Co ")
    "melia chiang mai - d'or & co"
    >>> fold("โรงแรม ๕ ดาว")
    'โรงแรม 5 ดาว'
    """
    if text.isascii() and "&" not in text and "`" not in text:
        return " ".join(_INVISIBLE.sub("", text).lower().split())
    text = unescape(text).translate(_LETTERS)
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    text = _ACCENT.sub("", _INVISIBLE.sub("", text)).translate(_LETTERS)
    text = "".join(map(_western_digit, text))
    # Compatibility forms can decompose into an ampersand or a dash: unescape and fold those too.
    return " ".join(unescape(unicodedata.normalize("NFC", text)).split())


@lru_cache(maxsize=1_024)
def words(text: str) -> tuple[str, ...]:
    """Return the folded words of `text`: runs of letters, marks and digits, apostrophes dropped.

    Scripts that write no spaces between words (Thai) give one word per run.

    >>> words("Men’s Bar & Grill – 25hours")
    ('mens', 'bar', 'grill', '25hours')
    """
    return tuple(_split(fold(text).replace("'", "")))


def _split(folded: str) -> list[str]:
    # Python's \w leaves out combining marks (Thai vowels among them), so they are joined back.
    if folded.isascii():
        return _WORD.findall(folded)
    kept = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in folded)
    return kept.split()


def _western_digit(char: str) -> str:
    return str(unicodedata.digit(char)) if char.isdecimal() and not char.isascii() else char
