"""The engine: asks one question of the model, pays for it, and says plainly why when it cannot.

Every question is reserved in the purse before it leaves and settled after. A server that does
not answer, a refused key and a used-up quota are outages: for a minute nothing more is asked,
so that a campaign of forty texts does not wait forty times.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from campaigns.ai.openai.question import Question, Server, Unavailable
from campaigns.model.errors import BudgetSpent
from campaigns.model.ids import CampaignId
from campaigns.model.ports import Clock, Ids, Purse
from campaigns.model.spending import Job, Tokens

if TYPE_CHECKING:
    from campaigns.ai.openai.wire import Wire

T = TypeVar("T")

AT_ONCE = 8  # questions under way at the same time
OUTAGE = timedelta(seconds=60)


class Engine:
    """One model behind one server, for all threads of this process."""

    def __init__(self, server: Server, purse: Purse, clock: Clock, ids: Ids) -> None:
        self.server = server
        self.ids = ids
        self._purse = purse
        self._clock = clock
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._wire: Wire | None = None
        self._out: tuple[datetime, str] | None = None

    @property
    def name(self) -> str:
        """How results are labelled."""
        return f"openai:{self.server.model}"

    def ask(self, question: Question[T], charge: CampaignId | None) -> T:
        """Return the accepted answer; raises Unavailable."""
        with self._paid(question.job, charge, question.most) as bill:
            result, bill.tokens = self._connected().ask(question)
        return result

    def stream(self, question: Question[T], charge: CampaignId | None) -> Iterator[str]:
        """Yield an answer in words as it is written; raises Unavailable, also midway."""
        with self._paid(question.job, charge, question.most) as bill:
            used: list[Tokens] = []
            yield from self._connected().stream(question, used)
            bill.tokens = used[0] if used else None

    def probe(self) -> str | None:
        """Ask for one word; return why the model cannot be used, None when it can."""
        question = Question(
            job=Job.PROBE,
            instructions="Answer with the word ready.",
            prompt="Are you there?",
            shape=str,
            accept=str,
            longest=16,
        )
        self._out = None
        try:
            self.ask(question, None)
        except Unavailable as reason:
            return str(reason)
        return None

    def close(self) -> None:
        """End the connections."""
        with self._lock:
            if self._wire is not None:
                self._wire.close()
                self._wire = None

    @contextmanager
    def _paid(self, job: Job, charge: CampaignId | None, most: Tokens) -> Iterator["_Bill"]:
        """Reserve before and settle after, whatever happens between."""
        if self._out is not None and self._clock.now() < self._out[0]:
            raise Unavailable(self._out[1], outage=True)
        try:
            call = self._purse.reserve(job, charge, most)
        except BudgetSpent as spent:
            raise Unavailable(str(spent)) from spent
        bill = _Bill()
        outcome = "unfinished"
        try:
            with self._places:
                yield bill
            outcome = "ok"
        except Unavailable as failure:
            outcome, bill.tokens = str(failure), failure.tokens
            if failure.outage:
                self._out = (self._clock.now() + OUTAGE, outcome)
            raise
        finally:
            self._purse.settle(call, bill.tokens, outcome)

    def _connected(self) -> "Wire":
        with self._lock:
            if self._wire is None:
                # A second and 60 MB: only who asks a model pays for them.
                from campaigns.ai.openai.wire import Wire

                self._wire = Wire(self.server)
            return self._wire


@dataclass(slots=True)
class _Bill:
    """What a question used; None while nobody knows."""

    tokens: Tokens | None = None
