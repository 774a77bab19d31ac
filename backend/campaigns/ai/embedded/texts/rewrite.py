"""Rewriting without a model: the library's own text in the tone, or the length, asked for."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from campaigns.ai.embedded.texts.library import TextLibrary
from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId
from campaigns.model.plan import Tone
from campaigns.model.text import Cohort, CohortText, Rewritten, Wish

NO_WORDS = "the library has no text in anybody's own words: a model writes those"
NO_TEXTS = "the library has no texts in this language"
NOTHING_NEW = "the library has no other text that is so"
_TONES = {Wish.WARMER: Tone.WARM, Wish.MORE_FORMAL: Tone.FORMAL}


class LibraryRewriter:
    """`model.ports.Rewriter` over the text library."""

    def __init__(self, library: TextLibrary) -> None:
        self._library = library

    def rewrite(
        self, text: CohortText, wish: Wish, words: str, charge: CampaignId | None = None
    ) -> Iterator[str | Rewritten]:
        """Yield the one text there is."""
        cohort = text.cohort
        if cohort.language not in self._library.languages:
            yield Rewritten(text=None, fallback=NO_TEXTS)
            return
        match wish:
            case Wish.OWN:
                yield Rewritten(text=None, fallback=NO_WORDS)
                return
            case Wish.SHORTER:
                cohort = replace(cohort, channel=Channel.WHATSAPP)
            case Wish.WARMER | Wish.MORE_FORMAL:
                cohort = replace(cohort, tone=_TONES[wish])
        found = self._library.write(cohort, text.topic)
        if found.paragraphs[1:-3] == text.paragraphs[1:-3]:
            yield Rewritten(text=None, fallback=NOTHING_NEW)
            return
        yield Rewritten(
            text=replace(
                text,
                paragraphs=(text.paragraphs[0], *found.paragraphs[1:-3], *text.paragraphs[-3:]),
                engine="embedded",
            )
        )

    def house_paragraphs(self, cohort: Cohort) -> Sequence[tuple[str, ...]]:
        """Return what people of the house wrote for this purpose, in every tone and length."""
        if cohort.language not in self._library.languages:
            return ()
        return tuple(
            dict.fromkeys(
                paragraph
                for tone, channel in product(Tone, Channel)
                for paragraph in self._library.write(
                    replace(cohort, tone=tone, channel=channel), None
                ).paragraphs[1:-3]
            )
        )
