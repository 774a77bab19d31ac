"""Reserve: when the message kept for another channel may take a failed one's place.

It leaves only when it is certain that nobody got the first: a provider said so, in a way that
says nothing against us and is no refusal of the person's. In doubt it never leaves.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from campaigns.model.delivery import ReasonClass

# Failures of the way, not of the person's will or of our standing. Not among them: opted out
# (they refused), policy and auth (ours to mend first), unknown (nobody knows).
OF_THE_WAY = frozenset(
    {
        ReasonClass.INVALID_RECIPIENT,
        ReasonClass.FREQUENCY_CAP,
        ReasonClass.RATE_LIMITED,
        ReasonClass.QUOTA,
        ReasonClass.TEMPLATE,
        ReasonClass.CONTENT,
        ReasonClass.TRANSIENT,
    }
)
# Providers have told of a failure and then of a delivery; they take this long to think again.
SECOND_THOUGHTS = timedelta(minutes=10)
# A mail server may try for days; what was worth saying then may not be now.
WORTH_SAYING = timedelta(days=3)


def due(
    kinds: Collection[ReasonClass],
    *,
    told: bool,
    unclear: int,
    left_at: datetime | None,
    now: datetime,
) -> datetime | None:
    """Return when the reserve of a message that just failed may be called, None for never.

    `kinds` are all reasons given for the failure, in no order: one against it has the word, and
    without any nothing is known. A reason whose code nobody knows is one against it.
    `told` is True for a failure that came as news, False for the provider's own answer.
    `unclear` counts the attempts that left and were not refused: one may have been the one that
    the news is about, any other may have arrived.
    """
    if not kinds or not OF_THE_WAY.issuperset(kinds) or unclear > int(told):
        return None
    if left_at is not None and now - left_at > WORTH_SAYING:
        return None
    return now + SECOND_THOUGHTS if told else now
