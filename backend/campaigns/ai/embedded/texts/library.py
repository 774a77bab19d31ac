"""A writer that needs no model: it picks a cohort's text from the library."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from campaigns.ai.embedded.texts.tables import table
from campaigns.model.customer import Channel
from campaigns.model.errors import NotFound
from campaigns.model.ids import CampaignId
from campaigns.model.plan import CampaignType
from campaigns.model.text import Cohort, CohortText

LANGUAGES = ("en", "th")
ANY_SEASON = "season"  # the occasion of a seasonal text when the request names none
_PHRASES = ("hello", "sign", "way_out", "scale")


class TextLibrary:
    """The project's own texts, in English and Thai."""

    name = "embedded"
    languages = LANGUAGES

    def occasions(self) -> Sequence[str]:
        """Return the keys of the occasions there are texts for."""
        return tuple(key for key in table("occasions.en") if key != ANY_SEASON)

    def write(
        self, cohort: Cohort, context: str | None, charge: CampaignId | None = None
    ) -> CohortText:
        """Return the text of `cohort`; `context` becomes its topic, quoted and never read.

        Raises NotFound for a language or an occasion the library has no texts for.
        """
        if cohort.language not in LANGUAGES:
            raise NotFound(
                f"There are no texts in {cohort.language!r}: choose one of {', '.join(LANGUAGES)}."
            )
        pages = _Pages(cohort)
        return CohortText(
            cohort=cohort,
            paragraphs=(
                ("{hello}",),
                *pages.paragraphs(),
                ("{cta}",),
                ("{sign}",),
                ("{way_out}",),
            ),
            subject=pages.heading("subject"),
            preheader=pages.heading("preheader"),
            template="_".join(
                filter(None, (cohort.type, cohort.occasion, cohort.tone, cohort.variant))
            ),
            phrases=dict(pages.phrases()),
            topic=context,
            engine=self.name,
        )


class _Pages:
    """The library's pages open at one cohort."""

    def __init__(self, cohort: Cohort) -> None:
        self._channel = cohort.channel
        self._language = cohort.language
        self._common = table(f"common.{cohort.language}")
        self._tone = cohort.tone.value
        self._text = table(f"{cohort.type}.{cohort.language}")[self._tone]
        self._occasion = _occasion(cohort)

    def paragraphs(self) -> Iterator[tuple[str, ...]]:
        for name in self._text[self._channel.value]:
            sentences: list[str] = self._pick(self._text["say"], name)
            yield tuple(self._at_occasion(sentence) for sentence in sentences)

    def heading(self, key: str) -> str:
        if self._channel is not Channel.EMAIL:
            return ""
        return self._at_occasion(self._text[key])

    def phrases(self) -> Iterator[tuple[str, str]]:
        spoken = self._common["all"] | self._common[self._tone]
        yield from ((key, self._pick(spoken, key)) for key in _PHRASES)
        yield "cta", self._pick(self._text, "cta")
        for key, offer in table("offers").items():
            yield f"offer_{key}", offer[self._language]

    def _pick(self, page: Mapping[str, Any], name: str) -> Any:
        """Return what `page` says for `name`, the channel's own wording first."""
        return page.get(f"{name}_{self._channel.value}", page.get(name))

    def _at_occasion(self, sentence: str) -> str:
        for slot, words in self._occasion.items():
            sentence = sentence.replace(f"{{{slot}}}", words)
        return sentence


def _occasion(cohort: Cohort) -> Mapping[str, str]:
    """Return the words of the cohort's occasion by slot; `hook` is the sentence in its tone."""
    if cohort.type is not CampaignType.SEASONAL:
        return {}
    occasions = table(f"occasions.{cohort.language}")
    key = cohort.occasion or ANY_SEASON
    if key not in occasions:
        raise NotFound(f"There is no text for {key!r}: choose one of {', '.join(occasions)}.")
    words: dict[str, str] = occasions[key]
    return words | {"hook": words[cohort.tone]}
