"""The fact guard: what is true passes, what has no source blocks, and each verdict says why."""

from datetime import date
from decimal import Decimal
from time import process_time

import pytest
from tests.ai.texts.world import LEAVE, facts, library_text

from campaigns.flow import guard
from campaigns.flow.compose import render
from campaigns.flow.guard import check, passes
from campaigns.model.facts import Facts
from campaigns.model.message import Check
from campaigns.model.money import Money
from campaigns.model.plan import CampaignType
from campaigns.model.text import Rendered

GOOD = (
    "Hi Rudolf, your 4 zones (Edge, Drift Bar, Horizon, Shore) at Hilton Pattaya expire on "
    "October 31, 2025. THB 12,000 per zone, THB 48,000. Reply YES. Reply STOP to opt out."
)
GOOD_TH = (
    "เรียน คุณ Rudolf สัญญาของ Hilton Pattaya ทั้ง 4 โซน (Edge, Drift Bar, Horizon, Shore) หมดอายุ "
    "31 ตุลาคม 2568 ราคา 12,000 บาทต่อโซน รวม 48,000 บาทต่อปี ตอบ YES เพื่อต่ออายุ ตอบ STOP เพื่อหยุดรับข้อความ"
)


def judged(text: str, known: Facts | None = None, **asked: object) -> tuple[Check, ...]:
    options = {"type_": CampaignType.RENEWAL, "language": "en", **asked}
    return check(text, known or facts(), **options)


def failed(text: str, known: Facts | None = None, **asked: object) -> list[tuple[str, str | None]]:
    return [(v.check, v.found) for v in judged(text, known, **asked) if not v.ok]


def swapped(old: str, new: str, base: str = GOOD) -> str:
    assert old in base
    return base.replace(old, new)


@pytest.mark.parametrize("text", [GOOD, GOOD_TH])
def test_a_message_that_says_only_what_the_record_says_passes(text: str) -> None:
    assert failed(text) == []


# --- sentences that state nothing -------------------------------------------------------------


@pytest.mark.parametrize(
    "aside",
    [
        "Hope the monsoon spared your umbrella.",
        "Fancy swapping anecdotes, or would an email be tidier?",
        "Please shout whenever a melody irritates you.",
        "I'd love to swap anecdotes over breakfast.",
    ],
)
def test_any_ordinary_word_may_stand_where_nothing_is_stated(aside: str) -> None:
    first, end = GOOD.split("Reply YES")
    verdicts = failed(f"{first}{aside} Reply YES{end}")
    assert not [found for check, found in verdicts if check == "wording"], verdicts


@pytest.mark.parametrize(
    "smuggled",
    [
        "Hope the refurbished loudspeakers thrill you.",  # equipment nobody recorded
        "Thank you for approving the surcharge.",
        "Did you know that our curators pamper everybody downtown?",
        "Hope anantara thrills you.",  # somebody's name in small letters
        "Our curators pamper your patrons.",
        "Hope you relish how our engineers rewired it.",
    ],
)
def test_what_could_be_smuggled_into_a_wish_blocks(smuggled: str) -> None:
    assert failed(
        f"{GOOD.split('Reply YES', maxsplit=1)[0]}{smuggled} Reply YES. Reply STOP to opt out."
    )


@pytest.mark.parametrize(
    "said",
    [
        "The contract is the same as every year.",  # the house's offer, said of something else
        "If you wait the music stops.",
        "Somebody answers our phone.",
        "Guests who like the music drink more.",
        "You spoke with our team about this.",
        "Please reply before lunch.",
    ],
)
def test_statements_of_harmless_words_block(said: str) -> None:
    assert failed(
        f"{GOOD.split('Reply YES', maxsplit=1)[0]}{said} Reply YES. Reply STOP to opt out."
    )


