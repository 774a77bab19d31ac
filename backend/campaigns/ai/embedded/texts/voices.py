"""What the house decided about its voice: its offers and the tone each customer is spoken to in."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from campaigns.ai.embedded.texts.tables import table
from campaigns.model.errors import SettingInvalid
from campaigns.model.offer import Offer
from campaigns.model.plan import Tone


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


def house_tones(own: Path | None = None) -> Mapping[str, Tone]:
    """Return the tone of each brand, brand group and business type, in lower case.

    `own` is the house's file of the same form; what it says outranks the built-in table. Raises
    SettingInvalid naming the file when it cannot be read or names no tone.
    """
    built_in = {n: Tone(tone) for part in table("tones").values() for n, tone in part.items()}
    return {**built_in, **(_own_tones(own) if own is not None and own.is_file() else {})}


def _own_tones(file: Path) -> Mapping[str, Tone]:
    try:
        parts = tomllib.loads(file.read_text(encoding="utf-8"))
        return {n.lower(): Tone(tone) for part in parts.values() for n, tone in part.items()}
    except (ValueError, AttributeError) as error:
        raise SettingInvalid(f"{file} cannot be read: {error}") from None


def house_voices() -> Mapping[Tone, str]:
    """Return how each tone speaks, in words for a model that writes in it."""
    return {Tone(tone): words for tone, words in table("voices").items()}
