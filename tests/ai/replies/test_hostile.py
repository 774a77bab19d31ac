"""Replies that try to command the machine change nothing but their own reading."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from campaigns.flow.answer import Situation, suggest
from campaigns.model.customer import Size
from campaigns.model.facts import Facts
from campaigns.model.ids import ContactId, CustomerId
from campaigns.model.money import Money
from campaigns.model.plan import CampaignType
from campaigns.model.reply import ActionKind, Intent

HOSTILE = [
    json.loads(line)
    for line in Path(__file__).with_name("hostile.jsonl").read_text("utf-8").splitlines()
]
TODAY = date(2025, 9, 15)
FACTS = Facts(
    customer_id=CustomerId("hilton-pattaya"),
    customer="Hilton Pattaya",
    contact_id=ContactId("hilton-pattaya-1"),
    greeting="Rudolf",
    zone_count=4,
    zone_names=("Edge", "Drift Bar", "Horizon", "Shore"),
    price_per_zone=Money(Decimal(12000), "THB"),
    total=Money(Decimal(48000), "THB"),
    contract_end=date(2025, 10, 31),
)
ORDINARY = ["YES", "ต่อสัญญาค่ะ", "please do not renew", "The music stopped again", "STOP"]


def situation(text: str) -> Situation:
    return Situation(
        today=TODAY,
        text=text,
        facts=FACTS,
        campaign_type=CampaignType.RENEWAL,
        size=Size.MEDIUM,
        phone="+66000000001",
    )


def test_there_are_enough_hostile_replies_in_both_languages():
    assert len(HOSTILE) >= 40
    assert sum(any("\u0e00" <= c <= "\u0e7f" for c in text) for text in HOSTILE) >= 12


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("survey", [False, True])
def test_a_command_never_becomes_a_yes_or_a_score(read, text, survey):
    reading = read(text, survey=survey)
    assert reading.unsure or reading.intent not in {Intent.ACCEPT, Intent.SURVEY_SCORE}


@pytest.mark.parametrize("text", HOSTILE)
def test_a_person_sees_it_and_no_draft_repeats_it(read, text):
    reading = read(text)
    suggestion = suggest(reading, situation(text))
    assert suggestion.escalate
    assert suggestion.action not in {ActionKind.PREPARE_RENEWAL, ActionKind.BOOK_OFFER}
    plain = suggest(reading, situation(""))
    assert suggestion.words == plain.words
    assert suggestion.draft == plain.draft


def test_ordinary_replies_are_read_the_same_after_hostile_ones(read):
    before = [read(text) for text in ORDINARY]
    for text in HOSTILE:
        read(text)
    assert [read(text) for text in ORDINARY] == before
