"""How many LINE messages of a campaign could go as one multicast: those with the same words.

    .venv/bin/python bench/line_identical.py [BOOK]

Nothing is sent and nothing is kept.
"""

import sys
import tempfile
from collections import Counter
from pathlib import Path

from campaigns import settings
from campaigns.bootstrap import opened, sample_book
from campaigns.channels.line import payload
from campaigns.model.access import SYSTEM
from campaigns.model.customer import Channel

REQUESTS = (
    "Send renewal reminders to all customers by LINE",
    "Send seasonal greetings for New Year to all customers by LINE",
    "Announce our new playlists to all customers by LINE",
    "Send a satisfaction survey to all customers by LINE",
    "Follow up with all customers by LINE about the new playlists",
)


def main() -> None:
    """Print, by campaign type, the messages, those with shared words and those with shared bytes."""
    book = Path(sys.argv[1]) if len(sys.argv) > 1 else sample_book()
    with tempfile.TemporaryDirectory() as folder:
        chosen = settings.read(
            campaigns_book=book,
            campaigns_data=Path(folder),
            campaigns_today="2025-09-15",
            campaigns_simulate="all",
        )
        with opened(chosen, in_memory=True) as house:
            for request in REQUESTS:
                campaign, _ = house.drafts.create(request, SYSTEM)
                with house.store.read() as tx:
                    written = [m for m in tx.messages.all(campaign.id) if m.channel is Channel.LINE]
                words = Counter(m.text for m in written)
                bodies = Counter(str(payload.bubble(m)) for m in written)
                shared = [sum(n for n in c.values() if n > 1) for c in (words, bodies)]
                kind = campaign.plan.type or "?"
                print(
                    f"{kind:<13}{len(written):>5} messages{shared[0]:>5} with shared words"
                    f"{shared[1]:>5} with shared bytes"
                )


if __name__ == "__main__":
    main()
