"""A sender that warms up: the forecast plays it, and what waits for it says so."""

from datetime import UTC, datetime
from pathlib import Path

from campaigns import settings
from campaigns.bootstrap import opened, sample_book
from campaigns.model.access import SYSTEM
from campaigns.model.campaign import CampaignStatus as C
from campaigns.model.customer import Channel
from campaigns.model.delivery import Lane, Quota

DAY_1 = "the limit of 1 per 24 hours (warm-up, day 1)"
ROOMY = Quota(limit=1000, window_s=3600)


def test_the_forecast_and_the_reason_for_waiting_know_a_warm_up(tmp_path: Path) -> None:
    chosen = settings.read(
        campaigns_book=sample_book(),
        campaigns_data=tmp_path,
        campaigns_today="2025-09-15",
        campaigns_simulate="all",
        campaigns_send_window="always",
        campaigns_hold_seconds=0,
        campaigns_warm_up="email=2025-09-15:1/2",
    )
    with opened(chosen) as house:
        made, _ = house.drafts.create(
            "Announce our new playlists to all hotels in Bangkok by email", SYSTEM
        )
        [mail] = house.outlook.forecast(made.id).channels
        assert mail.messages > 1
        assert mail.held_by[0] == DAY_1
        assert mail.last_at is not None
        # Two the day after; the house's midnight is 17:00 UTC.
        assert mail.last_at >= datetime(2025, 9, 15, 17, tzinfo=UTC)

        house.approvals.submit(made.id, SYSTEM)
        with house.store.read() as tx:
            written = tx.campaigns.get(made.id)
        assert written is not None
        house.approvals.approve(made.id, written.content_hash, SYSTEM)
        now = house.clock.now()
        lane = Lane(campaign_id=made.id, channel=Channel.EMAIL, epoch=0)
        with house.store.begin() as tx:
            # No engine runs here: queued as `send` does it, with nothing to enqueue.
            assert tx.campaigns.move(made.id, [C.APPROVED], C.SENDING, now)
            assert tx.messages.queue(made.id, None, now, now) == {Channel.EMAIL: mail.messages}
            [first] = tx.outbox.claim(lane, ROOMY, now, 1).messages
            assert tx.outbox.leaving(first.id, first.attempt, now)
        [waiting] = house.outlook.waiting(made.id)
        assert waiting.reason == f"{DAY_1} is used up"
