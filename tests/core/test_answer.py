"""What is suggested about a reply: the table of intents, who must see it, drafts from facts."""

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.flow.answer import Situation, suggest
from campaigns.model.customer import Size
from campaigns.model.facts import Facts
from campaigns.model.ids import ContactId, CustomerId
from campaigns.model.money import Money
from campaigns.model.plan import CampaignType
from campaigns.model.reply import ActionKind, Intent, Reading, Sentiment

TODAY = date(2025, 9, 15)  # a Monday
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
    platform="Soundtrack Your Brand",
)
NO_FACTS = Facts(customer_id=CustomerId("c"), customer="Bay", contact_id=ContactId("c-1"))


def reading(*intents: Intent, language: str = "en", **more: object) -> Reading:
    settled = {
        "confidence": 0.98,
        "sentiment": Sentiment.NEUTRAL,
        "language": language,
        "why": "It says so.",
    }
    return Reading(intents=intents, **{**settled, **more})


def situation(**more: object) -> Situation:
    settled = {
        "today": TODAY,
        "facts": FACTS,
        "campaign_type": CampaignType.RENEWAL,
        "size": Size.MEDIUM,
        "phone": "+66000000001",
    }
    return Situation(**{**settled, **more})


@pytest.mark.parametrize(
    ("intent", "action", "escalate"),
    [
        (Intent.ACCEPT, ActionKind.PREPARE_RENEWAL, False),
        (Intent.CHANGE_REQUEST, ActionKind.DRAFT_REVISED_OFFER, True),
        (Intent.QUESTION, ActionKind.ASK_OWNER, True),
        (Intent.LATER, ActionKind.FOLLOW_UP_LATER, False),
        (Intent.CALLBACK, ActionKind.CALL, True),
        (Intent.COMPLAINT, ActionKind.OPEN_ISSUE, True),
        (Intent.DECLINE, ActionKind.RETENTION_CALL, True),
        (Intent.OPT_OUT, ActionKind.SUPPRESS, False),
        (Intent.OUT_OF_OFFICE, ActionKind.WAIT, False),
        (Intent.WRONG_PERSON, ActionKind.CORRECT_BOOK, True),
        (Intent.OTHER, ActionKind.NONE, False),
    ],
)
def test_each_intent_has_its_first_action(intent, action, escalate):
    suggestion = suggest(reading(intent), situation())
    assert (suggestion.action, suggestion.escalate) == (action, escalate)


@pytest.mark.parametrize(
    ("size", "escalate"),
    [(Size.ENTERPRISE, True), (Size.MEDIUM, False), (Size.SMALL, False), (None, False)],
)
def test_a_yes_of_an_enterprise_customer_goes_to_a_person(size, escalate):
    assert suggest(reading(Intent.ACCEPT), situation(size=size)).escalate is escalate


@pytest.mark.parametrize("campaign", [CampaignType.SEASONAL, CampaignType.ANNOUNCEMENT])
def test_an_offer_that_is_no_renewal_is_booked_or_closed(campaign):
    here = situation(campaign_type=campaign)
    assert suggest(reading(Intent.ACCEPT), here).action is ActionKind.BOOK_OFFER
    declined = suggest(reading(Intent.DECLINE), here)
    assert (declined.action, declined.escalate) == (ActionKind.CLOSE, False)


def test_a_yes_to_no_campaign_goes_to_a_person():
    assert suggest(reading(Intent.ACCEPT), situation(campaign_type=None)).escalate


@pytest.mark.parametrize("lead", [i for i in Intent if i not in {Intent.COMPLAINT, Intent.OPT_OUT}])
def test_a_complaint_inside_any_intent_is_urgent(lead):
    suggestion = suggest(reading(lead, Intent.COMPLAINT, score=9), situation())
    assert suggestion.action is ActionKind.OPEN_ISSUE
    assert suggestion.escalate
    assert suggestion.urgent


