"""Honest prose of a model passes its trial, prose with a fault never."""

from tests.evals.model_prose import UNSEEN, measure


def test_prose_that_keeps_its_facts_in_slots_passes_and_no_other_does() -> None:
    counts = measure()
    honest = counts[True, True] + counts[True, False]
    assert honest + counts[False, True] + counts[False, False] >= 40
    assert counts[False, True] == 0
    assert counts[True, True] / honest >= 0.9


def test_prose_written_before_the_lists_were_seen_is_judged_much_the_same() -> None:
    counts = measure(UNSEEN)
    assert counts[False, False] >= 0.95 * (counts[False, True] + counts[False, False])
    assert counts[True, True] >= 0.75 * (counts[True, True] + counts[True, False])
