"""What a provider tells by itself: a signed request to us, kept as it came, read after."""

from dataclasses import dataclass
from datetime import datetime

from campaigns.model.customer import Channel
from campaigns.model.delivery import DeliveryEvent
from campaigns.model.template import TemplateNews


@dataclass(frozen=True, slots=True, kw_only=True)
class RawWebhook:
    """A verified request as it came. `id` is the SHA-256 (hex) of channel and body.

    `tries` counts how often it was read. `trouble` says what could not be read or taken in.
    """

    id: str
    channel: Channel
    body: bytes
    received_at: datetime
    tries: int = 0
    done_at: datetime | None = None
    trouble: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountNews:
    """News about our own account at a provider.

    `halts` says why nothing may leave any more, None when it may. `limit` is how many people
    may be written to in a rolling 24 hours, None when this news does not say. `words` are for
    people to read.
    """

    at: datetime
    words: str
    halts: str | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Everything one request told, in its order.

    `faults` name each part that could not be read and where it stands; the rest is read all
    the same.
    """

    events: tuple[DeliveryEvent, ...] = ()
    templates: tuple[TemplateNews, ...] = ()
    account: tuple[AccountNews, ...] = ()
    faults: tuple[str, ...] = ()
