"""What every step of the orchestrator works with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from campaigns.model.customer import Channel
from campaigns.model.house import House
from campaigns.model.ids import MessageId
from campaigns.model.ports import (
    AccountWriter,
    Carrier,
    Clock,
    Dispatcher,
    Ids,
    Interpreter,
    ReplyReader,
    Rewriter,
    Store,
    Writer,
)
from campaigns.orchestrator.opinions import Ask


class Links(Protocol):
    """Signed unsubscribe links; each is one recipient's own."""

    def url(self, message_id: MessageId, address: str) -> str:
        """Return the link for a message to an address."""
        ...

    def message_of(self, token: str) -> MessageId | None:
        """Return the message a link's token names; `is_genuine` proves it."""
        ...

    def is_genuine(self, token: str, address: str) -> bool:
        """Whether we made this token for its message and this address."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The adapters bootstrap picked."""

    store: Store
    clock: Clock
    ids: Ids
    interpreter: Interpreter
    writer: Writer
    rewriter: Rewriter
    reader: ReplyReader
    carriers: Mapping[Channel, Carrier]
    dispatcher: Dispatcher
    house: House
    links: Links
    opinions: Mapping[Channel, Ask] = field(default_factory=dict)
    account_writer: AccountWriter | None = None  # None where no model writes
