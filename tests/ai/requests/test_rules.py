"""The rules of the glossary, one by one; the model-backed reader has to keep them as well."""

import pytest
from tests.ai.requests.reading import clear, days, read, unclear

from campaigns.model.customer import Channel, Size
from campaigns.model.plan import CampaignType, IntRange, Tone

# --- 1: brands -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", ["all Hiltons", "Hilton", "every Hilton", "Hilton's", "Hilton hotels"]
)
def test_a_brand_word_means_the_group(words):
    assert clear(f"Renewal reminders to {words}").filters.brand == ("Hilton",)


@pytest.mark.parametrize(
    ("words", "flag"),
    [
        ("DoubleTrees", "DoubleTree by Hilton"),
        ("all Double Tree hotels", "DoubleTree by Hilton"),
        ("Novotels", "Novotel"),
        ("Tru by Hilton", "Tru by Hilton"),
        ("Crowne Plazas", "Crowne Plaza"),
    ],
)
def test_a_flag_named_means_the_flag_alone(words, flag):
    assert clear(f"Renewal reminders to {words}").filters.brand == (flag,)


def test_a_flag_beside_its_group_narrows_and_never_widens_to_the_group():
    assert clear("Survey for Hilton DoubleTrees").filters.brand == ("DoubleTree by Hilton",)


def test_the_kind_of_lodging_behind_a_brand_says_nothing_more():
    plan = clear("Survey for Hilton hotels in Thailand")
    assert plan.filters.brand == ("Hilton",)
    assert plan.filters.business_type == ()


# --- 2: places -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "region"),
    [
        ("hotels in Asia", "Asia Pacific"),
        ("hotels in APAC", "Asia Pacific"),
        ("European hotels", "Europe"),
        ("hotels in the Americas", "Americas"),
        ("hotels across the Middle East", "Middle East"),
        ("hotels in Africa", "Africa"),
    ],
)
def test_regions_have_their_words(words, region):
    assert clear(f"Survey to {words}").filters.region == (region,)


@pytest.mark.parametrize("words", ["SEA", "Southeast Asia", "Latin America", "the Gulf", "EMEA"])
def test_a_smaller_region_is_never_widened_to_the_larger_one(words):
    unclear(f"Survey to hotels in {words}")


def test_thai_hotels_are_hotels_in_thailand():
    plan = clear("Survey to Thai hotels")
    assert plan.filters.country == ("Thailand",)
    assert plan.filters.business_type == ("Hotel",)


def test_thai_restaurants_could_be_a_cuisine_and_are_asked_about():
    unclear("Survey to Thai restaurants")


def test_outside_asia_excludes_the_region():
    plan = clear("Survey to hotels outside Asia")
    assert plan.exclude.region == ("Asia Pacific",)
    assert plan.filters.region == ()


def test_a_city_state_is_a_city_among_cities():
    assert clear("Survey to hotels in Bangkok and Singapore").filters.city == (
        "Bangkok",
        "Singapore",
    )
    assert clear("Survey to hotels in Singapore").filters.country == ("Singapore",)


def test_a_city_with_its_country_is_both():
    filters = clear("Survey to hotels in Bangkok, Thailand").filters
    assert (filters.city, filters.country) == (("Bangkok",), ("Thailand",))


# --- 3: business types -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "types"),
    [
        ("gyms", ("Fitness",)),
        ("malls", ("Shopping Mall",)),
        ("cafés", ("Coffee Shop",)),
        ("cafes", ("Coffee Shop",)),
        ("bars", ("Bar", "Wine Bar")),
        ("wine bars", ("Wine Bar",)),
        ("restarants", ("Restaurant",)),
    ],
)
def test_business_types_have_synonyms_and_forgive_typos(words, types):
    assert clear(f"Survey to {words}").filters.business_type == types


@pytest.mark.parametrize("word", ["hostels", "motels", "hospitals"])
def test_a_real_word_near_a_type_is_no_typo_of_it(word):
    unclear(f"Survey to {word} in Bangkok")