@pytest.mark.parametrize(
    "said", ["โปรดตอบในวันนี้", "หากช้า เพลงจะหมด", "ทุกคนใน Hilton Pattaya ชอบเพลง"]
)
def test_thai_statements_of_harmless_words_block(said: str) -> None:
    assert failed(GOOD_TH.replace("ตอบ YES", f"{said} ตอบ YES"), language="th")


def test_a_thai_name_is_found_where_words_run_into_it() -> None:
    known = facts(customer="โรงแรมสวนแก้ว เชียงใหม่")
    text = GOOD_TH.replace("ของ Hilton Pattaya", "ที่โรงแรมสวนแก้ว เชียงใหม่")
    assert failed(text, known, language="th") == []
    assert failed(GOOD_TH, known, language="th"), "another name is none"


@pytest.mark.parametrize(
    "price",
    ["12,000.- baht per zone", "12 000 THB per zone", "Bt 12,000 per zone", "THB 12,000 a piece",
     "THB 12,000 x 4 = THB 48,000", "4 zones × THB 12,000 = THB 48,000"],
)  # fmt: skip
def test_a_price_is_read_in_every_notation_and_no_other_passes(price: str) -> None:
    text = swapped("THB 12,000 per zone, THB 48,000", price)
    assert failed(text) == []
    assert failed(text.replace("12", "13"))


@pytest.mark.parametrize(
    "day", ["31-Oct-2025", "31 October 2025 (Friday)", "October 31, 2025, Friday"]
)
def test_a_day_is_read_in_every_notation(day: str) -> None:
    assert failed(swapped("October 31, 2025", day)) == []
    assert failed(swapped("October 31, 2025", day.replace("31", "30")))


def test_a_product_of_another_count_blocks() -> None:
    assert failed(swapped("THB 12,000 per zone, THB 48,000", "THB 12,000 x 5 = THB 48,000"))


# --- numbers and their roles -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ("THB 12,000", "THB 12,500", ("money", "THB 12,500")),
        ("THB 12,000", "THB １２,５００", ("money", "THB １２,５００")),
        ("THB 12,000", "twelve thousand five hundred baht", ("money", "twelve thousand five hundred baht")),
        ("THB 48,000", "THB 46k", ("money", "THB 46k")),
        ("THB 12,000 per zone, THB 48,000", "THB 48,000 per zone", ("money", "THB 48,000")),
        ("THB 12,000 per zone, THB 48,000", "THB 12,000 in total", ("money", "THB 12,000")),
        ("THB 12,000", "about THB 12,000", ("money", "THB 12,000")),
        ("THB 12,000", "EUR 12,000", ("money", "EUR 12,000")),
        ("THB 48,000", "THB 48,000 per month", ("period", "per month")),
        ("4 zones", "5 zones", ("zone_count", "5")),
        ("4 zones", "five zones", ("zone_count", "five")),
        ("4 zones", "more than 4 zones", ("zone_count", "4")),
        ("Reply YES.", "20% for you. Reply YES.", ("claim", "20%")),
        ("Reply YES.", "We have 7 reasons. Reply YES.", ("number", "7")),
        ("Reply YES.", "Ring +66 38 555 0100. Reply YES.", ("phone", "66")),
    ],
)  # fmt: skip
def test_a_number_the_record_does_not_hold_in_that_role_blocks(
    old: str, new: str, verdict: tuple[str, str]
) -> None:
    assert verdict in failed(swapped(old, new))


@pytest.mark.parametrize(
    "written",
    [
        "12,000 baht per zone, 48,000 baht in total",
        "฿12,000 each, ฿48,000 all in",
        "Twelve thousand baht per zone (48k THB)",
        "THB 12,000/zone, THB 48,000/year",
        "For each zone the price is THB 12,000, which makes THB 48,000 for all four zones",
        "THB 48,000 annually",
    ],
)
def test_amounts_are_read_however_they_are_written(written: str) -> None:
    assert failed(swapped("THB 12,000 per zone, THB 48,000", written)) == []


