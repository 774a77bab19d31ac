"""What is looked after now and then beside the sending: templates, followers."""

import threading
from collections.abc import Callable, Sequence

import structlog

log = structlog.get_logger(__name__)

EVERY_S = 60.0


class Upkeep:
    """Does each job again and again; one that goes wrong does not keep the others."""

    def __init__(self, jobs: Sequence[Callable[[], object]]) -> None:
        self._jobs = jobs

    def run(self, stopping: threading.Event) -> None:
        """Work until told to stop."""
        while not stopping.is_set():
            for job in self._jobs:
                try:
                    job()
                except Exception:
                    # The worker's loop: the next round tries again.
                    log.exception("upkeep_raised")
            stopping.wait(EVERY_S)
