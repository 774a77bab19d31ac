"""Whether a Thai spelling can be a name that the book writes in Latin letters.

"Somchai" in the book is "สมชาย" in a Thai message. Vowels, r, y, w and h are romanised too
freely to compare (Royal Institute's own rules aside), so both are brought to a skeleton of the
other consonants, Thai finals allowing the sound they end a syllable with.
"""

import re

# Thai consonants -> what a romanised name may show for them, as a pattern over `_LATIN` codes.
_THAI = {
    letter: pattern
    for letters, pattern in (
        ("กขฃคฅฆ", "k"),
        ("ง", "N"),
        ("จฉชฌ", "[ct]"),
        ("ซศษส", "[st]"),
        ("ดตฎฏถทธฐฑฒ", "t"),
        ("นณ", "n"),
        ("ญ", "n?"),
        ("บปผพภ", "p"),
        ("ฝฟ", "[fp]"),
        ("ม", "m"),
        ("รฬ", "n?"),
        ("ล", "[ln]"),
        ("ยวหฮอ", ""),
    )
    for letter in letters
}
_SPELT = re.compile("ch|sh|ng|ph|th|kh|ck|[a-z]")
_LATIN = {
    "ch": "c", "sh": "c", "j": "c", "ng": "N", "ph": "p", "b": "p", "p": "p", "th": "t", "d": "t",
    "t": "t", "kh": "k", "ck": "k", "g": "k", "q": "k", "c": "k", "k": "k", "x": "ks", "z": "s",
    "s": "s", "n": "n", "m": "m", "l": "l", "f": "f",
}  # fmt: skip
_REPEATED = re.compile(r"(.)\1+")
_SILENCED = re.compile("([ก-ฮ])[ิุ]?์")  # under thanthakhat: not spoken, yet often romanised
_FIRST_THAI = {"อ": "aeiou", "ว": "wv", "ย": "yj", "ญ": "yn", "ร": "rl", "ห": "hnmlrwyp", "ฮ": "h"}


def spells(thai: str, latin: str) -> bool:
    """Whether `thai` can be the Thai spelling of the one-word Latin name `latin`.

    >>> spells("สมชาย", "Somchai"), spells("สมศักดิ์", "Somchai"), spells("พลอย", "Ploy")
    (True, False, True)
    """
    silent = {m.start(1) for m in _SILENCED.finditer(thai)}
    spoken = [(c, at in silent) for at, c in enumerate(thai) if c in _THAI]
    if not spoken or not latin.isascii() or not latin.isalpha():
        return False
    allowed = _FIRST_THAI.get(spoken[0][0])
    if allowed and latin[0].lower() not in allowed:
        return False
    parts = [f"(?:{_THAI[c]})?" if silenced else _THAI[c] for c, silenced in spoken]
    kept = [p for n, p in enumerate(parts) if p and (n == 0 or p != parts[n - 1])]
    return bool(re.fullmatch("".join(kept), _skeleton(latin)))


def _skeleton(latin: str) -> str:
    coded = "".join(_LATIN.get(sound, "") for sound in _SPELT.findall(latin.lower()))
    return _REPEATED.sub(r"\1", coded)
