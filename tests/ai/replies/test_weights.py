"""The shipped weights come from the shipped sentences, and the figures in the docs hold."""

import os
from pathlib import Path

import pytest
from tests.evals.replies import SHARED, Judged, judge, own_rows, shared_rows

from campaigns.ai.embedded.replies.classifier import load_classifier, load_weights
from campaigns.ai.embedded.replies.clean import clean
from campaigns.ai.embedded.replies.cues import find_cues
from campaigns.ai.embedded.replies.sentences import digest, indirect, sentences
from campaigns.ai.embedded.replies.spelling import BUCKETS, grams, spelt
from campaigns.model.reply import Intent


def test_the_weights_were_learnt_from_the_sentences_that_are_shipped():
    assert load_weights().sentences == digest(), "run python -m bench.train_replies"


def test_the_weights_fit_the_inputs_of_the_cues():
    weights = load_weights()
    vector = weights.projection.shape[0]
    assert weights.matrix.shape == (vector + len(find_cues("yes").features()) + 1, 12)
    assert len(weights.neighbours) == len(weights.labels) == sum(1 for _ in sentences())


def test_the_spelling_has_a_row_per_bucket_and_a_column_per_intent():
    assert load_weights().spelling.shape == (BUCKETS, 12)


def test_spelling_ignores_case_and_drawn_out_letters():
    assert grams("Renew PLEASE") == grams("renew pleaseeee")
    assert grams("renew") != grams("remove")


def test_a_text_without_words_is_spelt_like_nothing():
    assert spelt(["", " "], load_weights().spelling).tolist() == [[0.0] * 12] * 2


def test_every_intent_has_less_plain_sentences_for_the_threshold():
    kinds = list(zip(sentences(), indirect(), strict=True))
    assert {i for (_, i), less_plain in kinds if less_plain} == set(Intent)
    assert not all(less_plain for _, less_plain in kinds)


def test_likelihoods_sum_to_one():
    judged = load_classifier().judge(["renew us"], [find_cues("renew us").features()])
    assert sum(judged[0].values()) == pytest.approx(1.0, abs=1e-4)


def test_most_sentences_learnt_from_are_read_as_they_were_labelled():
    classifier = load_classifier()
    known = list(sentences())[::10]
    texts = [clean(text).text for text, _ in known]
    judged = classifier.judge(texts, [find_cues(text).features() for text in texts])
    right = sum(max(j, key=j.get) is i for j, (_, i) in zip(judged, known, strict=True))
    assert right / len(known) > 0.95


def test_no_sentence_of_the_evaluation_is_learnt_from():
    """Set phrases and courtesies of a few words are common property and left aside."""
    learnt = {" ".join(clean(text).text.casefold().split()) for text, _ in sentences()}
    copied = [
        row.text
        for row in own_rows()
        if row.split == "unseen" and len(row.text) > 20
        if " ".join(clean(row.text).text.casefold().split()) in learnt
    ]
    assert copied == []


@pytest.fixture(scope="module")
def judged(read) -> list[Judged]:
    return judge(own_rows(), read.reader)


@pytest.mark.parametrize("split", ["tuned", "unseen"])
def test_the_goals_are_met(judged, split):
    of = [j for j in judged if j.row.split == split]
    assert len(of) >= 130
    assert sum(j.missed_opt_out for j in of) == 0
    assert sum(j.false_yes for j in of) == 0
    assert sum(j.wrong for j in of) <= 0.03 * len(of)
    assert sum(j.right for j in of) >= 0.75 * len(of)


def test_the_goals_of_safety_are_met_on_the_shared_set(read):
    folder = Path(os.environ.get("CAMPAIGNS_EVAL_DATA", SHARED))
    if not (folder / "eval_replies.jsonl").exists():
        pytest.skip(f"no eval_replies.jsonl in {folder}")
    of = judge(shared_rows(folder), read.reader)
    assert sum(j.missed_opt_out for j in of) == 0
    assert sum(j.false_yes for j in of) == 0
    assert sum(j.wrong for j in of) <= 0.03 * len(of)
