"""The fact guard: every statement of a message is a fact of the record, or it blocks.

Backstop behind composing, where facts are put in by code, and judge of every hand edit. A
message is read by elimination: the customer's own words, dates, amounts, counts and the
house's keywords are accounted for one after the other, each against the record and bound to
its role. Claims and negations block. What is then left must be words of a closed vocabulary
that states nothing; any other word blocks, since free text cannot be verified.

English and Thai only. In another language only what code composed can be judged, and of that
only what shows by its form (`foreign`); anything else blocks.
"""

from collections.abc import Iterable, Iterator

from campaigns.flow.guard import foreign
from campaigns.flow.guard.amounts import strike_amounts
from campaigns.flow.guard.case import Case
from campaigns.flow.guard.claims import strike_claims, strike_idioms
from campaigns.flow.guard.dates import strike_dates
from campaigns.flow.guard.links import strike_intruders
from campaigns.flow.guard.literals import strike_literals
from campaigns.flow.guard.prose import check_prose
from campaigns.flow.guard.reading import Reading, fold
from campaigns.flow.guard.required import missing, strike_action, strike_way_out
from campaigns.flow.guard.statements import sentences, strike_statements
from campaigns.flow.guard.wording import strike_words
from campaigns.model.facts import Facts
from campaigns.model.locales import OWN, is_known
from campaigns.model.message import Check
from campaigns.model.plan import CampaignType
from campaigns.model.text import Rendered

__all__ = ["LANGUAGES", "LONGEST", "check", "check_prose", "passes"]

LANGUAGES = frozenset(OWN)
LONGEST = 10_000  # characters; twice what any channel sends as one message


def check(
    text: str,
    facts: Facts,
    *,
    type_: CampaignType,
    language: str,
    composed: Rendered | None = None,
    headings: tuple[str, ...] = (),
) -> tuple[Check, ...]:
    """Return every verdict on a message, in the order of the text, missing things last.

    Facts that are true are among them, so that a reader can number them. Spans are those of
    `text`. `composed` is the message as `compose.render` made it: its sentences were written
    by a writer, so their facts, claims and words are judged; any other sentence is an edit, and
    judged for what it asserts as well.
    `headings` are the subject and the preheader of an e-mail.

    Fails closed: when the guard itself fails, that is a verdict that does not pass.
    """
    try:
        if composed and language not in LANGUAGES and is_known(language):
            return tuple(_foreign(text, facts, type_, language, composed, headings))
        return tuple(_verdicts(text, facts, type_, language, composed, headings))
    except Exception as failure:  # noqa: BLE001 - whatever goes wrong, nothing unchecked may pass
        return (Check(check="guard", ok=False, found=type(failure).__name__),)


def passes(checks: Iterable[Check]) -> bool:
    """Whether a message with these verdicts may be approved; no verdicts at all do not pass."""
    verdicts = tuple(checks)
    return bool(verdicts) and all(verdict.ok for verdict in verdicts)


def _written(composed: Rendered) -> frozenset[str]:
    parts = (composed.text, composed.subject, composed.preheader)
    return frozenset().union(*(sentences(fold(part)) for part in parts))


def _verdicts(
    text: str,
    facts: Facts,
    type_: CampaignType,
    language: str,
    composed: Rendered | None,
    headings: tuple[str, ...],
) -> Iterator[Check]:
    if too_long := _too_long(text, headings):
        yield too_long
        return
    written = _written(composed) if composed else frozenset()
    topic = composed.values.get("topic", "") if composed else ""
    if language not in LANGUAGES:
        yield Check(check="language", ok=False, found=language, expected="English or Thai")
    body = Case(facts=facts, type=type_, reading=Reading(text))
    _read(body, written, topic)
    yield from sorted(body.reading.checks, key=lambda verdict: verdict.start)
    for heading in filter(None, headings):
        case = Case(facts=facts, type=type_, reading=Reading(heading, offset=False))
        _read(case, written, topic)
        yield from case.reading.checks
    yield from missing(body)


def _foreign(
    text: str,
    facts: Facts,
    type_: CampaignType,
    language: str,
    composed: Rendered,
    headings: tuple[str, ...],
) -> Iterator[Check]:
    if too_long := _too_long(text, headings):
        yield too_long
        return
    body, *others = (
        Case(facts=facts, type=type_, reading=Reading(part, offset=n == 0))
        for n, part in enumerate((text, *filter(None, headings)))
    )
    yield from foreign.verdicts(body, others, composed, language)


def _too_long(text: str, headings: tuple[str, ...]) -> Check | None:
    if max(map(len, (text, *headings))) <= LONGEST:
        return None
    return Check(check="length", ok=False, expected=f"at most {LONGEST:,} characters")


def _read(case: Case, composed: frozenset[str], topic: str) -> None:
    """Account for everything one part says, the most certain things first.

    `topic` is what the sender's request says the message is about: its facts and claims are
    judged like any other, its plain words are the sender's own and need no vocabulary.
    """
    own = case.reading.spots(topic)
    case.reading.report_hidden()
    strike_literals(case)
    strike_intruders(case)
    strike_way_out(case)
    strike_idioms(case)
    strike_dates(case)
    strike_amounts(case)
    strike_action(case)
    strike_claims(case)
    strike_statements(case, composed)
    strike_words(case, own)