@pytest.mark.parametrize("also", [Intent.ACCEPT, Intent.COMPLAINT, Intent.DECLINE, Intent.CALLBACK])
def test_an_opt_out_suppresses_and_what_else_it_says_reaches_a_person(also):
    suggestion = suggest(reading(Intent.OPT_OUT, also, opt_out_sign=True), situation())
    assert suggestion.action is ActionKind.SUPPRESS
    assert suggestion.escalate
    assert suggestion.urgent is (also is Intent.COMPLAINT)


@pytest.mark.parametrize("lead", [i for i in Intent if i is not Intent.OPT_OUT])
def test_a_sign_of_an_opt_out_pauses_and_asks(lead):
    suggestion = suggest(reading(lead, opt_out_sign=True, score=9), situation())
    assert (suggestion.action, suggestion.escalate) == (ActionKind.PAUSE_AND_ASK, True)


def test_a_doubtful_opt_out_pauses_and_does_not_suppress():
    doubtful = reading(
        Intent.OPT_OUT, unsure=True, opt_out_sign=True, likeliest=(Intent.OPT_OUT, Intent.OTHER)
    )
    assert suggest(doubtful, situation()).action is ActionKind.PAUSE_AND_ASK


@pytest.mark.parametrize("lead", list(Intent))
def test_an_unsure_reading_is_a_choice_for_a_person_without_a_draft(lead):
    likeliest = (lead, Intent.OTHER if lead is not Intent.OTHER else Intent.QUESTION)
    suggestion = suggest(reading(lead, unsure=True, likeliest=likeliest), situation())
    assert suggestion.action is ActionKind.CHOOSE_INTENT
    assert suggestion.escalate
    assert suggestion.draft is None


@pytest.mark.parametrize(("score", "escalate"), [(0, True), (6, True), (7, False), (10, False)])
def test_detractors_go_to_a_person_with_a_day_to_follow_up(score, escalate):
    here = situation(campaign_type=CampaignType.SURVEY)
    suggestion = suggest(reading(Intent.SURVEY_SCORE, score=score), here)
    assert suggestion.action is ActionKind.RECORD_SCORE
    assert suggestion.escalate is escalate
    assert (suggestion.follow_up_on is not None) is escalate


@pytest.mark.parametrize(
    ("intent", "until", "follow_up_on"),
    [
        (Intent.LATER, date(2026, 1, 2), date(2026, 1, 2)),
        (Intent.LATER, date(2025, 11, 1), date(2025, 11, 3)),  # a Saturday
        (Intent.LATER, None, date(2025, 9, 29)),
        (Intent.OUT_OF_OFFICE, date(2025, 11, 3), date(2025, 11, 4)),
        (Intent.OUT_OF_OFFICE, date(2025, 10, 31), date(2025, 11, 3)),  # back after a Friday
        (Intent.OUT_OF_OFFICE, None, date(2025, 9, 22)),
    ],
)
def test_the_follow_up_is_on_a_working_day_after_the_named_one(intent, until, follow_up_on):
    assert suggest(reading(intent, until=until), situation()).follow_up_on == follow_up_on


def test_a_call_names_the_number_or_says_that_there_is_none():
    assert "+66000000001" in suggest(reading(Intent.CALLBACK), situation()).words
    assert "no number" in suggest(reading(Intent.CALLBACK), situation(phone=None)).words


@pytest.mark.parametrize("intent", list(Intent))
def test_an_unknown_sender_always_goes_to_a_person(intent):
    stranger = situation(known=False, facts=None, campaign_type=None, size=None, phone=None)
    suggestion = suggest(reading(intent, score=9), stranger)
    assert suggestion.escalate
    assert suggestion.action not in {ActionKind.PREPARE_RENEWAL, ActionKind.BOOK_OFFER}
    assert "nobody's" in suggestion.words


