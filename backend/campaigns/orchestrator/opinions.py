"""What providers say of messages that nobody sent yet: a second opinion, for the preview.

The first is the channel's own `problem`, which decides. A provider that cannot be asked just now
has no opinion, and the preview comes without it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from campaigns.model.customer import Channel
from campaigns.model.ids import MessageId
from campaigns.model.message import Check, Message

# Returns each message's objection, "" for none; absent means that nobody could be asked.
Ask = Callable[[Sequence[Message]], Mapping[MessageId, str]]


def with_opinions(samples: Sequence[Message], asked: Mapping[Channel, Ask]) -> Sequence[Message]:
    """Return samples, each with its provider's opinion among its checks."""
    said: dict[MessageId, str] = {}
    for channel, ask in asked.items():
        own = [m for m in samples if m.channel is channel and m.text.strip()]
        said |= ask(own) if own else {}
    return [_with(m, said[m.id]) if m.id in said else m for m in samples]


def _with(message: Message, objection: str) -> Message:
    check = Check(
        check=f"{message.channel.value}_validate",
        ok=not objection,
        expected=objection or None,
        source="the provider's own validation; nothing was sent",
    )
    return replace(message, checks=(*message.checks, check))
