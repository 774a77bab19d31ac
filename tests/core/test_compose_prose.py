"""Prose around slots states nothing that only a record may state."""

from dataclasses import replace

import pytest
from tests.ai.texts.world import library_text

from campaigns.flow.compose import prose_faults
from campaigns.model.plan import CampaignType

CLEAN = library_text(CampaignType.RENEWAL)


def faults(sentence: str) -> tuple[str, ...]:
    return prose_faults(replace(CLEAN, paragraphs=((sentence,),)))


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("Your 4 zones.", "digit '4'"),
        ("ทั้ง ๔ โซน", "digit '๔'"),
        ("Half of it.", "number word 'Half'"),
        ("Twelve zones.", "number word 'Twelve'"),
        ("ทั้งสี่โซน", "number word 'สี่'"),
        ("Ends in October.", "month 'October'"),
        ("สิ้นสุดเดือนตุลาคม", "month 'ตุลาคม'"),
        ("Pay in THB.", "currency 'THB'"),
        ("ราคาเป็นบาท", "currency 'บาท'"),
        ("Only € please.", "currency '€'"),
        ("See www.bma.example", "link 'www.'"),
        ("Reply YES now.", "call to action 'YES'"),
        ("Dear {frist_name},", "there is no slot {frist_name}"),
        ("Dear {greeting,", "open brace '{'"),
    ],
)
def test_what_only_slots_may_say_is_a_fault(sentence: str, fault: str) -> None:
    assert any(fault in found for found in faults(sentence)), faults(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "You may march on, the compound is someone's weight of stone.",
        "สามารถพูดคุยเรียบร้อย ด้วยความสัมพันธ์แสนอบอุ่น",
        "Your music[ for {zones}] at {customer}.",
    ],
)
def test_words_that_only_look_like_numbers_months_or_money_are_no_fault(sentence: str) -> None:
    assert faults(sentence) == ()


def test_subject_and_preheader_are_judged_too() -> None:
    assert prose_faults(replace(CLEAN, subject="4 zones", preheader="in May")) == (
        "subject: digit '4'",
        "preheader: month 'May'",
    )