# --- 4: size and zones -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "size"),
    [
        ("enterprise", Size.ENTERPRISE),
        ("large", Size.ENTERPRISE),
        ("medium-sized", Size.MEDIUM),
        ("small", Size.SMALL),
    ],
)
def test_sizes_have_their_words(words, size):
    assert clear(f"Survey to {words} hotels").filters.size == (size,)


def test_a_size_of_something_else_is_asked_about():
    unclear("Send a big Christmas promo to hotels")


@pytest.mark.parametrize(
    ("words", "zones"),
    [
        ("more than 10 zones", IntRange(11, None)),
        ("over 10 zones", IntRange(11, None)),
        ("> 10 zones", IntRange(11, None)),
        (">= 8 zones", IntRange(8, None)),
        ("at least 8 zones", IntRange(8, None)),
        ("8 or more zones", IntRange(8, None)),
        ("8 zones or more", IntRange(8, None)),
        ("8+ zones", IntRange(8, None)),
        ("fewer than 4 zones", IntRange(None, 3)),
        ("no more than 3 zones", IntRange(None, 3)),
        ("up to 3 zones", IntRange(None, 3)),
        ("4-10 zones", IntRange(4, 10)),
        ("4 to 10 zones", IntRange(4, 10)),
        ("between 4 and 10 zones", IntRange(4, 10)),
        ("exactly 3 zones", IntRange(3, 3)),
        ("3 zones", IntRange(3, 3)),
        ("three zones", IntRange(3, 3)),
        ("more than 3 zones but fewer than 8 zones", IntRange(4, 7)),
    ],
)
def test_zones_are_counted_as_said(words, zones):
    assert clear(f"Survey to hotels with {words}").filters.zones == (zones,)


@pytest.mark.parametrize(
    ("words", "zones"),
    [
        ("มากกว่า 10 โซน", IntRange(11, None)),
        ("อย่างน้อย 8 โซน", IntRange(8, None)),
        ("10 โซนขึ้นไป", IntRange(10, None)),
        ("ตั้งแต่ 4 โซนขึ้นไป", IntRange(4, None)),
        ("ไม่เกิน 3 โซน", IntRange(None, 3)),
        ("4 ถึง 10 โซน", IntRange(4, 10)),
        ("๔-๑๐ โซน", IntRange(4, 10)),
        ("โซนเดียว", IntRange(1, 1)),
    ],
)
def test_zones_are_counted_in_thai(words, zones):
    assert clear(f"ส่งแบบสำรวจให้โรงแรมที่มี{words}").filters.zones == (zones,)


# --- 5: platforms ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    ["on SYB", "on Soundtrack", "using Soundtrack Your Brand", "that use SYB (Multi)"],
)
def test_soundtrack_has_several_names(words):
    plan = clear(f"Survey to hotels {words}")
    assert plan.filters.platform == ("Soundtrack Your Brand",)
    assert any("recorded platform" in note for note in plan.assumptions)


def test_beat_breeze_and_dm_keep_their_own_names():
    assert clear("Survey to hotels on Beat Breeze").filters.platform == ("Beat Breeze",)
    assert clear("Survey to DM customers").filters.platform == ("DM",)


def test_dm_as_a_verb_is_no_platform():
    unclear("DM all Hiltons about the renewal")


# --- 6: expiry -----------------------------------------------------------------------------------------


def test_no_time_words_means_any_expiry_date_and_says_so():
    plan = clear("Renewal reminders to all Hiltons")
    assert plan.filters.contract_end == ()
    assert "any expiry date" in plan.assumptions


def test_this_quarter_is_the_next_ninety_days_and_says_so():
    plan = clear("Send renewal reminders to all Hiltons expiring this quarter")
    assert plan.filters.contract_end == (days("2025-09-15", "2025-12-14"),)
    assert any("90 days" in note for note in plan.assumptions)
    assert "any expiry date" not in plan.assumptions


def test_this_quarter_with_a_follow_up_is_when_to_send():
    plan = clear("Follow up with all Hiltons this quarter")
    assert plan.filters.contract_end == ()
    assert any("when to send" in note for note in plan.assumptions)


@pytest.mark.parametrize("word", ["expired", "lapsed", "overdue"])
def test_expired_is_before_today(word):
    plan = clear(f"Renewal offers to all {word} hotels")
    assert plan.filters.contract_end == (days(None, "2025-09-14"),)


