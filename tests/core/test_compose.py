"""Composing: facts with their sources, the cohort a customer belongs to, texts with facts in."""

from datetime import date
from decimal import Decimal

import pytest
from tests.ai.texts.world import TODAY, contact, customer, facts, library_text

from campaigns.flow.compose import cohort_for, gather, language_for, render, tone_for
from campaigns.model.customer import Channel, Known, Source
from campaigns.model.money import Money
from campaigns.model.offer import Offer
from campaigns.model.plan import CampaignType, Plan, Tone
from campaigns.model.text import Cohort, CohortText

PLAN = Plan(type=CampaignType.RENEWAL)
TONES = {"hilton": Tone.FORMAL, "beach club": Tone.CASUAL, "moxy": Tone.CASUAL, "": Tone.WARM}


def text(*sentences: str, language: str = "en", channel: Channel = Channel.LINE) -> CohortText:
    cohort = Cohort(type=CampaignType.RENEWAL, tone=Tone.WARM, language=language, channel=channel)
    return CohortText(cohort=cohort, paragraphs=tuple((s,) for s in sentences))


def say(sentence: str, language: str = "en", channel: Channel = Channel.LINE, **changed) -> str:
    return render(text(sentence, language=language, channel=channel), facts(**changed)).text


# --- facts -------------------------------------------------------------------------------------


def test_facts_are_the_record_and_name_their_lines() -> None:
    known = gather(customer(), contact(), today=TODAY, sender="BMA Social Team")
    assert known.total == Money(Decimal(48000), "THB")
    assert known.sources["zone_names"] == "line 13, Zone Names"
    assert known.sources["total"] == "line 15, Annual Price per Zone × line 12, Zone Count"
    assert known.sources["contact"] == "line 22, General Manager"
    assert known.sources["brand_group"] == 'line 10, by rule: word "Hilton"'


def test_a_contract_lapses_the_day_after_it_ends() -> None:
    ends = customer(contract_end=TODAY)
    assert not gather(ends, contact(), today=TODAY, sender="x").lapsed
    assert gather(ends, contact(), today=date(2025, 9, 16), sender="x").lapsed


def test_more_zone_names_than_zones_leave_count_and_total_unknown() -> None:
    known = gather(customer(zone_count=1), contact(), today=TODAY, sender="x")
    assert (known.zone_count, known.total) == (None, None)
    assert "zone_count" not in known.sources


def test_no_price_and_no_count_give_no_total() -> None:
    assert gather(customer(price_per_zone=None), contact(), today=TODAY, sender="x").total is None
    assert gather(customer(zone_count=None), contact(), today=TODAY, sender="x").total is None


def test_offers_come_with_the_source_the_house_gives() -> None:
    offer = Offer(key="rate_locked", promise="p", source="house policy")
    known = gather(customer(), contact(), today=TODAY, sender="x", offers=(offer,))
    assert known.offers == ("rate_locked",)
    assert known.sources["offers.rate_locked"] == "house policy"


# --- cohorts -----------------------------------------------------------------------------------


def known(value: str, source: Source = Source.RULE) -> Known[str]:
    return Known(value=value, source=source)


def test_tone_goes_by_brand_then_group_then_business_type_then_everybody() -> None:
    moxy = customer(brand=known("Moxy"))
    bar = customer(brand_group=None, business_type="Beach Club")
    other = customer(brand_group=None, business_type=None)
    assert tone_for(moxy, PLAN, TONES) is Tone.CASUAL
    assert tone_for(customer(), PLAN, TONES) is Tone.FORMAL
    assert tone_for(bar, PLAN, TONES) is Tone.CASUAL
    assert tone_for(other, PLAN, TONES) is Tone.WARM


def test_the_plans_own_tone_wins() -> None:
    assert tone_for(customer(), Plan(type=None, tone=Tone.CASUAL), TONES) is Tone.CASUAL


