"""Which customer gets which variant, what a set of variants must be, and own words as a text."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from campaigns.model.errors import Fault, RequestInvalid
from campaigns.model.ids import CampaignId, CustomerId
from campaigns.model.message import Message
from campaigns.model.plan import Tone
from campaigns.model.text import CohortText
from campaigns.model.variant import OwnWords, Variant

MOST = 5
LARGEST_SHARE = 100
LONGEST_TEXT = 4_000  # characters
LONGEST_NAME = 80
AROUND = ("hello",), ("cta", "sign", "way_out")  # the house's phrases before and after own words

_SLOT = re.compile(r"\{([a-z_]+)\}")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")


def assigned(
    campaign_id: CampaignId, customer_id: CustomerId, variants: Sequence[Variant]
) -> Variant | None:
    """Return the variant a customer gets; None when the campaign has none.

    A hash of campaign and customer decides, so it is the same whenever and wherever it is
    asked, nobody else's coming or going changes it, and every contact there gets the same.
    """
    if not variants:
        return None
    digest = hashlib.sha256(f"{campaign_id}\n{customer_id}".encode()).digest()
    part = int.from_bytes(digest) * sum(v.share for v in variants) >> 8 * len(digest)
    for variant in variants:
        part -= variant.share
        if part < 0:
            return variant
    raise ValueError("a variant's share is less than one")


def spread(messages: Sequence[Message]) -> list[Message]:
    """Return the messages with the variants taking turns, so that the first few show each."""
    by_variant: dict[str, list[Message]] = {}
    for m in messages:
        by_variant.setdefault(m.variant, []).append(m)
    turns = zip_longest(*(by_variant[key] for key in sorted(by_variant)))
    return [m for turn in turns for m in turn if m is not None]


def reworded(text: CohortText, words: OwnWords) -> CohortText:
    """Return the writer's text with a person's words between greeting and call to action.

    Each line is a paragraph. A phrase of the house that the words hold as a slot is not said
    twice. The guard judges the words as it judges a hand edit.
    """
    held = set(_SLOT.findall(words.text))
    before, after = ([(f"{{{p}}}",) for p in phrases if p not in held] for phrases in AROUND)
    own = [
        tuple(_SENTENCE_END.split(line.strip())) for line in words.text.splitlines() if line.strip()
    ]
    return replace(
        text,
        paragraphs=(*before, *own, *after),
        subject=words.subject or text.subject,
        preheader="" if words.subject else text.preheader,
        vetted=text.paragraphs if text.vetted is None else text.vetted,
    )


# --- from JSON -----------------------------------------------------------------------------------


def parse(given: Sequence[Mapping[str, object]]) -> tuple[Variant, ...]:
    """Return the variants of `[{"name"?, "share"?, "tone"?, "words"?: {language: {...}}}, …]`.

    Raises `RequestInvalid` with a pointer to every place that is wrong.
    """
    if not 2 <= len(given) <= MOST:
        raise RequestInvalid([Fault("/variants", f"must be 2 to {MOST} variants")])
    variants = tuple(_variant("abcde"[n], one) for n, one in enumerate(given))
    faults = [
        *(fault for n, one in enumerate(given) for fault in _faults(one, f"/variants/{n}")),
        *_twins(variants),
    ]
    if faults:
        raise RequestInvalid(faults)
    return variants


def _variant(key: str, given: Mapping[str, object]) -> Variant:
    tone, words, share = given.get("tone"), given.get("words"), given.get("share", 1)
    return Variant(
        key=key,
        name=str(given.get("name") or tone or f"variant {key}"),
        share=share if isinstance(share, int) else 0,
        tone=Tone(tone) if isinstance(tone, str) and tone in tuple(Tone) else None,
        words={str(language): _own(one) for language, one in words.items()}
        if isinstance(words, Mapping) and words
        else None,
    )


def _own(given: object) -> OwnWords:
    if isinstance(given, Mapping):
        return OwnWords(text=str(given.get("text", "")), subject=str(given.get("subject") or ""))
    return OwnWords(text=str(given))


def _faults(given: Mapping[str, object], at: str) -> Iterator[Fault]:
    share, tone, words = given.get("share", 1), given.get("tone"), given.get("words")
    if isinstance(share, bool) or not isinstance(share, int) or not 1 <= share <= LARGEST_SHARE:
        yield Fault(f"{at}/share", f"must be a whole number of parts from 1 to {LARGEST_SHARE}")
    if tone is not None and tone not in tuple(Tone):
        yield Fault(f"{at}/tone", f"must be one of {', '.join(Tone)}")
    if words is not None and not isinstance(words, Mapping):
        yield Fault(f"{at}/words", 'must be texts by language, as {"en": {"text": "…"}}')
    if len(str(given.get("name") or "")) > LONGEST_NAME:
        yield Fault(f"{at}/name", f"must be at most {LONGEST_NAME} characters")
    for language, one in (words if isinstance(words, Mapping) else {}).items():
        if not 1 <= len(_own(one).text.strip()) <= LONGEST_TEXT:
            yield Fault(f"{at}/words/{language}/text", f"must have 1 to {LONGEST_TEXT} characters")


def _twins(variants: Sequence[Variant]) -> Iterator[Fault]:
    """Yield a fault for every variant that says what an earlier one says."""
    seen: list[tuple[object, object]] = []
    for n, variant in enumerate(variants):
        if (variant.tone, variant.words) in seen:
            yield Fault(f"/variants/{n}", "says the same as another: give it a tone or words")
        seen.append((variant.tone, variant.words))
