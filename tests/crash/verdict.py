"""What is judged in the end: everything accounted for, nothing lost, nothing doubled."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from tests.crash.house import House
from tests.crash.operator import People
from tests.crash.tally import table, tallied, times_taken
from tests.crash.world import Providers
from tests.support.server import until

from campaigns.channels.simulator.http.line_rules import Multicast
from campaigns.model.audit import first_break
from campaigns.model.campaign import CampaignStatus
from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId
from campaigns.model.message import Message, MessageStatus
from campaigns.store import SqlStore
from campaigns.store import reserve_tables as r
from campaigns.store import tables as t
from campaigns.store.doubts import rest
from campaigns.store.reserves import waits_in_reserve

UNSETTLED = frozenset({MessageStatus.QUEUED, MessageStatus.CLAIMED, MessageStatus.SENDING})


def messages_of(store: SqlStore, campaigns: Sequence[CampaignId]) -> list[Message]:
    """Return every message of these campaigns."""
    with store.read() as tx:
        return [m for campaign_id in campaigns for m in tx.messages.all(campaign_id)]


def until_settled(store: SqlStore, world: Providers, house: House, patience_s: float) -> None:
    """Wait until nothing more will happen by itself.

    A LINE message that was asked about again and again rests longer each time: one that was under
    way at seven kills, for more than five minutes. That is waited for besides.
    """

    def still() -> bool:
        with store.read() as tx:
            return (
                world.quiet()
                and tx.webhooks.waiting() == 0
                and tx.connection.scalar(_how_many_open()) == 0
            )

    def completed() -> bool:
        """Whether every campaign with nothing in doubt has ended: its keeper looks every second."""
        with store.read() as tx:
            return tx.connection.scalar(_how_many_unfinished()) == 0

    try:
        until(still, patience_s + _longest_rest_s(store))
        until(completed, patience_s)
    except AssertionError:
        columns = [
            t.messages.c[name] for name in ("id", "status", "attempt", "not_before", "reason")
        ]
        with store.read() as tx:
            open_ = tx.connection.execute(select(*columns).where(_open())).all()
            unread = tx.webhooks.waiting()
        raise AssertionError(
            f"webhooks unread {unread}, untold {not world.quiet()}, open {open_}\n{house.trouble()}"
        ) from None


def _open() -> ColumnElement[bool]:
    """Match what goes on by itself: LINE asked again when in doubt, reserves called."""
    return or_(
        t.messages.c.status.in_([status.value for status in UNSETTLED]),
        _asked_again(),
        waits_in_reserve(),
    )


def _asked_again() -> ColumnElement[bool]:
    in_doubt = t.messages.c.status == MessageStatus.IN_DOUBT.value
    return and_(in_doubt, t.messages.c.channel == Channel.LINE.value)


def _how_many_open() -> Select[tuple[int]]:
    return select(func.count()).select_from(t.messages).where(_open())


def _longest_rest_s(store: SqlStore) -> float:
    """Return how long the message in doubt that was asked about most often rests."""
    asked = (
        select(func.count().label("times"))
        .join_from(t.attempts, t.messages)
        .where(t.attempts.c.left_at.is_not(None), _asked_again())
        .group_by(t.messages.c.id)
        .subquery()
    )
    with store.read() as tx:
        most = tx.connection.scalar(select(func.max(asked.c.times))) or 0
    return rest(most + 1).total_seconds()  # it may be asked about once more meanwhile


def _how_many_unfinished() -> Select[tuple[int]]:
    """Count the campaigns that nothing holds open and that have not ended all the same."""
    in_doubt = t.messages.c.status == MessageStatus.IN_DOUBT.value
    return select(func.count()).where(
        t.campaigns.c.status != CampaignStatus.COMPLETED.value,
        t.campaigns.c.id.not_in(select(t.messages.c.campaign_id).where(in_doubt)),
    )


def judge(
    store: SqlStore, world: Providers, people: People, campaigns: Sequence[CampaignId]
) -> None:
    """Print what came of every message; fail when one is lost, doubled or not accounted for."""
    messages = messages_of(store, campaigns)
    taken = world.taken()
    tallies = tallied(messages, taken)
    print(table(tallies))
    _judge_reserves(store, messages, taken)
    together = [p for p in world.line.pushed if isinstance(p.body, Multicast)]
    print(f"{len(together)} LINE messages went together")
    assert together
    assert [note for one in tallies.values() for note in one.notes] == []
    assert all(one.doubled == 0 and one.lost == 0 for one in tallies.values())
    assert sum(one.once for one in tallies.values()) > len(messages) // 2
    # A repeated request is recognised by LINE, and Meta tells of every message it took.
    assert tallies[Channel.LINE].in_doubt == 0
    assert world.line.changed_requests == []
    assert tallies[Channel.WHATSAPP].in_doubt_sent == 0
    _judge_decisions(store, campaigns, {m.campaign_id for m in messages if _doubtful(m)})
    _judge_replies(store, people)


def _judge_reserves(
    store: SqlStore, messages: Sequence[Message], taken: Mapping[Channel, Counter[tuple[str, str]]]
) -> None:
    """Print how many reserves were called; nobody got a message and its reserve, or neither."""
    by_id = {m.id: m for m in messages}
    pairs = [(m, by_id[m.reserve_of]) for m in messages if m.reserve_of is not None]
    failed = {m.id for m in messages if m.in_reserve and m.status is MessageStatus.FAILED}
    tried = t.attempts.c
    with store.read() as tx:
        noted = tx.connection.execute(select(r.reserves))
        called = {row.message_id: row.reserve_id for row in noted}
        # One try may have arrived: then nothing is called, whatever a later try was told.
        unclear = set(
            tx.connection.scalars(
                select(tried.message_id).where(
                    tried.left_at.is_not(None),
                    or_(tried.outcome.is_(None), tried.outcome != "refused"),
                )
            )
        )
    doubts = sum(_doubtful(m) for m, _ in pairs)
    print(f"{len(called)} reserves called, {doubts} of them in doubt")
    assert called == {first.id: m.id for m, first in pairs}
    assert set(called) == failed - unclear, "failed for good, and its reserve not called"
    assert [m.id for m, first in pairs if times_taken(first, taken)] == []
    assert any(times_taken(m, taken) for m, _ in pairs)


def _doubtful(m: Message) -> bool:
    return m.status is MessageStatus.IN_DOUBT


def _judge_decisions(
    store: SqlStore, campaigns: Sequence[CampaignId], in_doubt: set[CampaignId]
) -> None:
    """Everything was approved once and sent once; what is in doubt keeps its campaign open."""
    with store.read() as tx:
        trail = list(tx.audit.from_start())
        states = {c: tx.campaigns.get(c) for c in campaigns}
    assert first_break(trail) is None
    for verb in ("campaign.approve", "campaign.send"):
        done = Counter(e.subject for e in trail if e.action == verb)
        assert done == Counter({f"campaign:{c}": 1 for c in campaigns}), verb
    for campaign_id, found in states.items():
        assert found is not None
        expected = CampaignStatus.SENDING if campaign_id in in_doubt else CampaignStatus.COMPLETED
        assert found.status is expected, campaign_id


def _judge_replies(store: SqlStore, people: People) -> None:
    """What people wrote was heard, each once."""
    heard: Counter[str] = Counter()
    cursor: str | None = ""
    while cursor is not None:
        with store.read() as tx:
            page, cursor = tx.replies.page(cursor, 500)
        heard.update(reply.text for reply in page)
    assert heard == Counter(people.said)