def test_a_month_beside_a_word_of_sending_is_asked_about():
    plan = unclear("Send renewal reminders in October to all Hiltons")
    assert plan.not_understood == ("in October",)


def test_an_end_without_a_time_is_asked_about():
    unclear("Renewal reminders to Hiltons with expiring contracts")
    unclear("Renewal reminders to Hiltons expiring soon")


# --- 7: and, or, except --------------------------------------------------------------------------------


def test_the_same_attribute_twice_is_or_and_different_ones_are_and():
    filters = clear("Renewal to Novotels and Mercures in Krabi or Phuket").filters
    assert filters.brand == ("Novotel", "Mercure")
    assert filters.city == ("Krabi", "Phuket")


# --- 8: customers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Hilton Pattaya", "Hilton Pattaya"),
        ("hilton pattaya", "Hilton Pattaya"),
        ("Hiltn Pataya", "Hilton Pattaya"),
        ("Lotus and Lime", "Lotus & Lime"),
        ("the Rice Barn", "The Rice Barn"),
        ("Rice Barn", "The Rice Barn"),
        ("Iron Harbour Fitness Sathorn", "Iron Harbour Fitness | Sathorn"),
        ("ครัวริมน้ำ", "ครัวริมน้ำ"),
    ],
)
def test_a_customers_own_name_names_that_customer(words, name):
    assert clear(f"Renewal reminder to {words}").filters.customer == (name,)


def test_the_words_that_begin_several_names_mean_them_all_and_it_is_said():
    plan = clear("Survey for all Bean There shops")
    assert set(plan.filters.customer) == {
        "Bean There Ari",
        "Bean There Thonglor",
        "Bean There Ekkamai",
    }
    assert any("3 customers" in note for note in plan.assumptions)


def test_a_part_of_one_name_is_asked_about_with_the_name_as_a_choice():
    plan = unclear("Renewal reminder to Marina Square")
    assert any(choice.label == "Marina Square Mall" for q in plan.questions for choice in q.choices)


# --- 9: channels and times -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "channels"),
    [
        ("by WhatsApp", (Channel.WHATSAPP,)),
        ("via e-mail", (Channel.EMAIL,)),
        ("by email only", (Channel.EMAIL,)),
        ("over LINE", (Channel.LINE,)),
        ("LINE + email", (Channel.LINE, Channel.EMAIL)),
        ("but not by WhatsApp", (Channel.LINE, Channel.EMAIL)),
        ("ทางไลน์", (Channel.LINE,)),
        ("ผ่าน LINE", (Channel.LINE,)),
    ],
)
def test_channel_words_choose_channels_and_filter_nobody(words, channels):
    plan = clear(f"Survey to all hotels {words}")
    assert plan.channels == channels
    assert plan.filters.business_type == ("Hotel",)
    assert not plan.exclude


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("tomorrow at 10", "2025-09-16T10:00"),
        ("tomorrow at 9:30 am", "2025-09-16T09:30"),
        ("next Monday", "2025-09-22T09:00"),
        ("on Friday at 2pm", "2025-09-19T14:00"),
        ("on 1 December", "2025-12-01T09:00"),
        ("on 1 December at 10am", "2025-12-01T10:00"),
        ("พรุ่งนี้ 9 โมง", "2025-09-16T09:00"),
    ],
)
def test_time_words_choose_when_to_send_and_filter_nobody(words, at):
    plan = clear(f"Send the survey to all hotels {words}")
    assert plan.send_at.isoformat() == f"{at}:00+07:00"
    assert plan.filters.contract_end == ()


def test_a_day_behind_what_is_sent_is_when_to_send_it():
    plan = clear("Send the Christmas promo on 1 December at 10am to all hotels")
    assert plan.send_at.isoformat() == "2025-12-01T10:00:00+07:00"


def test_a_time_that_is_past_is_asked_about():
    unclear("Send the survey to all hotels today at 7am")


@pytest.mark.parametrize(
    ("words", "language"), [("in Thai", "th"), ("in English", "en"), ("เป็นภาษาไทย", "th")]
)
def test_language_words_choose_the_language(words, language):
    plan = clear(f"Survey to all hotels {words}")
    assert plan.language == language
    assert plan.filters.country == ()