def test_a_price_nobody_says_is_for_one_zone_is_no_price_per_zone() -> None:
    assert ("money", "THB 12,000") in failed(
        swapped("THB 12,000 per zone, THB 48,000", "THB 12,000")
    )


def test_one_zones_price_is_also_its_total() -> None:
    one = facts(zone_count=1, zone_names=("Edge",), total=facts().price_per_zone)
    text = swapped("4 zones (Edge, Drift Bar, Horizon, Shore)", "Edge zone")
    assert failed(text.replace("THB 12,000 per zone, THB 48,000", "THB 12,000 in all"), one) == []


def test_a_survey_may_name_its_scale_and_no_other_numbers() -> None:
    text = "Hi Rudolf, from 0 to 10, how likely are you to recommend us? We look after the music at Hilton Pattaya. Reply with a number. Reply STOP to opt out."
    assert failed(text, type_=CampaignType.SURVEY) == []
    assert failed(text.replace("10", "5"), type_=CampaignType.SURVEY)
    assert failed(text, type_=CampaignType.FOLLOW_UP)


# --- dates -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "31 October 2025", "Oct 31, 2025", "October 31st, 2025", "the 31st of October 2025",
        "Friday 31 October 2025", "31/10/2025", "2025-10-31", "31.10.25", "31 October",
        "31 ตุลาคม 2568", "31 ต.ค. 68", "๓๑ ตุลาคม ๒๕๖๘", "วันศุกร์ที่ 31 ตุลาคม 2568", "31 ตค 2568",
    ],
)  # fmt: skip
def test_the_expiry_is_read_however_it_is_written(written: str) -> None:
    assert failed(swapped("October 31, 2025", written)) == []


@pytest.mark.parametrize(
    "written",
    [
        "October 30, 2025", "November 31, 2025", "September 31, 2025", "October 31, 2026",
        "Monday 31 October 2025", "10/31/2026", "31 ตุลาคม 2567", "31 ต.ค. 69", "31 ตุลาคม พ.ศ. 2025",
        "3 1 October 2025", "October 31, 2025 or November 30, 2025",
    ],
)  # fmt: skip
def test_another_day_blocks(written: str) -> None:
    assert not passes(judged(swapped("October 31, 2025", written)))


def test_the_day_a_contract_began_is_not_the_day_it_ends() -> None:
    known = facts(contract_start=date(2024, 11, 1))
    began = "You have been with us since 1 November 2024. Reply YES."
    assert failed(swapped("Reply YES.", began), known) == []
    assert failed(swapped("October 31, 2025", "1 November 2024"), known)
    assert failed(swapped("Reply YES.", "It started on 31 October 2025. Reply YES."), known)


def test_a_running_contract_is_not_spoken_of_as_over() -> None:
    assert ("tense", "expired") in failed(swapped("expire on", "expired on"))
    over = facts(contract_end=date(2025, 8, 31), lapsed=True)
    assert failed(swapped("expire on October 31, 2025", "expired on August 31, 2025"), over) == []


def test_may_and_march_are_words_as_well_as_months() -> None:
    assert failed(swapped("Reply YES.", "May we help? Reply YES.")) == []
    assert failed(swapped("Reply YES.", "In May we help. Reply YES."))


# --- names, zones, places ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("Rudolf", "Somchai", "name"),
        ("Hilton Pattaya", "Hilton Phuket", "name"),
        ("Reply YES.", "The Siam Bayview did. Reply YES.", "name"),
        ("Shore)", "Shore, Sky Lounge)", "name"),
        ("Shore)", "Shore, lobby)", "zone"),
        ("Shore)", "Shorе)", "wording"),  # a Cyrillic letter
        ("Edge", "\u202eEdge", "hidden"),
    ],
)
def test_a_name_or_place_the_record_does_not_hold_blocks(old: str, new: str, name: str) -> None:
    assert name in {check for check, _ in failed(swapped(old, new))}


