"""What came of every message, by what the providers took and what we say."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from campaigns.model.customer import Channel
from campaigns.model.message import Message, MessageStatus

SAYS_SENT = frozenset(
    {
        MessageStatus.ACCEPTED,
        MessageStatus.SENT,
        MessageStatus.DELIVERED,
        MessageStatus.READ,
    }
)


@dataclass
class Tally:
    """What came of one channel's messages."""

    once: int = 0
    doubled: int = 0
    lost: int = 0
    refused: int = 0
    in_doubt_sent: int = 0
    in_doubt_unsent: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def in_doubt(self) -> int:
        return self.in_doubt_sent + self.in_doubt_unsent

    @property
    def seen(self) -> int:
        return self.once + self.doubled + self.lost + self.refused + self.in_doubt

    def add(self, m: Message, taken: int) -> None:
        if taken > 1:
            self.doubled += 1
            self.notes.append(f"{m.id} was taken {taken} times")
        elif m.status is MessageStatus.IN_DOUBT:
            self.in_doubt_sent += taken
            self.in_doubt_unsent += 1 - taken
        elif taken:
            self.once += 1
            if m.status not in SAYS_SENT:
                self.notes.append(f"{m.id} was taken and is called {m.status}: {m.reason}")
        elif m.status is MessageStatus.FAILED and m.reason:
            self.refused += 1
        else:
            self.lost += 1
            self.notes.append(f"{m.id} was not taken and is called {m.status}: {m.reason}")


def tallied(
    messages: Iterable[Message], taken: Mapping[Channel, Counter[tuple[str, str]]]
) -> dict[Channel, Tally]:
    """Compare our messages with what the providers took."""
    tallies = {channel: Tally() for channel in Channel}
    for m in messages:
        tallies[m.channel].add(m, times_taken(m, taken))
    return tallies


def times_taken(m: Message, taken: Mapping[Channel, Counter[tuple[str, str]]]) -> int:
    """Return how often a message's provider took it."""
    # LINE has no place for our id; every text of this suite is to one person once.
    key = (m.address, m.text if m.channel is Channel.LINE else m.id)
    return taken[m.channel][key]


def table(tallies: Mapping[Channel, Tally]) -> str:
    """Return the figures as a table."""
    head = f"{sum(t.seen for t in tallies.values())} messages\n"
    head += "channel    sent once  doubled  lost  refused  in doubt (sent / not sent)\n"
    return head + "\n".join(
        f"{channel:<10} {t.once:>9}  {t.doubled:>7}  {t.lost:>4}  {t.refused:>7}"
        f"  {t.in_doubt:>8} ({t.in_doubt_sent} / {t.in_doubt_unsent})"
        for channel, t in tallies.items()
    )
