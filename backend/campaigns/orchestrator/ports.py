"""What every step of the orchestrator works with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from campaigns.model.customer import Channel
from campaigns.model.house import House
from campaigns.model.ids import MessageId
from campaigns.model.ports import (
    Carrier,
    Clock,
    Dispatcher,
    Ids,
    Interpreter,
    ReplyReader,
    Store,
    Writer,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The adapters bootstrap picked. `unsubscribe_url` makes a recipient's own signed link."""

    store: Store
    clock: Clock
    ids: Ids
    interpreter: Interpreter
    writer: Writer
    reader: ReplyReader
    carriers: Mapping[Channel, Carrier]
    dispatcher: Dispatcher
    house: House
    unsubscribe_url: Callable[[MessageId, str], str]