def test_tone_words_choose_the_tone():
    assert clear("Survey to all hotels, casual tone").tone is Tone.CASUAL
    assert clear("Send a formal renewal letter to Hilton Pattaya").tone is Tone.FORMAL
    assert clear("Survey to all hotels, keep it formal please").tone is Tone.FORMAL
    assert clear("Survey to all hotels, warm and friendly tone").tone is Tone.WARM


def test_a_tone_that_is_not_wanted_chooses_none():
    assert clear("Survey to all hotels, not too formal").tone is None
    assert clear("Survey to all hotels. Don't sound too formal").tone is None


# --- 10: nothing is widened --------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["everyone", "all customers", "every client", "ลูกค้าทุกราย"])
def test_all_customers_only_when_somebody_says_so(words):
    plan = clear(f"Send the service survey to {words}")
    assert plan.everyone
    assert not plan.filters


@pytest.mark.parametrize(
    "request_",
    ["Send a survey", "Survey customers", "Message our clients a survey", "ส่งแบบสำรวจให้ลูกค้า"],
)
def test_without_a_filter_and_without_all_it_is_asked(request_):
    plan = unclear(request_)
    assert not plan.everyone
    assert any("Who should get it?" in q.text for q in plan.questions)


def test_all_of_a_kind_is_not_everyone():
    plan = clear("Survey to all hotels")
    assert not plan.everyone


def test_a_known_place_without_customers_stays_a_filter_and_is_told():
    plan = clear("Renewal reminders to hotels in Osaka")
    assert plan.filters.city == ("Osaka",)
    assert any("No customer" in note and "Tokyo" in note for note in plan.assumptions)


def test_an_unknown_name_is_not_understood_and_the_nearest_are_offered():
    plan = unclear("Renewal reminders to Novotell Suites Hattyai Towers")
    assert plan.not_understood
    asked = unclear("Renewal reminders to Zanzara Hotels")
    assert "Zanzara" in asked.not_understood[0]


def test_a_request_without_a_type_asks_with_choices_that_work():
    plan = unclear("All hotels in Pattaya but not the Hilton")
    (question,) = [q for q in plan.questions if "kind of campaign" in q.text]
    for choice in question.choices:
        again = clear(choice.request)
        assert again.filters == plan.filters
        assert again.exclude == plan.exclude


# --- 11: Thai and typos --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "type_"),
    [
        ("ต่อสัญญาโรงแรมในพัทยา", CampaignType.RENEWAL),
        ("ส่งแบบสำรวจให้โรงแรมในพัทยา", CampaignType.SURVEY),
        ("ติดตามผลกับโรงแรมในพัทยา", CampaignType.FOLLOW_UP),
        ("แนะนำเพลย์ลิสต์ใหม่ให้โรงแรมในพัทยา", CampaignType.ANNOUNCEMENT),
        ("โปรสงกรานต์โรงแรมในพัทยา", CampaignType.SEASONAL),
    ],
)
def test_thai_requests_are_read(request_, type_):
    plan = clear(request_)
    assert plan.type is type_
    assert plan.filters.city == ("Pattaya",)
    assert plan.filters.business_type == ("Hotel",)


def test_thai_and_english_may_be_mixed():
    plan = clear("ส่ง renewal ให้ Marriott ที่หมดสัญญา Q1 2026")
    assert plan.filters.brand == ("Marriott",)
    assert plan.filters.contract_end == (days("2026-01-01", "2026-03-31"),)


def test_typos_are_forgiven_and_told():
    plan = clear("send rnewal to Mariott hotels in Phukett expirng in novmber")
    assert plan.filters.brand == ("Marriott",)
    assert plan.filters.city == ("Phuket",)
    assert plan.filters.contract_end == (days("2025-11-01", "2025-11-30"),)
    assert any("Phukett" in note for note in plan.assumptions)


def test_a_typo_near_two_values_is_asked_about():
    plan = read("Renewal to hotels in Austrlia")  # Australia has customers, Austria has none
    assert plan.filters.country in ((), ("Australia",))
    unclear("Renewal to hotels in Austia")
