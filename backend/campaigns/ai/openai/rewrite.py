"""Rewriting with a model: the message in slot form goes there and comes back, as it is written.

The model sees no customer: every fact is a slot. What comes back is tried like any text of its.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from campaigns.ai.openai.engine import Engine
from campaigns.ai.openai.prompts import fenced, prompt, quoted
from campaigns.ai.openai.question import Question, Refused, Unavailable
from campaigns.ai.openai.trial import hold
from campaigns.model.ids import CampaignId
from campaigns.model.locales import name_of
from campaigns.model.spending import Job
from campaigns.model.text import Cohort, CohortText, Rewritten, Wish

LONGEST_ANSWER = 1_200  # tokens
LONGEST_WISH = 500  # characters
_WISHES = {
    Wish.WARMER: "Make it warmer: friendly, attentive, a kind word.",
    Wish.SHORTER: "Make it shorter: as few words as stay polite.",
    Wish.MORE_FORMAL: "Make it more formal: courteous, complete sentences, no contractions.",
}


class Library(Protocol):
    """The rewriter that needs no model."""

    def rewrite(
        self, text: CohortText, wish: Wish, words: str, charge: CampaignId | None = None
    ) -> Iterator[str | Rewritten]: ...
    def house_paragraphs(self, cohort: Cohort) -> Sequence[tuple[str, ...]]: ...


class ModelRewriter:
    """`model.ports.Rewriter` over a model; the library's text when it cannot."""

    def __init__(self, engine: Engine, library: Library) -> None:
        self._engine = engine
        self._library = library

    def rewrite(
        self, text: CohortText, wish: Wish, words: str, charge: CampaignId | None = None
    ) -> Iterator[str | Rewritten]:
        """Yield the words as they are written, then the text they make."""
        written: list[str] = []
        try:
            for part in self._engine.stream(self._question(text, wish, words), charge):
                written.append(part)
                yield part
            yield Rewritten(text=self._taken("".join(written), text))
        except Unavailable as reason:
            yield from self._instead(text, wish, words, str(reason))
        except Refused as why:
            yield from self._instead(text, wish, words, f"what it wrote does not hold: {why}")

    def house_paragraphs(self, cohort: Cohort) -> Sequence[tuple[str, ...]]:
        """Return what people of the house wrote for this purpose."""
        return self._library.house_paragraphs(cohort)

    def _instead(
        self, text: CohortText, wish: Wish, words: str, reason: str
    ) -> Iterator[str | Rewritten]:
        for part in self._library.rewrite(text, wish, words):
            if isinstance(part, Rewritten):
                also = f"; {part.fallback}" if part.fallback else ""
                yield replace(part, fallback=reason + also)

    def _question(self, text: CohortText, wish: Wish, words: str) -> Question[str]:
        asked = _WISHES.get(wish) or f"The editor asks: {quoted(words[:LONGEST_WISH])}."
        language = text.cohort.language
        message = "\n\n".join(" ".join(p) for p in text.paragraphs[1:-3])
        return Question(
            job=Job.REWRITE,
            instructions=prompt("rewrite").format(wish=asked, language_name=name_of(language)),
            prompt=fenced(message, self._engine.ids.new("x")),
            shape=str,
            accept=str,
            longest=LONGEST_ANSWER,
        )

    def _taken(self, written: str, text: CohortText) -> CohortText:
        """Return the written words as a text; raises Refused when they do not hold."""
        middle = tuple((p.strip(),) for p in written.split("\n\n") if p.strip())
        made = replace(
            text,
            paragraphs=(text.paragraphs[0], *middle, *text.paragraphs[-3:]),
            engine=self._engine.name,
        )
        hold(made, text)
        return made
