"""Who kills: one process after the other, while the others go on."""

import itertools
import random
from collections import Counter
from dataclasses import dataclass, field
from time import monotonic, sleep

from tests.crash.house import House
from tests.crash.operator import Operator, People

LONGEST_LIFE_S = 0.8
LONGEST_START_S = 1.5  # importing, recovering, launching
DIES_STARTING = 0.2
LONGEST_WORK_S = 20.0  # how long a server may take over what is asked of it
IN_A_CALL_S = 0.15  # how long after a call begins, or after somebody wrote, the server dies


@dataclass
class Killer:
    """Kills the house's processes in rotation; each is started again at once.

    The workers die at any instant. The server dies, in turns, while the operator's calls are
    under way and while what they began is sent and webhooks come in: so a machine on which every
    call takes longer than a short life gets on with the work all the same.
    """

    house: House
    operator: Operator
    people: People
    kills: "Counter[str]" = field(default_factory=Counter)
    starting: int = 0  # of them, how many died before they were ready
    _instants: random.Random = field(
        default_factory=lambda: random.Random(20250915)  # noqa: S311 - instants, not secrets
    )

    def kill(self, times: int, within_s: float) -> None:
        """Kill `times` times; give up when that takes longer than `within_s`."""
        end = monotonic() + within_s
        for role in itertools.cycle(self.house.roles):
            if self.kills.total() >= times or monotonic() > end:
                return
            self.house.wait_until_ready(role)
            self.operator.let(self.kills.total() / times)
            self._await_the_instant(role)
            self._kill(role)
            if self._instants.random() < DIES_STARTING:
                sleep(self._instants.uniform(0, LONGEST_START_S))
                self.starting += not self.house.is_ready(role)
                self._kill(role)

    def _await_the_instant(self, role: str) -> None:
        self.people.write()
        longest = LONGEST_LIFE_S
        if role == "serve":
            longest = IN_A_CALL_S
            if self.kills["serve"] % 2:
                self.operator.calling.wait(LONGEST_LIFE_S)
            else:
                self.operator.caught_up.wait(LONGEST_WORK_S)
        sleep(self._instants.uniform(0, longest))

    def _kill(self, role: str) -> None:
        self.house.kill(role)
        self.kills[role.rstrip("0123456789")] += 1
        self.house.start()
