"""What the warm-up of a new sender allows today, and tomorrow."""

from collections.abc import Mapping
from datetime import timedelta

from campaigns.model.customer import Channel
from campaigns.model.delivery import WarmUp, WarmUpDay
from campaigns.model.ports import Clock, Store

TOMORROW = timedelta(days=1)


class WarmUps:
    """The channels that warm up, by the house's own calendar."""

    def __init__(self, store: Store, clock: Clock, warm_ups: Mapping[Channel, WarmUp]) -> None:
        self._store = store
        self._clock = clock
        self._warm_ups = warm_ups

    def today(self) -> Mapping[Channel, WarmUpDay]:
        """Return today of each warm-up that is not over."""
        now, today = self._clock.now(), self._clock.today()
        found = {}
        with self._store.read() as tx:
            for channel, warm_up in self._warm_ups.items():
                quota, day = warm_up.quota(today), warm_up.day(today)
                if quota is None or day is None:
                    continue
                following = warm_up.quota(today + TOMORROW)
                found[channel] = WarmUpDay(
                    use=tx.outbox.use(channel, quota, now),
                    day=day,
                    days=len(warm_up.daily),
                    tomorrow=following.limit if following else None,
                )
        return found