def test_the_contact_may_be_addressed_by_any_part_of_the_name_and_in_thai_letters() -> None:
    assert failed(swapped("Hi Rudolf", "Dear Mr. Keller")) == []
    somchai = facts(contact="Somchai Dee", greeting="Somchai")
    assert failed(GOOD_TH.replace("คุณ Rudolf", "คุณสมชาย"), somchai) == []
    assert failed(GOOD_TH.replace("คุณ Rudolf", "คุณสมศักดิ์"), somchai)
    assert failed(GOOD_TH.replace("คุณ Rudolf", "คุณฟ้า"), somchai)


def test_a_customers_own_numbers_and_months_are_names() -> None:
    known = facts(customer="Hotel 88", zone_names=("16 Haussmann", "May Room", "Bar 21"), zone_count=3,
                  total=Money(Decimal(36000), "THB"))  # fmt: skip
    text = (
        "Hi Rudolf, 16 Haussmann, May Room and Bar 21 at Hotel 88 expire on October 31, 2025. "
        "THB 36,000. Reply YES. Reply STOP to opt out."
    )
    assert failed(text, known) == []
    assert failed(text.replace("Bar 21", "Bar 22"), known)


def test_a_zone_named_like_a_number_does_not_excuse_that_number_elsewhere() -> None:
    known = facts(zone_names=("12", "7"), zone_count=2, total=Money(Decimal(24000), "THB"))
    text = swapped("4 zones (Edge, Drift Bar, Horizon, Shore)", "2 zones (12, 7)")
    text = text.replace("48,000", "24,000")
    assert failed(text, known) == []
    assert ("number", "7") in failed(swapped("Reply YES.", "7 nights. Reply YES.", text), known)


@pytest.mark.parametrize(
    ("zones", "fine"),
    [
        ("Edge, Drift Bar, Horizon and Shore", True),
        ("all four zones", True),
        ("4 zones, among them Edge and Shore", True),
        ("Edge, Drift Bar and Horizon", False),
        ("4 zones (Edge, Drift Bar, Horizon)", False),
        ("zones", False),
    ],
)
def test_zones_are_told_whole_or_counted_and_a_list_never_pretends(zones: str, fine: bool) -> None:
    text = swapped("4 zones (Edge, Drift Bar, Horizon, Shore)", zones)
    assert (failed(text) == []) == fine


def test_when_the_record_names_few_of_the_zones_the_count_must_be_said() -> None:
    known = facts(zone_names=("Edge",), zone_count=6, total=Money(Decimal(72000), "THB"))
    text = swapped("THB 48,000", "THB 72,000").replace(
        "4 zones (Edge, Drift Bar, Horizon, Shore)", "6 zones, including Edge"
    )
    assert failed(text, known) == []
    assert ("zones", None) in failed(text.replace("6 zones, including Edge", "zone Edge"), known)


def test_what_the_record_lacks_is_not_asked_of_the_message() -> None:
    bare = facts(zone_count=None, zone_names=(), price_per_zone=None, total=None, contract_end=None)
    text = (
        "Hi Rudolf, shall we renew the music at Hilton Pattaya? Reply YES. Reply STOP to opt out."
    )
    assert failed(text, bare) == []
    assert {"zones", "contract_end", "price_per_zone"} <= {name for name, _ in failed(text)}


