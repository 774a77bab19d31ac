"""A plan from anywhere, held against its request."""

from dataclasses import replace
from datetime import date

import pytest
from tests.ai.requests.reading import NOW, READER, WORDS, read

from campaigns.model.customer import Channel, Size
from campaigns.model.plan import CampaignType, DateRange, Filters, Plan, Understood

REQUEST = "Send renewal reminders to all Hiltons in Thailand expiring in October, except Phuket"


def verify(request: str, plan: Plan) -> Plan:
    return READER.verify(request, plan, WORDS, NOW)


def test_the_plan_of_the_rules_themselves_comes_back_as_it_is():
    plan = read(REQUEST)
    assert plan.is_clear
    assert verify(REQUEST, plan) == plan


@pytest.mark.parametrize(
    "change",
    [
        {"filters": Filters(country=("Thailand",))},
        {"filters": Filters(brand=("Hilton",), country=("Thailand",))},
        {"exclude": Filters()},
        {"exclude": Filters(country=("Thailand",), city=("Phuket",)), "filters": Filters()},
        {"filters": Filters(), "everyone": True},
        {"type": CampaignType.SURVEY},
    ],
    ids=["brand gone", "date gone", "exclusion gone", "turned round", "everyone", "type"],
)
def test_what_the_plan_drops_or_widens_is_asked(change):
    checked = verify(REQUEST, replace(read(REQUEST), **change))
    assert not checked.is_clear


def test_a_dropped_rule_is_named_with_the_requests_own_words():
    plan = replace(read(REQUEST), exclude=Filters())
    checked = verify(REQUEST, plan)
    assert "Phuket" in checked.not_understood
    assert any("Phuket" in q.text and "left out" in q.text for q in checked.questions)


def test_another_reading_of_a_date_is_asked():
    plan = read(REQUEST)
    later = replace(plan.filters, contract_end=(DateRange(date(2025, 10, 1), date(2025, 12, 31)),))
    assert not verify(REQUEST, replace(plan, filters=later)).is_clear


def test_a_rule_from_nowhere_is_asked():
    plan = read(REQUEST)
    narrowed = replace(plan.filters, size=(Size.SMALL,))
    assert not verify(REQUEST, replace(plan, filters=narrowed)).is_clear


def test_other_channels_than_said_are_asked():
    request = "Survey to all hotels by WhatsApp"
    plan = replace(read(request), channels=(Channel.EMAIL,))
    assert not verify(request, plan).is_clear


def test_a_model_may_explain_words_that_the_rules_do_not_know():
    request = "Survey to the sweatshops of fitness lovers in Bangkok"
    rules = read(request)
    assert not rules.is_clear
    words = rules.not_understood[0]
    model = Plan(
        type=CampaignType.SURVEY,
        filters=Filters(business_type=("Fitness",), city=("Bangkok",)),
        understood=(Understood(words, "Business type Fitness"),),
        engine="openai:gpt-4o",
    )
    checked = verify(request, model)
    assert words not in checked.not_understood
    assert checked.engine == "openai:gpt-4o"


@pytest.mark.parametrize(
    "request_",
    [
        "Survey to 12 hotels in Bangkok",
        "Survey to hotels in Bangkok that never answer",
        "Survey to Hiltons in Phuket and Marriotts in Bangkok",
    ],
)
def test_a_model_may_not_explain_numbers_denials_and_crossed_lists_away(request_):
    model = Plan(
        type=CampaignType.SURVEY,
        filters=Filters(business_type=("Hotel",), city=("Bangkok",)),
        understood=(Understood(request_, "everything"),),
    )
    assert not verify(request_, model).is_clear


def test_words_the_model_invents_explain_nothing():
    request = "Survey to quokka hotels in Bangkok"
    model = Plan(
        type=CampaignType.SURVEY,
        filters=Filters(business_type=("Hotel",), city=("Bangkok",)),
        understood=(Understood("quokka wombat hotels", "nothing"),),
    )
    assert "quokka" in verify(request, model).not_understood