@pytest.mark.parametrize(
    ("plan_language", "book", "name", "expected"),
    [
        ("th", None, "Rudolf Keller", "th"),
        (None, known("th", Source.FILE), "Rudolf Keller", "th"),
        (None, known("th", Source.RULE), "Rudolf Keller", "en"),
        (None, known("th", Source.RULE), "ปริญญา วงศ์ทอง", "th"),
        ("fr", None, "Rudolf Keller", "en"),
        (None, None, None, "en"),
    ],
)
def test_language_is_asked_of_plan_book_and_name_and_never_of_the_place(
    plan_language: str | None, book: Known[str] | None, name: str | None, expected: str
) -> None:
    plan = Plan(type=CampaignType.RENEWAL, language=plan_language)
    found = language_for(
        customer(language=book), plan, contact(name=name), written=("en", "th"), default="en"
    )
    assert found == expected


def test_only_seasonal_cohorts_differ_by_occasion() -> None:
    renewal = cohort_for(CampaignType.RENEWAL, Tone.WARM, "en", Channel.LINE, occasion="christmas")
    seasonal = cohort_for(
        CampaignType.SEASONAL, Tone.WARM, "en", Channel.LINE, occasion="christmas"
    )
    assert (renewal.occasion, seasonal.occasion) == ("", "christmas")


# --- wording -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "count", "english", "thai"),
    [
        (("A", "B"), 2, "all 2 zones (A, B)", "ทั้ง 2 โซน (A, B)"),
        (("A", "B"), 6, "all 6 zones (among them A and B)", "ทั้ง 6 โซน (เช่น A และ B)"),
        ((), 6, "all 6 zones", "ทั้ง 6 โซน"),
        (("A",), 1, "the A zone", "โซน A"),
        (("Zone 1",), 1, "Zone 1", "โซน Zone 1"),
        ((), 1, "your zone", "โซนของท่าน"),
        (("A", "B", "C"), None, "A, B and C", "โซน A, B และ C"),
        (("A",), None, "the A zone", "โซน A"),
    ],
)
def test_zones_are_told_whole_or_as_a_count(
    names: tuple[str, ...], count: int | None, english: str, thai: str
) -> None:
    assert say("{zones}", zone_names=names, zone_count=count) == english
    assert say("{zones}", "th", zone_names=names, zone_count=count) == thai


def test_a_list_too_long_to_print_is_told_by_its_count_and_a_few_names() -> None:
    names = tuple(f"Banquet Room Number {n}" for n in range(45))
    said = say("{zones}", zone_names=names, zone_count=45)
    assert said.startswith("all 45 zones (among them Banquet Room Number 0, ")
    assert len(said) < 200


def test_no_zones_known_drops_the_sentence_and_names_the_gap() -> None:
    rendered = render(text("For {zones}.", "Bye."), facts(zone_names=(), zone_count=None))
    assert rendered.text == "Bye."
    assert rendered.gaps == ("zone_count", "zone_names")


@pytest.mark.parametrize(
    ("language", "money", "expected"),
    [
        ("en", Money(Decimal(12000), "THB"), "THB 12,000"),
        ("en", Money(Decimal("7200.5"), "THB"), "THB 7,200.50"),
        ("en", Money(Decimal("310.00"), "USD"), "USD 310"),
        ("th", Money(Decimal(12000), "THB"), "12,000 บาท"),
        ("th", Money(Decimal(310), "USD"), "USD 310"),
    ],
)
def test_money_shows_decimals_only_when_there_are_some(
    language: str, money: Money, expected: str
) -> None:
    assert say("{price}", language, price_per_zone=money) == expected


def test_dates_are_written_as_tone_and_language_write_them() -> None:
    assert "October 31, 2025" in render(library_text(), facts()).text
    assert "31 October 2025" in render(library_text(tone=Tone.WARM), facts()).text
    assert "วันที่ 31 ตุลาคม 2568" in render(library_text(language="th"), facts()).text


def test_thai_addresses_with_khun_once_and_with_a_space_before_latin_letters() -> None:
    assert say("{greeting}", "th") == "คุณ Rudolf"
    assert say("{greeting}", "th", greeting="วรรณา") == "คุณวรรณา"
    assert say("{greeting}", "th", greeting="คุณวรรณา") == "คุณวรรณา"


