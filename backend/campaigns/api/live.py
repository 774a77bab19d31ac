"""Live progress of a campaign as server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool

from campaigns.api import present
from campaigns.bootstrap import Services
from campaigns.model.campaign import CampaignStatus
from campaigns.model.ids import CampaignId

LOOK_EVERY_S = 0.5
ALIVE_EVERY = 30  # looks without news before a comment keeps the connection open
ENDED = frozenset({CampaignStatus.COMPLETED, CampaignStatus.CANCELLED})


async def progress(services: Services, campaign_id: CampaignId) -> AsyncIterator[str]:
    """Yield an event whenever the campaign's figures change, until it has ended."""
    last = ""
    quiet = 0
    while True:
        figures = await run_in_threadpool(services.insights.campaign, campaign_id)
        waiting = await run_in_threadpool(services.outlook.waiting, campaign_id)
        data = json.dumps(present.figures(figures, waiting), default=str)
        if data != last:
            last, quiet = data, 0
            yield f"event: progress\ndata: {data}\n\n"
        elif quiet >= ALIVE_EVERY:
            quiet = 0
            yield ": still here\n\n"
        if figures.campaign.status in ENDED or services.stopping.is_set():
            yield "event: end\ndata: {}\n\n"
            return
        quiet += 1
        await asyncio.sleep(LOOK_EVERY_S)
