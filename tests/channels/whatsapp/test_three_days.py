"""A campaign of three days against Meta's simulator: what was forecast is what happens."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import select
from tests.support.providers import (
    RENEWAL,
    approved_desk,
    meta,
    switchboard,
    whatsapp_carrier,
)
from tests.support.sending import HandClock, message, plant, sqlite_store

from campaigns.flow.dispatch import Window
from campaigns.flow.dispatch.forecast import Batch, Departures, forecast
from campaigns.model.customer import Channel
from campaigns.model.delivery import Lane, Quota
from campaigns.model.ids import CampaignId
from campaigns.model.message import MessageStatus
from campaigns.sender import Rules, Sender, zone_named
from campaigns.store import SqlStore
from campaigns.store import tables as t

MESSAGES, A_DAY = 2500, Quota(limit=1000, window_s=86_400)
CAMPAIGN = CampaignId("c_1")
LANE = Lane(campaign_id=CAMPAIGN, channel=Channel.WHATSAPP, epoch=1)
OFFICE = Window(time(9), time(18))
NINE = datetime(2025, 9, 15, 2, 0, tzinfo=UTC)  # 9:00 in Bangkok, a Monday
DAY = timedelta(days=1)


def expected(store: SqlStore, clock: HandClock) -> Departures:
    """Return what a person is shown before the approval."""
    zone = zone_named("Asia/Bangkok")
    assert zone is not None
    with store.read() as tx:
        freeing = tx.outbox.freeing(Channel.WHATSAPP, A_DAY, clock.now())
    batch = Batch(zone=zone, from_at=clock.now(), messages=MESSAGES)
    return forecast([batch], OFFICE, A_DAY, freeing, clock.now())


class Process:
    """One process after the other on one database and one provider."""

    def __init__(self, url: str, file: Path, clock: HandClock) -> None:
        self.url, self.clock = url, clock
        self.store = sqlite_store(file)
        with self.store.begin() as tx:
            tx.outbox.recover(clock.now())
        self.carrier = whatsapp_carrier(url, clock, approved_desk())
        rules = Rules(window=OFFICE, default_zone="Asia/Bangkok", in_flight=32)
        self.sender = Sender(self.store, {Channel.WHATSAPP: self.carrier}, clock, rules)

    def works(self, batches: int) -> bool:
        """Send batches as time goes on; return whether the lane has run dry."""

        async def work() -> bool:
            for _ in range(batches):
                rest = await self.sender.send(LANE)
                if rest.until is None:
                    return True
                self.clock.at = max(rest.until, self.clock.at + timedelta(seconds=5))
            return False

        async def work_and_close() -> bool:
            try:
                return await work()
            finally:
                await self.carrier.close()

        return asyncio.run(work_and_close())

    def dies(self) -> None:
        """Die with messages claimed that never left."""
        with self.store.begin() as tx:
            tx.outbox.claim(LANE, A_DAY, self.clock.now(), 7)
        self.store.engine.dispose()


def test_2500_at_1000_in_24_hours_take_three_days_as_forecast_through_two_restarts(
    tmp_path: Path,
) -> None:
    clock, file = HandClock(NINE), tmp_path / "campaigns.db"
    provider = meta(clock)
    with switchboard() as board:
        board.app = provider.app
        first = Process(board.url, file, clock)
        numbers = range(MESSAGES)
        plant(
            first.store,
            [replace(message(n, Channel.WHATSAPP), template=RENEWAL) for n in numbers],
        )
        told = expected(first.store, clock)
        assert not first.works(batches=2)
        first.dies()
        second = Process(board.url, file, clock)
        assert not second.works(batches=6)  # into the second day
        second.dies()
        third = Process(board.url, file, clock)
        assert third.works(batches=100)
    with third.store.engine.connect() as connection:
        left = list(connection.scalars(select(t.messages.c.left_at).order_by(t.messages.c.left_at)))
    with third.store.read() as tx:
        counts = {status: n for (_, status), n in tx.messages.counts(CAMPAIGN).items()}
    third.store.engine.dispose()
    assert counts == {MessageStatus.ACCEPTED: MESSAGES}
    assert len({taken.to for taken in provider.taken}) == len(provider.taken) == MESSAGES
    # Never more than 1,000 in any 24 hours, so it takes three days, each within office hours.
    assert all(later - one >= DAY for one, later in zip(left, left[1000:], strict=False))
    assert {(at + timedelta(hours=7)).date().day for at in left} == {15, 16, 17}
    assert {(at + timedelta(hours=7)).hour for at in left} == {9}
    # What was forecast; a burst of the limit counts as one instant there.
    assert told.held_by == (f"the limit of {A_DAY}",)
    for forecast_at, happened_at in ((told.first_at, left[0]), (told.last_at, left[-1])):
        assert forecast_at is not None
        assert timedelta(0) <= happened_at - forecast_at < timedelta(minutes=5)
