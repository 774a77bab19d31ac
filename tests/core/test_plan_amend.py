"""A person's change of a plan."""

from dataclasses import replace
from datetime import date

import pytest
from tests.evals.fixture import vocabulary

from campaigns.flow.plan import amend, structured
from campaigns.model.errors import RequestInvalid
from campaigns.model.plan import CampaignType, Choice, Filters, Plan, Question

TODAY = date(2025, 9, 15)
WORDS = vocabulary()
UNCLEAR = Plan(
    type=CampaignType.RENEWAL,
    filters=Filters(brand=("Hilton",)),
    not_understood=("VIP", "grumpy"),
    questions=(Question("“VIP” is not known."),),
)


def change(plan, **patch):
    return amend(plan, patch, WORDS, TODAY, ("christmas",))


def test_new_filters_replace_the_old_ones_and_settle_what_was_not_understood():
    changed = change(UNCLEAR, filters={"city": "Phuket"})
    assert changed.filters == Filters(city=("Phuket",))
    assert changed.not_understood == ()
    assert changed.questions == ()
    assert changed.is_clear


def test_exclusions_alone_settle_it_too_and_keep_the_filters():
    changed = change(UNCLEAR, exclude={"city": "Phuket"})
    assert (changed.filters.brand, changed.exclude.city) == (("Hilton",), ("Phuket",))
    assert changed.is_clear


def test_a_new_channel_settles_nothing():
    changed = change(UNCLEAR, channels=["line"])
    assert not changed.is_clear
    assert changed.not_understood == UNCLEAR.not_understood
    assert changed.questions == UNCLEAR.questions


def test_words_can_be_dropped_one_by_one():
    fewer = change(UNCLEAR, not_understood=["grumpy"])
    assert fewer.not_understood == ("grumpy",)
    assert not fewer.is_clear
    assert change(fewer, not_understood=[]).is_clear


def test_words_that_were_never_there_cannot_be_added():
    with pytest.raises(RequestInvalid, match="/not_understood"):
        change(UNCLEAR, not_understood=["new"])


def test_everyone_replaces_filters_and_filters_replace_everyone():
    everyone = change(UNCLEAR, everyone=True)
    assert everyone.everyone
    assert not everyone.filters
    some = change(everyone, filters={"city": "Phuket"})
    assert not some.everyone
    assert some.filters.city == ("Phuket",)


def test_taking_the_last_filter_away_asks_and_never_means_all():
    changed = change(UNCLEAR, filters=None)
    assert not changed.is_clear
    assert not changed.everyone
    assert changed.questions


def test_the_missing_type_is_still_asked_with_the_choices_it_had():
    asked = Question("What kind of campaign is it?", (Choice("Survey", "Survey: hotels"),))
    plan = replace(UNCLEAR, type=None, questions=(asked,))
    changed = change(plan, filters={"city": "Phuket"})
    assert changed.questions == (asked,)
    assert change(changed, type="survey").is_clear


def test_a_change_is_checked_like_a_structured_request():
    with pytest.raises(RequestInvalid) as refused:
        change(UNCLEAR, filters={"city": "Puket"}, engine="me")
    assert [f.pointer for f in refused.value.faults] == ["/engine", "/filters/city"]


def test_null_clears_what_the_message_is_like():
    plan = structured(
        {"type": "seasonal", "everyone": True, "occasion": "christmas", "language": "th"},
        WORDS,
        TODAY,
        ("christmas",),
    )
    changed = change(plan, occasion=None, language=None)
    assert (changed.occasion, changed.language, changed.everyone) == (None, None, True)
