"""A text: what a cohort of messages says, written once in slot form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from campaigns.model.customer import Channel
from campaigns.model.plan import CampaignType, Tone


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Cohort:
    """The customers that share one text. `language` is an ISO 639-1 code, `variant` an A/B arm."""

    type: CampaignType
    tone: Tone
    language: str
    channel: Channel
    occasion: str = ""
    variant: str = "a"

    @property
    def key(self) -> str:
        """A stable, readable key: "renewal.formal.en.whatsapp..a"."""
        parts = (self.type, self.tone, self.language, self.channel, self.occasion, self.variant)
        return ".".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneWords:
    """How a language speaks of zones: many, the only one, unnamed or named, some, and names.

    `many` holds "{count}", `single` "{name}", `among` and `names` "{names}". `noun` is the word
    that a zone's own name may hold already, "" where nobody knows.
    """

    many: str
    unnamed: str
    single: str
    among: str
    names: str
    noun: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortText:
    """Prose around typed slots: paragraphs of sentences.

    A sentence may hold slots in braces ("{zones}", "{expiry}"), parts in square brackets that
    go when a slot in them is unknown ("music[ for {zones}]"), and alternatives between " || ",
    of which the first one whose slots are all known is taken; when none is, the whole sentence
    is dropped and the fact is a gap. The prose itself holds no digit, number word, month,
    currency, name of the book or URL. `subject` and `preheader` are for e-mail only and follow
    the same rules. `template` is the WhatsApp template's name.

    `phrases` are the house's own words for slots that prose may not spell out: "cta", "sign",
    "way_out", and "offer_<key>" for each house offer, which is known only to customers whose
    facts carry that offer. They may hold slots. `topic` is what a person wrote in the request,
    quoted in the slot "{topic}" and never read as slots. `engine` wrote it; `fallback` says why
    a model did not. `vetted` are the paragraphs that people of the house wrote: the guard judges
    every other sentence as it judges a hand edit. None means that they wrote the whole text.
    `zone_words` come with a text in a language that the house has no words for; its phrases then
    hold "button" and "leave" as well, the words of an e-mail's frame.
    """

    cohort: Cohort
    paragraphs: tuple[tuple[str, ...], ...]
    subject: str = ""
    preheader: str = ""
    template: str = ""
    phrases: Mapping[str, str] = field(default_factory=dict)
    topic: str | None = None
    engine: str = "embedded"
    fallback: str | None = None
    vetted: tuple[tuple[str, ...], ...] | None = None
    zone_words: ZoneWords | None = None


class Wish(StrEnum):
    """How a message should be rewritten."""

    WARMER = "warmer"
    SHORTER = "shorter"
    MORE_FORMAL = "more_formal"
    OWN = "own"  # as a person says in their own words


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """A text written anew; None when there is none. `fallback` says why no model wrote it."""

    text: CohortText | None
    fallback: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A text with its slots filled for one contact.

    `values` maps each slot used to what was put there; `gaps` names the facts whose sentences
    were dropped ("price_per_zone"). `body` is the text with the slots in `values` still open
    ("Hi {greeting}, ..."): filled with `values` it is `text`.
    """

    text: str
    body: str = ""
    subject: str = ""
    preheader: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    gaps: tuple[str, ...] = ()
