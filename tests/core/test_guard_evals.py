"""The guard on the project's own messages meets its goals; the unseen ones are never printed."""

from collections import Counter

import pytest
from tests.evals.guard import Case, measure, own_cases

CASES = list(own_cases())


def test_there_are_enough_messages_in_both_languages_and_splits() -> None:
    assert len(CASES) >= 200
    assert sum(case.split == "unseen" for case in CASES) >= 80
    by_language = Counter(case.language for case in CASES)
    assert min(by_language["en"], by_language["th"]) >= 60


@pytest.mark.parametrize("split", ["tuned", "unseen"])
def test_slot_and_template_texts_meet_the_goal(split: str) -> None:
    def asked(case: Case) -> bool:
        return case.split == split and case.kind != "edit"

    score = measure(filter(asked, CASES))[split, "all"]
    assert score.caught >= 0.98 * score.bad
    assert score.alarms <= 0.02 * score.good


@pytest.mark.parametrize("split", ["tuned", "unseen"])
def test_every_claim_without_a_source_in_a_hand_edit_blocks(split: str) -> None:
    score = measure(case for case in CASES if case.split == split)[split, "edit"]
    assert score.caught == score.bad > 0


def test_most_statements_made_of_harmless_words_block_in_edits_never_looked_at() -> None:
    score = measure(case for case in CASES if case.split == "unseen2")["unseen2", "edit"]
    assert score.caught >= 0.9 * score.bad
