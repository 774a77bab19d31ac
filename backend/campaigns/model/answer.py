"""An answer: what a person of the house sends back to somebody who wrote."""

from dataclasses import dataclass
from datetime import datetime

from campaigns.model.ids import CampaignId, MessageId, ReplyId

# Answers leave through the same lanes as campaigns do. This row among the campaigns is their lane:
# it always sends, is in no list or count, and cannot be paused, cancelled or asked for.
ANSWERS = CampaignId("answers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What makes a message an answer to a reply.

    `by` wrote it at `written_at`. `to` is the message of ours that the reply was to, None for
    somebody who wrote of their own accord. `same_channel` says that it goes where the reply came
    from. `mailed` says that `to` was a mail, so that an answer by mail belongs under it. `mail_ids`
    are the Message-IDs of the thread, the one that is answered last, where it goes by e-mail. `confirmed` are words that have no source in the record and that `by` stood for.
    """

    reply_id: ReplyId
    by: str
    written_at: datetime
    to: MessageId | None = None
    same_channel: bool = True
    mailed: bool = False
    mail_ids: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
