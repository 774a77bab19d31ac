"""Corrections and the lines fitted to them, on both databases, as a running reader sees them."""

from collections.abc import Sequence

import pytest
from tests.support.sending import NOON, HandClock

from campaigns.model.access import SYSTEM
from campaigns.model.calibration import Case, Correction, Decided, Lines, Weighed
from campaigns.model.customer import Channel
from campaigns.model.errors import NotFound
from campaigns.model.ids import ReplyId
from campaigns.model.reply import (
    ActionKind,
    Intent,
    Reading,
    Reply,
    ReplyContext,
    Sentiment,
    Suggestion,
)
from campaigns.orchestrator.calibration import Calibration, LinesInForce
from campaigns.store import SqlStore

TODAY = NOON.date()


class Told:
    """A gauge that reads every reply as a question of the same confidence."""

    basis = "weights 1"

    def weigh(self, text: str, context: ReplyContext) -> Weighed:
        return Weighed(intents=(Intent.QUESTION,), confidence=0.85, decided=Decided.LINE)

    def unchanged(self) -> Lines:
        return Lines(basis=self.basis, shipped=0.8)

    def own_cases(self) -> Sequence[Case]:
        weighed = Weighed(intents=(Intent.QUESTION,), confidence=0.9, decided=Decided.LINE)
        return [Case(meant=Intent.QUESTION, weighed=weighed)]


def corrected(store: SqlStore, n: int, meant: Intent = Intent.CALLBACK) -> None:
    reading = Reading(
        intents=(Intent.QUESTION,),
        confidence=0.85,
        sentiment=Sentiment.NEUTRAL,
        language="en",
        why="",
    )
    with store.begin() as tx:
        for i in range(n):
            reply = Reply(
                id=ReplyId(f"r_{i}"),
                channel=Channel.EMAIL,
                address="gm@hotel.example",
                text="Ring me?",
                received_at=NOON,
                sender=None,
                reading=reading,
                suggestion=Suggestion(action=ActionKind.NONE, words="", escalate=False),
            )
            if tx.replies.get(reply.id) is None:
                tx.replies.add(reply)
            tx.corrections.add(
                Correction(
                    reply_id=reply.id,
                    at=NOON,
                    by="Nok",
                    was=Intent.QUESTION,
                    meant=meant,
                    text=reply.text,
                    context=ReplyContext(today=TODAY),
                )
            )


@pytest.fixture
def calibration(store: SqlStore) -> Calibration:
    return Calibration(store, HandClock(), Told())


def test_too_few_corrections_say_so_and_leave_everything(
    store: SqlStore, calibration: Calibration
) -> None:
    corrected(store, 3)
    found = calibration.refit(SYSTEM)
    assert (found.corrections, found.number) == (3, None)
    assert "say too little" in found.verdict
    assert LinesInForce(store)() is None


def test_a_dry_run_shows_what_would_change_and_changes_nothing(
    store: SqlStore, calibration: Calibration
) -> None:
    corrected(store, 25)
    found = calibration.refit(SYSTEM, dry_run=True)
    assert found.fitted.line(Intent.QUESTION) > 0.85
    assert (found.before.all.wrong, found.after.all.wrong) == (25, 0)
    assert (found.number, LinesInForce(store)()) == (None, None)


def test_a_refit_holds_at_once_is_audited_and_can_be_taken_back(
    store: SqlStore, calibration: Calibration
) -> None:
    asked_by_a_running_reader = LinesInForce(store)
    corrected(store, 25)
    assert calibration.refit(SYSTEM).number == 1
    held = asked_by_a_running_reader()
    assert held is not None
    assert held.line(Intent.QUESTION) > 0.85
    assert calibration.refit(SYSTEM).number is None  # nothing new to learn
    back = calibration.revert(SYSTEM)
    assert (back.number, back.how) == (2, "revert")
    held = asked_by_a_running_reader()
    assert held is not None
    assert held.line(Intent.QUESTION) == 0.8
    assert [kept.how for kept in calibration.history()] == ["refit", "revert"]
    again = calibration.revert(SYSTEM, 1)
    assert again.lines.line(Intent.QUESTION) > 0.85
    with store.read() as tx:
        entries, _ = tx.audit.page("", 10)
    assert [e.action for e in entries].count("lines.set") == 3


def test_a_second_word_on_the_same_reply_replaces_the_first(store: SqlStore) -> None:
    corrected(store, 1)
    corrected(store, 1, Intent.COMPLAINT)
    with store.read() as tx:
        assert [c.meant for c in tx.corrections.all()] == [Intent.COMPLAINT]


def test_going_back_needs_somewhere_to_go(store: SqlStore, calibration: Calibration) -> None:
    with pytest.raises(NotFound, match="as shipped"):
        calibration.revert(SYSTEM)
    corrected(store, 25)
    calibration.refit(SYSTEM)
    with pytest.raises(NotFound, match="no lines 7"):
        calibration.revert(SYSTEM, 7)
