"""Whether a message may leave at this moment, as far as its channel has a say.

WhatsApp: with an approved template, or inside the 24 hours after their last message. LINE: a
repeated request is recognised for 24 hours; after that only a person sends again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from campaigns.flow import dispatch
from campaigns.model.customer import Channel
from campaigns.model.ids import MessageId
from campaigns.model.message import Message, MessageStatus
from campaigns.model.ports import Carrier, Clock, Tx
from campaigns.model.template import HELD
from campaigns.orchestrator.templates import TemplateLibrary

TEMPLATE_RECHECK = timedelta(minutes=5)
WINDOW = timedelta(hours=24)
WINDOW_MARGIN = timedelta(minutes=2)
WINDOW_CLOSED = "Window closed. Only a template can be sent."
NO_WORDS = "words of our own leave only within 24 hours of a message from them"
KEY_TOO_OLD = (
    "LINE no longer recognises the first request, so sending again could double it; "
    "a person decides"
)


class Fitness:
    """What the channels themselves say about messages that were just claimed."""

    def __init__(
        self, clock: Clock, templates: TemplateLibrary, carriers: Mapping[Channel, Carrier]
    ) -> None:
        self._clock = clock
        self._templates = templates
        self._carriers = carriers

    def __call__(
        self, tx: Tx, messages: Sequence[Message]
    ) -> Mapping[MessageId, dispatch.Wait | dispatch.End]:
        """Return, for each message that may not leave now, until when or why never."""
        now = self._clock.now()
        real = [m for m in messages if not self._carriers[m.channel].simulated]
        verdicts = {
            m.id: self._without_template(tx, m, now) for m in real if m.channel is Channel.WHATSAPP
        }
        verdicts |= {m.id: self._answer(tx, m, now) for m in messages if m.answer is not None}
        on_line = [m.id for m in real if m.channel is Channel.LINE]
        for message_id, since in tx.outbox.doubts(on_line).items():
            if now >= since + dispatch.KEY_LIFE:
                verdicts[message_id] = dispatch.End(MessageStatus.IN_DOUBT, KEY_TOO_OLD)
        return {message_id: verdict for message_id, verdict in verdicts.items() if verdict}

    def _without_template(
        self, tx: Tx, message: Message, now: datetime
    ) -> dispatch.Wait | dispatch.End | None:
        template = message.template
        trouble = self._templates.trouble(tx, template) if template else NO_WORDS
        if trouble is None:
            return None
        if window_is_open(tx, message.address, now):
            return None
        if template is None:
            return dispatch.End(MessageStatus.SKIPPED, trouble)
        return dispatch.Wait(now + TEMPLATE_RECHECK, HELD + trouble)

    def _answer(self, tx: Tx, message: Message, now: datetime) -> dispatch.End | None:
        """Judge an answer, also towards a simulator: Meta's rule is what is being tried."""
        if message.channel is not Channel.WHATSAPP or window_is_open(tx, message.address, now):
            return None
        return dispatch.End(MessageStatus.SKIPPED, WINDOW_CLOSED)


def window_until(tx: Tx, address: str) -> datetime | None:
    """Return until when WhatsApp takes free words to a number, None when they never wrote."""
    heard_at = tx.outbox.heard_at(Channel.WHATSAPP, address)
    return heard_at + WINDOW - WINDOW_MARGIN if heard_at is not None else None


def window_is_open(tx: Tx, address: str, now: datetime) -> bool:
    """Whether WhatsApp takes free words to a number at this moment."""
    until = window_until(tx, address)
    return until is not None and now < until