@pytest.mark.parametrize("intent", [Intent.ACCEPT, Intent.LATER, Intent.SURVEY_SCORE])
def test_a_mail_that_names_none_of_ours_goes_to_a_person(intent):
    found = suggest(reading(intent, score=9), situation(guessed=True))
    assert found.escalate
    assert found.words.startswith("The mail names none of ours")
    assert found.action is suggest(reading(intent, score=9), situation()).action


@pytest.mark.parametrize("intent", [Intent.OPT_OUT, Intent.OUT_OF_OFFICE, Intent.OTHER])
def test_what_holds_whatever_a_mail_answers_needs_nobody_for_it(intent):
    assert suggest(reading(intent), situation(guessed=True)) == suggest(
        reading(intent), situation()
    )


def test_an_unknown_sender_s_opt_out_still_suppresses():
    stranger = situation(known=False, facts=None, campaign_type=None)
    assert suggest(reading(Intent.OPT_OUT), stranger).action is ActionKind.SUPPRESS


@pytest.mark.parametrize(
    ("question", "language", "answer"),
    [
        ("How much is it per zone?", "en", "THB 12,000 per zone"),
        ("When does our contract end?", "en", "31 October 2025"),
        ("Which zones do we have?", "en", "Edge, Drift Bar, Horizon and Shore"),
        ("What is the total?", "en", "THB 48,000 for 4 zones"),
        ("what platform are we on", "en", "Soundtrack Your Brand"),
        ("ราคาโซนละเท่าไหร่คะ", "th", "12,000 บาท ต่อโซน"),
        ("สัญญาของเราหมดเมื่อไหร่คะ", "th", "31 ตุลาคม 2568"),
        ("มีโซนไหนบ้างครับ", "th", "Edge, Drift Bar, Horizon และ Shore"),
    ],
)
def test_a_question_the_record_answers_is_answered_from_it(question, language, answer):
    suggestion = suggest(reading(Intent.QUESTION, language=language), situation(text=question))
    assert suggestion.action is ActionKind.ANSWER
    assert not suggestion.escalate
    assert answer in (suggestion.draft or "")


@pytest.mark.parametrize(
    "question",
    [
        "Does the price include VAT?",
        "Is the price per month or per year?",
        "How much is it per zone? And can we pay monthly?",
        "How much would it cost if we add two zones?",
        "When does the contract end and can we cancel before?",
        "Do you have jazz?",
        "What is the price for the other hotel?",
        "Why has the price gone up?",
        "ราคานี้รวมภาษีไหมคะ",
        "ราคาต่อเดือนเท่าไหร่คะ",
        "¿Cuánto cuesta?",
        "",
    ],
)
def test_a_question_beyond_the_record_goes_to_a_person(question):
    suggestion = suggest(reading(Intent.QUESTION), situation(text=question))
    assert suggestion.action is ActionKind.ASK_OWNER
    assert suggestion.escalate


@pytest.mark.parametrize(
    "question",
    [
        "How much is it per zone?",
        "When does our contract end?",
        "Which zones do we have?",
        "What is the total?",
    ],
)
def test_what_the_record_does_not_know_is_not_answered(question):
    suggestion = suggest(reading(Intent.QUESTION), situation(text=question, facts=NO_FACTS))
    assert suggestion.action is ActionKind.ASK_OWNER


def test_zones_known_in_part_are_said_to_be_some():
    facts = Facts(
        customer_id=FACTS.customer_id,
        customer="Hilton Pattaya",
        contact_id=FACTS.contact_id,
        zone_count=6,
        zone_names=("Edge", "Shore"),
    )
    suggestion = suggest(
        reading(Intent.QUESTION), situation(text="Which zones do we have?", facts=facts)
    )
    assert "6 zones, among them Edge and Shore" in (suggestion.draft or "")


def test_a_draft_speaks_thai_to_thai_and_english_to_others():
    thai = suggest(reading(Intent.ACCEPT, language="th"), situation()).draft or ""
    german = suggest(reading(Intent.ACCEPT, language="de"), situation()).draft or ""
    assert thai.startswith("เรียน คุณRudolf")
    assert german.startswith("Dear Rudolf,")


