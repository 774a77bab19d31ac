"""Blocked messages are read and changed together, on every database."""

from dataclasses import replace

from tests.support.sending import message, plant

from campaigns.model.ids import CampaignId
from campaigns.model.message import Check, Message, MessageStatus
from campaigns.store import SqlStore

ID = CampaignId("c_1")
MANY = 1_200  # more than a stream reads at once
FINE = Check(check="zones", ok=True, found="3")
WRONG = Check(check="wording", ok=False, found="gamelans", start=4, end=12)


def written(number: int, status: MessageStatus) -> Message:
    checks = (FINE, WRONG) if status is MessageStatus.BLOCKED else (FINE,)
    return replace(message(number), text="The gamelans, แล้ว", checks=checks, status=status)


def test_what_is_blocked_is_found_with_its_words_and_what_is_wrong(store: SqlStore) -> None:
    blocked = [written(n, MessageStatus.BLOCKED) for n in range(MANY)]
    rest = [written(MANY, MessageStatus.VERIFIED), written(MANY + 1, MessageStatus.APPROVED)]
    plant(store, [*blocked, *rest])
    with store.read() as tx:
        assert {m.id for m in tx.messages.blocked(ID)} == {m.id for m in blocked}
        found = list(tx.desk.findings(ID))
    assert len(found) == MANY
    assert {(f.text, f.checks) for f in found} == {("The gamelans, แล้ว", (WRONG,))}


def test_messages_are_changed_together_unless_one_has_moved_on(store: SqlStore) -> None:
    plant(store, [written(n, MessageStatus.BLOCKED) for n in range(MANY)])
    with store.read() as tx:
        changed = [
            replace(m, checks=(FINE,), vouched=1, status=MessageStatus.VERIFIED)
            for m in tx.messages.blocked(ID)
        ]
    with store.begin() as tx:
        assert tx.messages.edit_all([], MessageStatus.BLOCKED)
        assert tx.messages.edit_all(changed[1:], MessageStatus.BLOCKED)
    with store.begin() as tx:
        # All of them but the first are verified by now.
        assert not tx.messages.edit_all(changed, MessageStatus.BLOCKED)
    with store.read() as tx:
        assert [m.vouched for m in tx.messages.all(ID)] == [1] * MANY
        assert not list(tx.messages.blocked(ID))
