"""The guard on the project's own messages meets its goals; the unseen ones are never printed."""

from collections import Counter

import pytest
from tests.evals.guard import Case, measure, own_cases, sentence_cases

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


@pytest.mark.parametrize("split", ["unseen2", "unseen3"])
def test_statements_made_of_harmless_words_block_in_edits_written_before_the_rules(
    split: str,
) -> None:
    score = measure(case for case in CASES if case.split == split)[split, "edit"]
    assert score.caught == score.bad > 0


def test_seven_in_ten_good_edits_never_looked_at_raise_no_alarm() -> None:
    score = measure(case for case in CASES if case.split == "unseen3")["unseen3", "edit"]
    assert score.alarms <= 0.3 * score.good


@pytest.mark.parametrize("split", ["tuned4", "unseen4"])
def test_no_fault_by_many_voices_passes_and_fewer_honest_texts_block_than_at_first(
    split: str,
) -> None:
    score = measure(case for case in CASES if case.split == split)[split, "all"]
    assert score.caught == score.bad > 0
    assert score.alarms <= (0.15 if split == "tuned4" else 0.4) * score.good


def test_single_sentences_with_a_claim_block_and_nine_in_ten_honest_ones_pass() -> None:
    scores = measure(sentence_cases())
    looked_at, unseen = scores["sentences", "all"], scores["unseen5", "all"]
    assert looked_at.caught == looked_at.bad >= 1200
    assert looked_at.alarms <= 0.11 * looked_at.good
    assert unseen.caught >= 0.98 * unseen.bad
    assert unseen.alarms <= 0.31 * unseen.good
