"""A text: what a cohort of messages says, written once in slot form."""

from collections.abc import Mapping
from dataclasses import dataclass, field

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
class CohortText:
    """Prose around typed slots: paragraphs of sentences.

    A sentence may hold slots in braces ("{zones}", "{expiry}"); when a fact a slot needs is
    not known the whole sentence is dropped and the fact is a gap. The prose itself holds no
    digit, number word, month, currency, name of the book or URL. `subject` and `preheader`
    are for e-mail only and follow the same rules. `template` is the WhatsApp template's name.
    """

    cohort: Cohort
    paragraphs: tuple[tuple[str, ...], ...]
    subject: str = ""
    preheader: str = ""
    template: str = ""
    engine: str = "embedded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A text with its slots filled for one contact.

    `values` maps each slot used to what was put there; `gaps` names the facts whose sentences
    were dropped ("price_per_zone").
    """

    text: str
    subject: str = ""
    preheader: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    gaps: tuple[str, ...] = ()