def test_braces_in_a_customer_s_own_words_stay_as_they_are():
    facts = Facts(
        customer_id=FACTS.customer_id,
        customer="X",
        contact_id=FACTS.contact_id,
        greeting="{total}",
        zone_names=("{expiry}", "\\1"),
    )
    suggestion = suggest(
        reading(Intent.QUESTION), situation(text="which zones do we have?", facts=facts)
    )
    assert "Dear {total}," in (suggestion.draft or "")
    assert "{expiry} and \\1" in (suggestion.draft or "")


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+", text))


AMOUNTS = st.decimals(min_value=1, max_value=999_999, places=2)


@given(
    lead=st.sampled_from(list(Intent)),
    also=st.sampled_from([None, *Intent]),
    language=st.sampled_from(["en", "th", "ja"]),
    text=st.text(max_size=40) | st.sampled_from(["How much per zone?", "99 zones for 1 baht?", "สัญญาหมดเมื่อไหร่"]),
    price=AMOUNTS,
    count=st.integers(1, 40) | st.none(),
    end=st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 1, 1)) | st.none(),
    score=st.integers(0, 10),
)  # fmt: skip
def test_every_number_in_a_draft_is_a_fact(*, lead, also, language, text, price, count, end, score):
    each = Money(price, "THB")
    facts = Facts(
        customer_id=FACTS.customer_id,
        customer="Bay",
        contact_id=FACTS.contact_id,
        zone_count=count,
        price_per_zone=each,
        total=each.times(count) if count else None,
        contract_end=end,
    )
    intents = (lead, *([also] if also and also is not lead else []))
    suggestion = suggest(
        reading(*intents, language=language, score=score), situation(facts=facts, text=text)
    )
    allowed = numbers(f"{count}") if count else set()
    allowed |= numbers(f"{price:,.2f}")
    allowed |= numbers(f"{facts.total.amount:,.2f}") if facts.total else set()
    allowed |= {f"{end.day}", f"{end.year}", f"{end.year + 543}"} if end else set()
    assert numbers(suggestion.draft or "") <= allowed
    assert suggestion.follow_up_on is None or suggestion.follow_up_on > TODAY


WORTH = "THB 480,000 a year, at least the threshold of 200,000"


@pytest.mark.parametrize("said", [Intent.COMPLAINT, Intent.DECLINE, Intent.OPT_OUT])
@pytest.mark.parametrize("campaign", [CampaignType.RENEWAL, CampaignType.SEASONAL])
def test_a_high_value_customer_who_may_leave_goes_to_a_person_at_once(said, campaign):
    plain = suggest(reading(said), situation(campaign_type=campaign))
    watched = suggest(reading(said), situation(campaign_type=campaign, high_value=WORTH))
    assert (watched.escalate, watched.urgent) == (True, True)
    assert WORTH in watched.words
    assert plain.words in watched.words
    assert (watched.action, watched.draft) == (plain.action, plain.draft)


@pytest.mark.parametrize(
    "more",
    [
        {"sentiment": Sentiment.NEGATIVE},
        {"score": 4},
        {"opt_out_sign": True},
        {"unsure": True, "likeliest": (Intent.LATER, Intent.DECLINE)},
    ],
)
def test_an_unhappy_or_doubtful_reply_of_a_high_value_customer_is_urgent(more):
    assert suggest(reading(Intent.LATER, **more), situation(high_value=WORTH)).urgent


@pytest.mark.parametrize("intent", [Intent.ACCEPT, Intent.LATER, Intent.OTHER, Intent.QUESTION])
def test_a_calm_reply_of_a_high_value_customer_is_treated_like_any(intent):
    calm = reading(intent)
    assert suggest(calm, situation(high_value=WORTH)) == suggest(calm, situation())


def test_only_a_known_sender_can_be_a_high_value_customer():
    stranger = situation(known=False, facts=None, high_value=None)
    assert not suggest(reading(Intent.DECLINE), stranger).urgent
