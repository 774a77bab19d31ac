"""The AI layer: what reads and writes words, and what pays for it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from campaigns.model.calibration import Case, Lines, Weighed
from campaigns.model.facts import Facts
from campaigns.model.ids import CampaignId
from campaigns.model.plan import Plan, Revision
from campaigns.model.reply import Reading, ReplyContext
from campaigns.model.spending import Job, Tokens
from campaigns.model.text import Cohort, CohortText, Rewritten, Wish
from campaigns.model.vocabulary import Vocabulary


class Interpreter(Protocol):
    """Turns a request into a plan by the rules of the glossary; never widens."""

    @property
    def name(self) -> str: ...

    def interpret(
        self,
        request: str,
        vocabulary: Vocabulary,
        now: datetime,
        charge: CampaignId | None = None,
    ) -> Plan:
        """Read `request`; `now` is aware, in the house's own time zone.

        `charge` is the campaign that pays when a model is asked, None when it belongs to none.
        """
        ...

    def revise(
        self, plan: Plan, request: str, words: str, vocabulary: Vocabulary, now: datetime
    ) -> Revision:
        """Read a follow-up to a plan: an answer to its question, or an edit."""
        ...


class Writer(Protocol):
    """Writes one text per cohort, in slot form; sees no customer data."""

    @property
    def name(self) -> str: ...

    def write(
        self, cohort: Cohort, context: str | None, charge: CampaignId | None = None
    ) -> CohortText:
        """Write the text of `cohort`. `context` is the request's own topic words, if any.

        Callers may ask for several cohorts at once, from several threads.
        """
        ...

    def occasions(self) -> Sequence[str]:
        """Return the keys of the occasions there are texts for."""
        ...


class AccountWriter(Protocol):
    """Writes a text of its own for one customer, in slot form, from that customer's facts only."""

    def write_for(
        self, cohort: Cohort, context: str | None, facts: Facts, charge: CampaignId | None = None
    ) -> CohortText:
        """Write the text; the same facts give the same text. Contacts are not among them."""
        ...


class Rewriter(Protocol):
    """Writes a text anew in another manner, in slot form; sees no customer data."""

    def rewrite(
        self, text: CohortText, wish: Wish, words: str, charge: CampaignId | None = None
    ) -> Iterator[str | Rewritten]:
        """Yield words as they are written, then the whole text once.

        The first and the last three paragraphs of `text` are the house's and stay. `words` say
        what is wanted for `Wish.OWN`.
        """
        ...

    def house_paragraphs(self, cohort: Cohort) -> Sequence[tuple[str, ...]]:
        """Return what people of the house wrote for this purpose, in every tone and length."""
        ...


class ReplyReader(Protocol):
    """Reads a reply: intents, sentiment, language, confidence, evidence."""

    @property
    def name(self) -> str: ...

    def read(
        self, text: str, context: ReplyContext, charge: CampaignId | None = None
    ) -> Reading: ...


class Gauge(Protocol):
    """What lines are fitted to: readings before any line is asked. Raises WrongState without it."""

    def weigh(self, text: str, context: ReplyContext) -> Weighed: ...
    def unchanged(self) -> Lines:
        """Return the lines as shipped."""
        ...

    def own_cases(self) -> Sequence[Case]:
        """Return the project's own labelled replies, each weighed by what never saw it."""
        ...


class Shelf(Protocol):
    """Keeps what a model wrote, so that the same text is paid for once."""

    def text(self, key: str) -> CohortText | None:
        """Return the text kept under `key`, a digest of all that was asked."""
        ...

    def keep(self, key: str, text: CohortText) -> None:
        """Keep a text; one that is there already stays."""
        ...


class Purse(Protocol):
    """Pays for calls to a model; the only way to spend, so budgets hold in every process."""

    def reserve(self, job: Job, charge: CampaignId | None, most: Tokens) -> str:
        """Set aside what a call may cost at most, and return the call's id.

        `charge` is the campaign that pays, None when it belongs to none. Raises BudgetSpent.
        """
        ...

    def settle(self, call: str, tokens: Tokens | None, outcome: str) -> None:
        """Replace what was set aside by what the call used; None leaves all of it spent."""
        ...