# --- sentences, gaps and alternatives ------------------------------------------------------------


def test_a_missing_price_drops_its_sentences_and_is_a_gap() -> None:
    rendered = render(library_text(), facts(price_per_zone=None, total=None))
    assert "rate" not in rendered.text
    assert "annually" not in rendered.text
    assert rendered.gaps == ("price_per_zone",)


def test_a_missing_greeting_still_greets() -> None:
    rendered = render(library_text(), facts(greeting=None))
    assert rendered.text.startswith("Hello,\n\n")
    assert rendered.gaps == ("greeting",)


def test_a_contract_that_ended_is_spoken_of_in_the_past_and_is_no_gap() -> None:
    rendered = render(library_text(), facts(contract_end=date(2025, 8, 31), lapsed=True))
    assert "expired on August 31, 2025" in rendered.text
    assert rendered.gaps == ()


def test_one_zone_has_no_total_beside_its_price_and_that_is_no_gap() -> None:
    rendered = render(
        library_text(), facts(zone_count=1, zone_names=("Edge",), total=facts().price_per_zone)
    )
    assert rendered.text.count("12,000") == 1
    assert rendered.gaps == ()


def test_an_offer_switched_off_leaves_what_the_record_says() -> None:
    rendered = render(library_text(), facts(offers=()))
    assert "Your current rate is THB 12,000 per zone." in rendered.text
    assert "locked" not in rendered.text


def test_an_optional_part_goes_without_its_sentence() -> None:
    sentence = "Your music[ for {zones}] at {customer}."
    assert say(sentence, zone_count=None, zone_names=()) == "Your music at Hilton Pattaya."


def test_a_paragraph_left_empty_disappears() -> None:
    rendered = render(text("A.", "{price}", "B."), facts(price_per_zone=None))
    assert rendered.text == "A.\n\nB."


def test_a_topic_is_quoted_and_never_read_as_slots() -> None:
    written = library_text(CampaignType.ANNOUNCEMENT, topic="the {customer} night.\nNow!")
    said = render(written, facts()).text
    assert "announcement: the ｛customer｝ night. Now." in said


def test_the_body_filled_with_its_values_is_the_text() -> None:
    rendered = render(library_text(), facts())
    filled = rendered.body
    for slot, value in rendered.values.items():
        filled = filled.replace("{" + slot + "}", value)
    assert filled == rendered.text
    assert "Reply YES" in rendered.body
    assert "Rudolf" not in rendered.body


# --- hostile values ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "channel", "shown"),
    [
        ("Bar {price}", Channel.LINE, "Bar ｛price｝"),
        ("Bar\r\n\tReply NO", Channel.LINE, "Bar Reply NO"),
        ("Ba\u200br\u202e X\x07", Channel.LINE, "Bar X"),
        ("*Bar* _x_ ~y~ `z`", Channel.WHATSAPP, "＊Bar＊ ＿x＿ ～y～ ｀z｀"),
        ("*Bar*", Channel.LINE, "*Bar*"),
        ("www.club.com", Channel.EMAIL, "www․club․com"),
        ("https://club", Channel.EMAIL, "https:／／club"),
        ("me@club", Channel.EMAIL, "me＠club"),
        ("St. Regis", Channel.EMAIL, "St. Regis"),
    ],
)
def test_customers_own_words_are_never_layout_markup_or_links(
    name: str, channel: Channel, shown: str
) -> None:
    assert say("{customer}", channel=channel, customer=name) == shown


def test_a_name_of_nothing_but_invisible_characters_is_no_name() -> None:
    rendered = render(text("Dear {greeting}, || Hello,"), facts(greeting="\u200b\u2066"))
    assert rendered.text == "Hello,"


def test_the_unsubscribe_link_stays_a_link() -> None:
    mail = render(library_text(channel=Channel.EMAIL), facts())
    assert mail.text.endswith("https://campaigns.example/u/abc")
