"""Which channels a campaign may use at this moment."""

from collections.abc import Mapping, Sequence

from campaigns.model.customer import Channel
from campaigns.model.ports import Carrier


def closed(
    carriers: Mapping[Channel, Carrier], channels: Sequence[Channel], channel: Channel
) -> str | None:
    """Return why nothing goes over a channel, None when it may; no `channels` means all."""
    if channels and channel not in channels:
        return f"{channel.value} was not chosen for this send"
    return carriers[channel].ready
