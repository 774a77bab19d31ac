"""How long what is kept: what is removed one day, and what a decision may need and so never is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from campaigns.model.message import MessageStatus as S

# What stands in place of a text that was removed.
REMOVED = "(removed)"

# Nothing of these can leave any more, so their words are not needed to send them.
CLOSED = frozenset({S.ACCEPTED, S.SENT, S.DELIVERED, S.READ, S.SUPPRESSED, S.SKIPPED, S.CANCELLED})


class Kept(StrEnum):
    """A kind of row, or of words in a row, that is removed when it is old."""

    WEBHOOKS = "webhooks"  # requests of providers as they came, everything in them taken in
    ORPHANS = "orphans"  # news about messages that nobody knows
    MESSAGE_TEXTS = "message texts"  # of ended campaigns; who got what when stays
    REPLY_TEXTS = "reply texts"  # of replies that are done with; how each was read stays
    MODEL_TEXTS = "model texts"  # what a model wrote, kept so that it is paid for once
    ANSWERS = "answers"  # to requests with an Idempotency-Key
    SIGN_INS = "sign-ins"  # sessions and links that ended, attempts that failed
    PERMITS = "permits"  # of the limits' rolling windows


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """How long what is kept, in days; 0 keeps for ever.

    `webhooks` is longer than any provider redelivers (Meta: 7 days, its throughput page, read
    2026-11). The rest is fixed: `answers` outlive every client's retries, `permits` the longest
    window of a limit (24 h), and `sign_ins` are only looked at for minutes.
    """

    webhooks: int = 30
    texts: int = 0
    cache: int = 180
    answers: int = 7
    sign_ins: int = 30
    permits: int = 8

    def days(self, kind: Kept) -> int:
        """Return for how many days a kind is kept, 0 for ever."""
        match kind:
            case Kept.WEBHOOKS | Kept.ORPHANS:
                return self.webhooks
            case Kept.MESSAGE_TEXTS | Kept.REPLY_TEXTS:
                return self.texts
            case Kept.MODEL_TEXTS:
                return self.cache
            case Kept.ANSWERS:
                return self.answers
            case Kept.SIGN_INS:
                return self.sign_ins
            case Kept.PERMITS:
                return self.permits

    def before(self, kind: Kept, now: datetime) -> datetime | None:
        """Return what is older than this goes, None when nothing does."""
        days = self.days(kind)
        return now - timedelta(days=days) if days else None
