"""Writing with a model: one text a cohort, in slot form; the library's own text when it cannot.

The model sees no customer. The house's call to action, signature and way out are put around its
paragraphs by code, and each text is tried on invented customers before it is used.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pydantic import BaseModel

from campaigns.ai.openai.engine import Engine
from campaigns.ai.openai.prompts import fenced, prompt, quoted
from campaigns.ai.openai.question import Question, Unavailable
from campaigns.ai.openai.tongue import ForeignText, Tongues, example, with_phrases
from campaigns.ai.openai.trial import CUSTOMERS, hold, own_paragraphs
from campaigns.model.facts import Facts
from campaigns.model.ids import CampaignId
from campaigns.model.locales import OWN, name_of
from campaigns.model.plan import CampaignType, Tone
from campaigns.model.ports import Shelf, Writer
from campaigns.model.spending import Job, Tokens
from campaigns.model.text import Cohort, CohortText

PROMPT_VERSION = 1  # raised with every change of what is asked: kept texts are written anew
LONGEST_ANSWER = 1_500  # tokens
_ANY_LINK = "https://campaigns.example/u/trial"  # each message has its own
_PURPOSES: Mapping[CampaignType, str] = {
    CampaignType.RENEWAL: "renew the music contract that ends soon or has ended",
    CampaignType.SEASONAL: "offer music for an occasion",
    CampaignType.ANNOUNCEMENT: "tell some news",
    CampaignType.FOLLOW_UP: "ask how things stand after an earlier message",
    CampaignType.SURVEY: "ask for a score on a scale and for a word why",
}


class WrittenText(BaseModel):
    """A text in slot form, as the model answers."""

    subject: str
    preheader: str
    paragraphs: list[list[str]]


class ModelWriter:
    """`model.ports.Writer` over a model. `voices` describes each tone, as data."""

    def __init__(
        self,
        engine: Engine,
        library: Writer,
        shelf: Shelf,
        voices: Mapping[Tone, str],
        tongues: Tongues | None = None,
    ) -> None:
        self._engine = engine
        self._library = library
        self._shelf = shelf
        self._voices = voices
        self._tongues = tongues or Tongues()

    @property
    def name(self) -> str:
        """How texts are labelled."""
        return self._engine.name

    def occasions(self) -> Sequence[str]:
        """Return the keys of the occasions there are texts for."""
        return self._library.occasions()

    def write(
        self, cohort: Cohort, context: str | None, charge: CampaignId | None = None
    ) -> CohortText:
        """Return the cohort's text: kept, newly written, or the library's with the reason.

        In a language the house has no texts in, the library's is in the house's own language.
        """
        base = self._base(cohort, context)
        if base.fallback:
            return base
        question = self._question(base, cohort)
        return self._kept_or_asked(self._key(question), question, base, charge)

    def write_for(
        self, cohort: Cohort, context: str | None, facts: Facts, charge: CampaignId | None = None
    ) -> CohortText:
        """Return one customer's own text: kept, newly written, or the library's with the reason.

        The model is shown what the record says of the customer, its contacts left out.
        """
        base = self._base(cohort, context)
        if base.fallback:
            return base
        shown = json.dumps(_record(facts), ensure_ascii=False)
        plain = self._question(base, cohort)
        # Tried on the customer itself as well; the greeting is left out, for what the trial finds
        # is told to the model.
        tried = replace(facts, contact=None, greeting=None, unsubscribe_url=_ANY_LINK)
        data = fenced(shown, self._engine.ids.new("x"))
        question = replace(
            plain,
            prompt=f"{prompt('compose_one')}\n{data}\n{plain.prompt}",
            accept=lambda answer: self._accepted(answer, base, cohort, (*CUSTOMERS, tried)),
        )
        return self._kept_or_asked(self._key(plain, shown), question, base, charge)

    def _kept_or_asked(
        self, key: str, question: Question[CohortText], base: CohortText, charge: CampaignId | None
    ) -> CohortText:
        """Return what is kept under `key`, else what the model answers, else `base`."""
        if (kept := self._shelf.text(key)) is not None:
            return replace(kept, topic=base.topic)
        try:
            text = self._engine.ask(question, charge)
        except Unavailable as reason:
            return replace(base, fallback=str(reason))
        self._shelf.keep(key, replace(text, topic=None))
        return text

    def most(self, cohort: Cohort, context: str | None) -> Tokens | None:
        """Return the most tokens a text can use, None when it was written before."""
        base = self._base(cohort, context)
        question = self._question(base, cohort)
        return None if base.fallback or self._shelf.text(self._key(question)) else question.most

    def _base(self, cohort: Cohort, context: str | None) -> CohortText:
        """Return the house's own text to go by; with a reason where a model may not write."""
        language = cohort.language
        if language in OWN:
            return self._library.write(cohort, context)
        base = self._library.write(replace(cohort, language=self._tongues.house), context)
        if self._tongues.carries(cohort.channel, language):
            return base
        reason = f"{cohort.channel.value} takes no templates in {name_of(language)}"
        return replace(base, fallback=reason)

    def _question(self, base: CohortText, cohort: Cohort) -> Question[CohortText]:
        foreign = cohort.language not in OWN
        shape: type[WrittenText | ForeignText] = ForeignText if foreign else WrittenText
        instructions = prompt("compose_foreign" if foreign else "compose").format(
            language_name=name_of(cohort.language),
            voice=self._voices[cohort.tone],
            channel=cohort.channel.value,
            purpose=_PURPOSES[cohort.type] + (f" ({cohort.occasion})" if cohort.occasion else ""),
            example=_example(base, foreign=foreign),
        )
        return Question(
            job=Job.COMPOSE,
            instructions=instructions,
            prompt=f"Write the text. Variant: {quoted(cohort.variant)}.",
            shape=shape,
            accept=lambda answer: self._accepted(answer, base, cohort),
            schema=json.dumps(shape.model_json_schema()),
            longest=LONGEST_ANSWER * (2 if foreign else 1),
        )

    def _accepted(
        self,
        answer: WrittenText | ForeignText,
        base: CohortText,
        cohort: Cohort,
        customers: Sequence[Facts] = CUSTOMERS,
    ) -> CohortText:
        head, tail = base.paragraphs[:1], base.paragraphs[-3:]
        written = tuple(tuple(s for s in p if s.strip()) for p in answer.paragraphs)
        text = replace(
            base,
            paragraphs=(*head, *(p for p in written if p), *tail),
            subject=answer.subject.strip(),
            preheader=answer.preheader.strip(),
            engine=self._engine.name,
            vetted=(*base.paragraphs, *((h,) for h in (base.subject, base.preheader) if h)),
        )
        if isinstance(answer, ForeignText):
            text = with_phrases(text, answer, cohort)
        hold(text, base, customers)
        return text

    def _key(self, question: Question[CohortText], *shown: str) -> str:
        server = self._engine.server
        asked = (str(PROMPT_VERSION), server.model, server.base_url or "", question.instructions)
        return hashlib.sha256("\0".join((*asked, question.prompt, *shown)).encode()).hexdigest()


def _record(facts: Facts) -> dict[str, object]:
    """Return what the model may know of a customer: nothing of its people."""
    known = {
        "name": facts.customer,
        "brand": facts.brand or facts.brand_group,
        "kind": facts.business_type,
        "city": facts.city,
        "country": facts.country,
        "music_areas": list(facts.zone_names),
        "contract": "over" if facts.lapsed else "running" if facts.contract_end else None,
    }
    return {name: value for name, value in known.items() if value}


def _example(base: CohortText, *, foreign: bool) -> str:
    if foreign:
        return example(base, [list(p) for p in own_paragraphs(base)])
    form = {
        "subject": base.subject,
        "preheader": base.preheader,
        "paragraphs": [list(p) for p in own_paragraphs(base)],
    }
    return json.dumps(form, ensure_ascii=False, indent=1)
