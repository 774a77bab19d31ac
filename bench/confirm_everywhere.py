"""Confirm the same words in every message of a large campaign: seconds for each step.

    python bench/confirm_everywhere.py [--messages 4000] [--url postgresql://...]

SQLite without `--url`, else an empty PostgreSQL. "count" is what the composer's page adds to say
how many other messages say so, first and again; "everywhere" is the confirmation, as every door
asks for it.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from tests.web.houses import chosen

from campaigns.bootstrap import Services, opened
from campaigns.model.access import Actor, Scope
from campaigns.model.ids import ContactId, MessageId
from campaigns.model.message import Message

ME = Actor(name="bench", scopes=frozenset(Scope))
REQUEST = "Announce our new playlists to all customers by email"
PLAIN = "We hope the gamelans please you."


def main() -> int:
    """Print the times as JSON."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--messages", type=int, default=4_000)
    ask.add_argument("--url", default="")
    given = ask.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = chosen(
            Path(folder), **({"campaigns_database_url": given.url} if given.url else {})
        )
        with opened(settings) as services:
            found = measured(services, given.messages)
    print(json.dumps(found | {"load": round(os.getloadavg()[0], 1)}))
    return 0


def measured(services: Services, number: int) -> dict[str, float]:
    """Return how long each step takes, in seconds, and of how many messages."""
    first = blocked(services, number)
    edits, words = services.edits, [PLAIN]
    took = {
        "count": seconds(lambda: edits.elsewhere(first, words)),
        "count_again": seconds(lambda: edits.elsewhere(first, words)),
    }
    assert edits.elsewhere(first, words) == {PLAIN: number - 1}
    began = time.perf_counter()
    done = edits.confirm_everywhere(first.campaign_id, first.id, words, ME)
    took["everywhere"] = round(time.perf_counter() - began, 2)
    assert (done.messages, done.blocked) == (number, 0)
    return {"messages": number, **took}


def blocked(services: Services, number: int) -> Message:
    """Return the first message of a new campaign of so many that all say words without a source."""
    campaign, _ = services.drafts.create(REQUEST, ME)
    first = services.drafts.messages(campaign.id, "", 1)[0][0]
    text = {"text": f"{first.text}\n\n{PLAIN}"}
    first = services.edits.edit(campaign.id, first.id, text, ME)
    copies = [
        replace(first, id=MessageId(f"{first.id}-{n}"), contact_id=ContactId(f"k_{n}"))
        for n in range(1, number)
    ]
    with services.store.begin() as tx:
        tx.messages.replace_drafts(campaign.id, [first, *copies])
    return first


def seconds(step: Callable[[], object]) -> float:
    """Return how long a step takes."""
    began = time.perf_counter()
    step()
    return round(time.perf_counter() - began, 2)


if __name__ == "__main__":
    sys.exit(main())
