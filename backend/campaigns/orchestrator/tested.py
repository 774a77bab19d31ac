"""Whether a campaign's test is through, and going without one, which is noted."""

from collections.abc import Sequence
from datetime import datetime

from campaigns.model.access import Actor
from campaigns.model.audit import AuditEntry
from campaigns.model.ids import CampaignId
from campaigns.model.message import Message
from campaigns.model.message import MessageStatus as M
from campaigns.model.ports import Tx

LOG = 200  # newest entries of a campaign's trail that tell its stages
SKIPPED = "campaign.test_skipped"
DELIVERED = frozenset({M.DELIVERED, M.READ})
ON_ITS_WAY = frozenset({M.QUEUED, M.CLAIMED, M.SENDING, M.ACCEPTED, M.SENT})


def has_arrived(tests: Sequence[Message]) -> bool:
    """Whether the test messages arrived, on one channel at least, and none is under way."""
    states = {t.status for t in tests}
    return bool(states & DELIVERED) and not states & ON_ITS_WAY


def is_through(tests: Sequence[Message], log: Sequence[AuditEntry]) -> bool:
    """Whether the test is through, or somebody decided to do without; `log` is the trail."""
    return has_arrived(tests) or any(e.action == SKIPPED for e in log)


def skip(tx: Tx, campaign_id: CampaignId, why: str, actor: Actor, now: datetime) -> None:
    """Note that somebody sends without a test, and why."""
    tx.audit.add(now, actor.name, SKIPPED, f"campaign:{campaign_id}", {"why": why})


def skip_unless_through(
    tx: Tx, campaign_id: CampaignId, why: str, actor: Actor, now: datetime
) -> None:
    """Note it of a campaign whose test is not through."""
    log, _ = tx.audit.page("", LOG, f"campaign:{campaign_id}")
    if not is_through(tx.progress.tests(campaign_id), log):
        skip(tx, campaign_id, why, actor, now)