# --- claims and negations ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "claim",
    [
        "Renew now and save.", "It is free.", "We guarantee it.", "Your manager approved it.",
        "The first month is on us.", "Your neighbours have renewed.", "We are the best.",
        "You must answer today.", "Our engineer will visit.", "It renews automatically.",
        "A gift awaits you.", "The music will stop.", "Prices will rise.", "Pay later.",
        "No charge at all.", "You get extra zones.", "Joy will call you.", "Half now.",
        "ฟรีค่ะ", "รับประกันค่ะ", "มีส่วนลดค่ะ", "ลดราคาค่ะ", "ผู้จัดการอนุมัติแล้วค่ะ", "แถมให้ค่ะ", "ราคาจะขึ้นค่ะ",
        "ติดตั้งให้ค่ะ", "จ่ายทีหลังได้ค่ะ", "ต่อสัญญาแล้วค่ะ", "ถูกที่สุดค่ะ",
    ],
)  # fmt: skip
def test_a_claim_without_a_source_blocks(claim: str) -> None:
    assert failed(swapped("Reply YES.", f"{claim} Reply YES."))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("expire on", "do not expire on"),
        ("Shore)", "not Shore)"),
        ("Shore)", "excluding Shore)"),
        ("THB 12,000", "not THB 12,000"),
        ("Reply STOP", "Do not reply STOP"),
    ],
)
def test_a_negated_fact_blocks(old: str, new: str) -> None:
    assert "negation" in {name for name, _ in failed(swapped(old, new))}


def test_a_negated_fact_blocks_in_thai() -> None:
    assert ("negation", "ไม่") in failed(swapped("หมดอายุ", "ไม่หมดอายุ", GOOD_TH))
    assert ("negation", "ยกเว้น") in failed(swapped("Shore)", "ยกเว้น Shore)", GOOD_TH))


@pytest.mark.parametrize(
    "harmless",
    [
        "No rush.", "Please don't hesitate to call.", "I can't wait to hear from you!",
        "Have a lovely day!", "Best wishes from all of us.", "ไม่ต้องกังวลนะคะ", "ขอบคุณค่ะ",
    ],
)  # fmt: skip
def test_manners_are_no_claims(harmless: str) -> None:
    assert failed(swapped("Reply YES.", f"{harmless} Reply YES.")) == []


def test_a_house_offer_is_a_source_only_for_those_who_have_it() -> None:
    text = swapped("Reply YES.", "Your rate remains locked for renewal. Reply YES.")
    assert failed(text) == []
    assert ("claim", "rate remains locked") in failed(text, facts(offers=()))


@pytest.mark.parametrize(
    "statement",
    [
        "Your colleagues have said yes to this.", "Our people will be at your place.",
        "We heard from your guests.", "The service comes with an app.", "You told us so.",
        "Your zones will go quiet.", "The price is open.", "Somebody will come by.",
        "ทีมของท่านบอกว่าพอใจมาก", "ราคานี้เหมาะกับท่านมาก", "เราได้คุยกับท่านแล้ว",
    ],
)  # fmt: skip
def test_a_statement_of_harmless_words_blocks_in_an_edit(statement: str) -> None:
    assert failed(swapped("Reply YES.", f"{statement} Reply YES."))


def test_a_sentence_the_writer_wrote_may_state_what_an_edit_may_not() -> None:
    sentence = "Your playlists were made with love."
    made = Rendered(text=swapped("Reply YES.", f"{sentence} Reply YES."))
    assert failed(made.text, composed=made) == []
    assert ("statement", sentence) in failed(made.text)


def test_a_sentence_the_writer_wrote_still_answers_for_its_facts() -> None:
    made = Rendered(text=swapped("4 zones", "5 zones"))
    assert ("zone_count", "5") in failed(made.text, composed=made)


def test_a_word_nobody_can_vouch_for_blocks() -> None:
    assert ("wording", "frobnicate") in failed(swapped("Reply YES.", "We frobnicate. Reply YES."))


# --- links, placeholders, what must be there ------------------------------------------------------


@pytest.mark.parametrize(
    ("extra", "name"),
    [
        ("https://pay.example/x", "link"),
        ("Look at bma.example", "link"),
        ("www.bma", "link"),
        ("me@bma.example", "email"),
        ("Dear {name}", "placeholder"),
        ("Dear [Name]", "placeholder"),
        ("Until None", "placeholder"),
        ("<b>Hello</b>", "placeholder"),
    ],
)
def test_links_addresses_and_placeholders_block(extra: str, name: str) -> None:
    assert name in {found for found, _ in failed(swapped("Reply YES.", f"{extra}. Reply YES."))}


