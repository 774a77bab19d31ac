"""A worker to be killed: `python -m tests.crash.worker FOLDER MESSAGES_PER_CHANNEL`.

It plants the campaign and starts it (in one transaction) where that has not been done, sends
through simulated providers that misbehave, takes in their news, and ends when nothing is left
to do. It makes a file "working" in the folder once the engine runs.
"""

import logging
import sys
from pathlib import Path
from time import sleep

import structlog
from tests.support.sending import (
    NOON,
    ROOMY,
    CountingIds,
    WallClock,
    address_of,
    campaign,
    message,
    sqlite_store,
)

from campaigns.channels.simulator import FILE_NAME, Box, Faults, SimulatedCarrier
from campaigns.engine import Engine, Hooks, Pace
from campaigns.model.campaign import CampaignStatus
from campaigns.model.consent import Consent
from campaigns.model.customer import Channel
from campaigns.model.delivery import DeliveryEvent
from campaigns.model.ids import CampaignId
from campaigns.model.message import Message
from campaigns.sender import Rules, Sender
from campaigns.store import SqlStore
from campaigns.store.folder import FolderLock

CAMPAIGN = CampaignId("c_1")
FAULTS = Faults(busy=0.05, dropped=0.02, unanswered=0.02, mute=0.05, latency_s=0.03, retry_s=0.5)
SPEED = 8.0
UNDER_WAY = ("queued", "claimed", "sending")


def messages(per_channel: int) -> list[Message]:
    return [message(n, channel) for n in range(per_channel) for channel in Channel]


class Worker:
    def __init__(self, folder: Path, per_channel: int) -> None:
        self.store: SqlStore = sqlite_store(folder / "campaigns.db")
        self.box = Box(folder / FILE_NAME)
        self.clock = WallClock()
        self.per_channel = per_channel
        carriers = {
            channel: SimulatedCarrier(
                channel,
                ROOMY,
                self.box,
                self.clock,
                dress=lambda text, rendered, facts: (None, None),
                problem=lambda m: None,
                speed=SPEED,
                faults=FAULTS,
            )
            for channel in Channel
        }
        self.engine = Engine(
            database_url=str(self.store.engine.url),
            connection_of=self.store.connection_of,
            store=self.store,
            courier=Sender(
                self.store, carriers, self.clock, Rules(window=None, default_zone="Asia/Bangkok")
            ),
            hooks=Hooks(begin_due=lambda: None, settle=self.settle, heard=self.hear),
            news=[self.box],
            clock=self.clock,
            ids=CountingIds(start=f"{self.clock.now().timestamp():.6f}."),
            pace=Pace(queue_s=0.1, news_s=0.1, timer_s=0.2),
        )

    def settle(self) -> None:
        with self.store.begin() as tx:
            for campaign_id in tx.outbox.finished():
                tx.campaigns.move(
                    campaign_id,
                    [CampaignStatus.SENDING],
                    CampaignStatus.COMPLETED,
                    self.clock.now(),
                )

    def hear(self, event: DeliveryEvent) -> None:
        """Write an answer down once, in the transaction that stores its news."""
        with self.store.begin() as tx:
            if tx.outbox.record(event, self.clock.now()).new:
                tx.audit.add(self.clock.now(), "system", "reply.heard", event.dedupe_key, {})

    def start_once(self) -> None:
        with self.store.begin() as tx:
            if tx.campaigns.get(CAMPAIGN) is not None:
                return
            tx.campaigns.add(campaign())
            tx.messages.add(messages(self.per_channel))
            for n in range(self.per_channel):
                tx.consents.consent(
                    Consent(
                        channel=Channel.LINE,
                        address=address_of(Channel.LINE, n),
                        source="crash test",
                        evidence="",
                        at=NOON,
                    )
                )
            self.engine.start(tx, campaign(), list(Channel), self.clock.now())

    def done(self) -> bool:
        with self.store.read() as tx:
            states = {status.value for _, status in tx.messages.counts(CAMPAIGN)}
        return not states & set(UNDER_WAY) and self.box.waiting() == 0


def main(folder: Path, per_channel: int) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    lock = FolderLock(folder)
    lock.take()
    worker = Worker(folder, per_channel)
    worker.engine.launch()
    (folder / "working").touch()
    worker.start_once()
    while not worker.done():
        sleep(0.1)
    worker.engine.stop()
    lock.release()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
