"""What the house decided about its voice: its offers and the tone each customer is spoken to in."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from campaigns.ai.embedded.texts.tables import table
from campaigns.model.offer import Offer
from campaigns.model.plan import Tone

EVERYBODY_ELSE = "everybody else"


def house_offers(off: Iterable[str] = ()) -> tuple[Offer, ...]:
    """Return the house offers that may be stated, without the keys in `off`.

    Raises ValueError when `off` names an offer that does not exist: a misspelt key would leave
    the promise standing.
    """
    known, switched_off = table("offers"), frozenset(off)
    if unknown := switched_off - known.keys():
        raise ValueError(f"there is no offer {sorted(unknown)}; there are {sorted(known)}")
    return tuple(
        Offer(key=key, promise=offer["promise"], source=offer["source"])
        for key, offer in known.items()
        if key not in switched_off
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """Which tone each customer is spoken to in, and how each tone speaks.

    `tones` maps brands, brand groups and business types, in lower case, to tones; "" holds the
    tone for everybody else. `words` tell a model how a tone speaks.
    """

    tones: Mapping[str, Tone]
    words: Mapping[Tone, str]


def house_voices(own: str = "") -> Voices:
    """Return the house's voices, with those of `own`, a TOML text, put over them.

    Raises ValueError naming what in `own` is malformed.
    """
    tones = {name: Tone(tone) for part in table("tones").values() for name, tone in part.items()}
    words = {Tone(tone): said for tone, said in table("voices").items()}
    given = tomllib.loads(own)
    if unknown := given.keys() - {"tones", "voices"}:
        raise ValueError(f"there is no part [{min(unknown)}]; there are [tones] and [voices]")
    for name, tone in _strings(given, "tones"):
        tones["" if name == EVERYBODY_ELSE else name.casefold()] = _tone(tone)
    for tone, said in _strings(given, "voices"):
        words[_tone(tone)] = said
    return Voices(tones=tones, words=words)


def _strings(given: Mapping[str, object], part: str) -> Iterator[tuple[str, str]]:
    entries = given.get(part, {})
    if not isinstance(entries, dict):
        raise ValueError(f"[{part}] must be a table of names and words")  # noqa: TRY004 - told to the person who wrote the file
    for name, value in entries.items():
        if not isinstance(value, str) or not value.strip():
            raise ValueError(f"[{part}] {name}: must be words in quotes")
        yield name, value


def _tone(word: str) -> Tone:
    if word not in tuple(Tone):
        raise ValueError(f"there is no tone {word!r}; there are {', '.join(Tone)}")
    return Tone(word)
