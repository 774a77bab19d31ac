"""Messages held for a WhatsApp template, let go once it may be sent."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select, update

from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId
from campaigns.model.message import MessageStatus
from campaigns.model.template import HELD
from campaigns.store import tables as t


def let_go(
    c: Connection, templates: Collection[tuple[str, str]], at: datetime
) -> Collection[CampaignId]:
    """Have what is held for one of these templates leave from `at` on; return the campaigns.

    What waits for anything else (an hour, a quota, another try) goes on waiting.
    """
    held = (
        t.messages.c.channel == Channel.WHATSAPP.value,
        t.messages.c.status == MessageStatus.QUEUED.value,
        t.messages.c.not_before > at,
        t.messages.c.reason.startswith(HELD, autoescape=True),
    )
    template = t.messages.c.record["template"]
    found: set[CampaignId] = set()
    for name, language in templates:
        these = (
            *held,
            template["name"].as_string() == name,
            template["language"].as_string() == language,
        )
        found |= {
            CampaignId(i)
            for i in c.scalars(select(t.messages.c.campaign_id).where(*these).distinct())
        }
        c.execute(update(t.messages).where(*these).values(not_before=at, reason=None))
    return found