def test_the_recipients_own_unsubscribe_link_is_a_way_out() -> None:
    text = swapped("Reply STOP to opt out.", f"To stop: {LEAVE}")
    assert failed(text) == []
    assert failed(text.replace("/abc", "/abd"))


@pytest.mark.parametrize(
    ("old", "missing"),
    [
        ("Reply YES.", "cta"),
        ("Reply STOP to opt out.", "way_out"),
        ("on October 31, 2025", "contract_end"),
        ("THB 12,000 per zone, THB 48,000.", "price_per_zone"),
        (" at Hilton Pattaya", "customer"),
    ],
)
def test_what_the_type_needs_must_be_said(old: str, missing: str) -> None:
    assert (missing, None) in failed(swapped(old, ""))


def test_keywords_must_mean_what_they_do() -> None:
    assert "keyword" in {n for n, _ in failed(swapped("Reply YES.", "Reply YES to unsubscribe."))}
    assert "keyword" in {n for n, _ in failed(swapped("STOP to opt out", "STOP to renew"))}


def test_a_language_the_guard_does_not_read_blocks() -> None:
    assert ("language", "fr") in failed(GOOD, language="fr")


# --- verdicts --------------------------------------------------------------------------------------


def test_true_facts_are_numbered_in_order_with_span_and_source() -> None:
    known = facts(sources={"contract_end": "line 17, Contract End", "greeting": "line 22, GM"})
    made = render(library_text(), known)
    text = made.text
    verdicts = judged(text, known, composed=made)
    assert all(v.ok for v in verdicts)
    assert [v.check for v in verdicts] == [
        "contact", "customer", "zone_count", "zones", "contract_end", "price_per_zone", "offer",
        "total", "cta", "sender", "way_out",
    ]  # fmt: skip
    for verdict in verdicts:
        assert text[verdict.start : verdict.end] == verdict.found
    end = next(v for v in verdicts if v.check == "contract_end")
    assert (end.found, end.source) == ("October 31, 2025", "line 17, Contract End")


def test_spans_are_those_of_the_text_as_written_even_when_folding_changes_lengths() -> None:
    text = swapped("Hi Rudolf", "ﬁne day 🎶👨‍👩‍👧 Rudolf")
    for verdict in judged(text):
        if verdict.start >= 0:
            assert text[verdict.start : verdict.end] == verdict.found


def test_a_wrong_number_says_what_the_record_says() -> None:
    wrong = next(v for v in judged(swapped("12,000", "12,500")) if not v.ok)
    assert wrong.expected == "THB 12,000 per zone"


def test_subject_and_preheader_are_judged_without_spans() -> None:
    verdicts = judged(GOOD, headings=("Due 30 October 2025", "20% off"))
    wrong = [(v.check, v.start) for v in verdicts if not v.ok]
    assert wrong == [("date", -1), ("claim", -1), ("claim", -1)]


def test_the_guard_fails_closed() -> None:
    broken = facts(zone_names=None)
    assert judged(GOOD, broken) == (Check(check="guard", ok=False, found="TypeError"),)
    assert not passes(())


@pytest.mark.parametrize(
    "run",
    [
        *("a", "a.", "1,", "Edge, ", "[", "_", "ฆ", "we really ", "a@"),
        *("ราคา", "เราคุย", "หากแขก", "เสียง Edge "),
    ],
)
def test_hostile_texts_are_judged_in_bounded_time(run: str) -> None:
    longest = (run * guard.LONGEST)[: guard.LONGEST]
    started = process_time()
    assert not passes(judged(longest))
    assert process_time() - started < 10, "a text no longer than the limit must not stall the guard"
    assert failed(longest + "x") == [("length", None)]


def test_the_public_surface_is_small() -> None:
    assert set(guard.__all__) == {"LANGUAGES", "LONGEST", "check", "check_prose", "passes"}
