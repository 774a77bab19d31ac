"""Reads requests without a model: words, rules and structure, and questions where they end."""

from dataclasses import replace
from datetime import datetime

from campaigns.ai.embedded.requests import answer, verify
from campaigns.ai.embedded.requests import revise as revisions
from campaigns.ai.embedded.requests.index import Index, build
from campaigns.ai.embedded.requests.reader import read
from campaigns.model.ids import CampaignId
from campaigns.model.plan import Plan, Question, Revision
from campaigns.model.vocabulary import Vocabulary

LONGEST_REQUEST = 2_000  # characters; a page of text is not a request
_KEPT_INDEXES = 4


class EmbeddedInterpreter:
    """The `Interpreter` that needs no key and no network."""

    def __init__(self) -> None:
        self._indexes: list[tuple[Vocabulary, Index]] = []

    @property
    def name(self) -> str:
        """The name plans carry as their `engine`."""
        return "embedded"

    def interpret(
        self,
        request: str,
        vocabulary: Vocabulary,
        now: datetime,
        charge: CampaignId | None = None,
    ) -> Plan:
        """Read `request`; `now` is aware, in the house's own time zone."""
        if len(request) > LONGEST_REQUEST:
            return _too_long(request)
        index = self._index(vocabulary)
        return answer.plan(read(request, index, now), index)

    def revise(
        self, plan: Plan, request: str, words: str, vocabulary: Vocabulary, now: datetime
    ) -> Revision:
        """Read a follow-up to `plan`: an answer to its question, or an edit of it."""
        if len(words) > LONGEST_REQUEST:
            return Revision(question=_too_long(words).questions[0])

        def read_again(request: str) -> Plan:
            return self.interpret(request, vocabulary, now)

        if not plan.is_clear and request:
            done = revisions.answered(plan, request, words, read_again)
            if done is not None:
                return Revision(request=done)
        return revisions.revise(plan, words, read_again)

    def verify(self, request: str, plan: Plan, vocabulary: Vocabulary, now: datetime) -> Plan:
        """Return `plan` with all that it drops, widens or cannot explain put to a person.

        `plan` may come from anywhere, a model included; a plan of `interpret` for the same
        request comes back as it is.
        """
        if len(request) > LONGEST_REQUEST:
            asks = _too_long(request)
            return replace(plan, not_understood=asks.not_understood, questions=asks.questions)
        index = self._index(vocabulary)
        return verify.check(read(request, index, now), plan, index)

    def _index(self, vocabulary: Vocabulary) -> Index:
        """Return the index of `vocabulary`, built once for each of the last few."""
        for known, index in self._indexes:
            if known is vocabulary:
                return index
        index = build(vocabulary)
        self._indexes = [(vocabulary, index), *self._indexes[: _KEPT_INDEXES - 1]]
        return index


def _too_long(request: str) -> Plan:
    text = (
        f"The request has {len(request):,} characters; at most {LONGEST_REQUEST:,} are read. "
        "Say in a sentence or two what to send, and to whom."
    )
    words = request[:80].strip() + "…"
    return Plan(type=None, not_understood=(words,), questions=(Question(text),))
