"""Channels: what carries messages, verifies news and keeps templates."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from campaigns.model.customer import Channel
from campaigns.model.delivery import DeliveryEvent, Quota, SendOutcome
from campaigns.model.facts import Facts
from campaigns.model.ids import BatchId
from campaigns.model.message import Message, Template
from campaigns.model.template import TemplateNews, TemplateSpec, WantedTemplate
from campaigns.model.text import CohortText, Rendered
from campaigns.model.webhook import Told


class Carrier(Protocol):
    """One channel's adapter: dresses, judges and sends messages.

    `quota` is our own cap on it; `simulated` is True when nothing leaves this machine;
    `ready` is None when it can send, else what is missing ("SMTP_SERVER is not set").
    """

    @property
    def channel(self) -> Channel: ...
    @property
    def quota(self) -> Quota: ...
    @property
    def simulated(self) -> bool: ...
    @property
    def ready(self) -> str | None: ...

    def dress(
        self, text: CohortText, rendered: Rendered, facts: Facts
    ) -> tuple[str | None, Template | None]:
        """Return the HTML and the template a rendered text is sent as, where the channel has them."""
        ...

    def problem(self, message: Message) -> str | None:
        """Return why the provider would refuse this message's form, or None."""
        ...

    async def send(self, message: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
        """Send `message` once.

        `leaving` is called exactly once, immediately before the first byte that could deliver
        the message; it commits SENDING durably. When it returns False the message is no longer
        ours to send: nothing leaves and None is returned.
        """
        ...

    async def probe(self) -> str | None:
        """Reach the provider and log in, sending nothing; return what is wrong, or None."""
        ...

    async def close(self) -> None:
        """Give back connections."""
        ...


@runtime_checkable
class Multicaster(Carrier, Protocol):
    """A carrier that can hand in one text for many people in one request.

    Its provider recognises a repeated request, so one without a clear answer is repeated with
    the same bytes under the same key.
    """

    def alike(self, message: Message) -> str:
        """Return a key that is equal for messages that may go in one request."""
        ...

    async def send_together(self, batch_id: BatchId, messages: Sequence[Message]) -> SendOutcome:
        """Hand in alike messages, which have left: the same bytes for the same batch."""
        ...


class Webhook(Protocol):
    """Reads what a channel's provider tells by HTTP requests to us."""

    def verifies(self, body: bytes, signature: str) -> bool:
        """Whether the provider signed exactly these bytes; in constant time."""
        ...

    def read(self, body: bytes, received_at: datetime) -> Told:
        """Read a verified body. Never raises: what cannot be read is among the faults."""
        ...


class TemplateApi(Protocol):
    """The templates of our account at the provider."""

    def spec(self, wanted: WantedTemplate) -> TemplateSpec:
        """Return the whole template a wanted one is submitted as."""
        ...

    def faults(self, spec: TemplateSpec) -> Sequence[str]:
        """Return which of the provider's rules a template breaks; nothing is asked."""
        ...

    def list(self) -> Sequence[TemplateNews]:
        """Ask for every template of the account. Raises `ProviderRefused`."""
        ...

    def create(self, spec: TemplateSpec) -> TemplateNews:
        """Submit a new template for approval. Raises `ProviderRefused`."""
        ...


class News(Protocol):
    """A source of delivery events that is asked (simulators, mailboxes)."""

    def fetch(self, now: datetime) -> Sequence[DeliveryEvent]:
        """Return news due by `now` that was not acknowledged, oldest first."""
        ...

    def acknowledge(self, events: Iterable[DeliveryEvent]) -> None:
        """Forget events that are durably stored."""
        ...
