"""An answer as a message, and the lane that carries every one."""

from datetime import datetime

from campaigns.model.answer import ANSWERS, Answer
from campaigns.model.campaign import Campaign, CampaignStatus
from campaigns.model.customer import Channel
from campaigns.model.facts import Facts
from campaigns.model.ids import ContactId, CustomerId, MessageId
from campaigns.model.message import Message, MessageStatus
from campaigns.model.plan import CampaignType, Plan
from campaigns.model.reply import Reply

_NO_SUBJECT = {"en": "Your message", "th": "ข้อความของท่าน"}


def lane(now: datetime) -> Campaign:
    """Return what stands among the campaigns for all answers."""
    return Campaign(
        id=ANSWERS,
        name="Answers",
        status=CampaignStatus.SENDING,
        request=None,
        plan=Plan(type=CampaignType.FOLLOW_UP),
        author="",
        created_at=now,
        updated_at=now,
        epoch=1,
    )


def written(  # noqa: PLR0913 - everything that makes an answer
    reply: Reply,
    first: Message | None,
    *,
    message_id: MessageId,
    to: tuple[Channel, str],
    words: str,
    by: str,
    confirmed: tuple[str, ...],
    now: datetime,
    leaves_at: datetime,
) -> Message:
    """Return the answer to a reply, queued; `first` is the message of ours the reply was to."""
    sender = reply.sender
    channel, address = to
    by_mail = channel is reply.channel is Channel.EMAIL
    return Message(
        id=message_id,
        campaign_id=ANSWERS,
        customer_id=sender.customer_id if sender else CustomerId(""),
        customer=sender.customer if sender else "",
        contact_id=ContactId(message_id),
        contact=sender.contact if sender else None,
        channel=channel,
        address=address,
        cohort="answer",
        language=reply.reading.language,
        text=words,
        subject=_subject(reply, first) if channel is Channel.EMAIL else "",
        facts=nothing_known(reply),
        status=MessageStatus.QUEUED,
        edited=True,
        engine="person",
        not_before=leaves_at,
        updated_at=now,
        answer=Answer(
            reply_id=reply.id,
            by=by,
            written_at=now,
            to=first.id if first else None,
            same_channel=channel is reply.channel,
            mailed=by_mail and first is not None and first.channel is Channel.EMAIL,
            mail_ids=reply.mail.ids if reply.mail and by_mail else (),
            confirmed=confirmed,
        ),
    )


def nothing_known(reply: Reply) -> Facts:
    """Return the facts about somebody the book does not know: none."""
    sender = reply.sender
    return Facts(
        customer_id=sender.customer_id if sender else CustomerId(""),
        customer=sender.customer if sender else "",
        contact_id=(sender.contact_id if sender else None) or ContactId(""),
    )


def _subject(reply: Reply, first: Message | None) -> str:
    said = (reply.mail.subject if reply.mail else "") or (first.subject if first else "")
    said = " ".join("".join(c if c.isprintable() else " " for c in said).split())
    if not said:
        return _NO_SUBJECT.get(reply.reading.language, _NO_SUBJECT["en"])
    return said if said.casefold().startswith("re:") else f"Re: {said}"
