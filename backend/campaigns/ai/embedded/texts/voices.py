"""What the house decided about its voice: its offers and the tone each customer is spoken to in."""

from collections.abc import Iterable, Mapping

from campaigns.ai.embedded.texts.tables import table
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


def house_tones() -> Mapping[str, Tone]:
    """Return the tone of each brand, brand group and business type, in lower case."""
    return {name: Tone(tone) for part in table("tones").values() for name, tone in part.items()}


def house_voices() -> Mapping[Tone, str]:
    """Return how each tone speaks, in words for a model that writes in it."""
    return {Tone(tone): words for tone, words in table("voices").items()}
