"""A process that claims and sends as fast as the quota lets it: `greedy.py URL LIMIT WINDOW_S [DAY]`.

Two of these at once are the limiter's test. DAY is a second quota, in any 24 hours. Ends when the
lane has run dry, or the day is used up.
"""

import sys
import time
from datetime import timedelta

from tests.support.sending import WallClock

from campaigns.model.customer import Channel
from campaigns.model.delivery import Accepted, Lane, Quota
from campaigns.model.ids import CampaignId
from campaigns.store import SqlStore
from campaigns.store.database import postgres_engine, sqlite_engine


def main(url: str, limit: int, window_s: int, day: int | None = None) -> None:
    from pathlib import Path  # noqa: PLC0415 - only for SQLite

    store = SqlStore(
        sqlite_engine(Path(url.removeprefix("sqlite:///")))
        if url.startswith("sqlite")
        else postgres_engine(url)
    )
    clock, quota = WallClock(), Quota(limit=limit, window_s=window_s)
    also = [] if day is None else [Quota(limit=day, window_s=86_400)]
    lane = Lane(campaign_id=CampaignId("c_1"), channel=Channel.EMAIL, epoch=1)
    while True:
        with store.begin() as tx:
            claim = tx.outbox.claim(lane, quota, clock.now(), 7, also=also)
        for message in claim.messages:
            with store.begin() as tx:
                assert tx.outbox.leaving(message.id, message.attempt, clock.now())
            with store.begin() as tx:
                tx.outbox.settle(message.id, message.attempt, Accepted(provider_id=""), clock.now())
        if not claim.messages:
            if claim.retry_at is None or claim.retry_at > clock.now() + timedelta(hours=1):
                return
            time.sleep(0.005)


if __name__ == "__main__":
    main(sys.argv[1], *(int(given) for given in sys.argv[2:]))
