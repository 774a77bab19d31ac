"""The text library: the whole grid is there, clean, and reads as specified."""

from itertools import product

import pytest
from tests.ai.texts.world import facts, library_text

from campaigns.ai.embedded.texts import TextLibrary, house_offers, house_voices
from campaigns.flow.compose import SLOTS, prose_faults, render
from campaigns.flow.guard import check, check_prose, passes
from campaigns.model.customer import Channel
from campaigns.model.errors import NotFound
from campaigns.model.plan import CampaignType, Tone
from campaigns.model.text import Cohort, CohortText

OCCASIONS = TextLibrary().occasions()
GRID = [
    Cohort(type=t, tone=tone, language=language, channel=channel, occasion=occasion)
    for t, tone, language, channel in product(CampaignType, Tone, ("en", "th"), Channel)
    for occasion in (("", *OCCASIONS) if t is CampaignType.SEASONAL else ("",))
]
EXAMPLE_1 = """\
Hi Rudolf,

Your Hilton Pattaya music service for all 4 zones (Edge, Drift Bar, Horizon, Shore) expires on \
October 31, 2025.

Your current rate of THB 12,000 per zone remains locked for renewal. That's THB 48,000 annually \
for complete property coverage.

Reply YES to secure your renewal or CALL to discuss.

Best regards,
BMA Social Team

Reply STOP to opt out."""


def written() -> list[CohortText]:
    library = TextLibrary()
    return [library.write(cohort, None) for cohort in GRID]


def test_the_specified_example_comes_out_word_for_word() -> None:
    assert render(library_text(), facts()).text == EXAMPLE_1


def test_the_grid_holds_every_occasion_the_product_promises() -> None:
    promised = (
        "christmas new_year lunar_new_year songkran loy_krathong diwali ramadan eid golden_week "
        "valentines halloween easter mid_autumn summer national_day"
    )
    assert set(promised.split()) <= set(OCCASIONS)
    assert len(GRID) == 5 * 3 * 2 * 3 + len(OCCASIONS) * 3 * 2 * 3


def test_no_prose_of_the_library_states_what_only_slots_may_state() -> None:
    assert {t.cohort.key: faults for t in written() if (faults := prose_faults(t))} == {}


def test_no_prose_of_the_library_makes_a_claim() -> None:
    wrong = {}
    for text in written():
        slots = SLOTS | text.phrases.keys()
        prose = (text.subject, text.preheader, *(s for p in text.paragraphs for s in p))
        for sentence in filter(None, prose):
            if faults := check_prose(sentence, slots):
                wrong[text.cohort.key, sentence] = faults
    assert wrong == {}


def test_every_text_ends_with_action_signature_and_way_out() -> None:
    for text in written():
        assert text.paragraphs[-3:] == (("{cta}",), ("{sign}",), ("{way_out}",)), text.cohort.key
        assert {"cta", "sign", "way_out"} <= text.phrases.keys()


def test_every_text_passes_the_guard_for_the_specified_customer() -> None:
    failed = {}
    for text in written():
        known = facts()
        rendered = render(text, known)
        verdicts = check(
            rendered.text,
            known,
            type_=text.cohort.type,
            language=text.cohort.language,
            composed=rendered,
            headings=(rendered.subject, rendered.preheader),
        )
        if not passes(verdicts):
            failed[text.cohort.key] = [v for v in verdicts if not v.ok]
    assert failed == {}


def test_email_has_subject_and_preheader_and_says_more_than_whatsapp() -> None:
    for type_, tone, language in product(CampaignType, Tone, ("en", "th")):
        mail = library_text(type_, tone, language, Channel.EMAIL)
        short = library_text(type_, tone, language, Channel.WHATSAPP)
        assert mail.subject
        assert mail.preheader
        assert not short.subject
        assert len(render(mail, facts()).text) > len(render(short, facts()).text)


def test_the_languages_are_not_mixed() -> None:
    for text in written():
        said = "".join(s for p in text.paragraphs for s in p).split("{")[0]
        thai = any("ก" <= c <= "๛" for c in said)
        assert not said or thai == (text.cohort.language == "th"), text.cohort.key


def test_each_cohort_has_its_own_words_per_tone() -> None:
    for type_, language, channel in product(CampaignType, ("en", "th"), Channel):
        texts = {render(library_text(type_, t, language, channel), facts()).text for t in Tone}
        assert len(texts) == 3, (type_, language, channel)


def test_a_language_without_texts_is_refused_with_the_ones_there_are() -> None:
    with pytest.raises(NotFound, match=r"'fr'.*en, th"):
        library_text(language="fr")


def test_an_occasion_without_a_text_is_refused_with_the_ones_there_are() -> None:
    with pytest.raises(NotFound, match=r"'saint_swithin'.*christmas"):
        library_text(CampaignType.SEASONAL, occasion="saint_swithin")


def test_a_house_offer_names_its_source_and_can_be_switched_off() -> None:
    (offer,) = house_offers()
    assert offer.key == "rate_locked"
    assert offer.source
    assert house_offers(off=["rate_locked"]) == ()


def test_switching_off_an_offer_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(ValueError, match="rate_loked"):
        house_offers(off=["rate_loked"])


def test_tones_are_formal_for_hilton_and_casual_for_beach_clubs() -> None:
    tones = house_voices().tones
    assert tones["hilton"] is Tone.FORMAL
    assert tones["beach club"] is Tone.CASUAL
    assert tones[""] is Tone.WARM


def test_staff_put_their_own_voices_over_the_houses() -> None:
    own = house_voices(
        '[tones]\n"Hilton" = "casual"\n"everybody else" = "formal"\n'
        '[voices]\ncasual = "Like an old friend."\n'
    )
    assert own.tones["hilton"] is Tone.CASUAL
    assert own.tones[""] is Tone.FORMAL
    assert own.tones["marriott"] is Tone.FORMAL
    assert own.words[Tone.CASUAL] == "Like an old friend."
    assert own.words[Tone.WARM] == house_voices().words[Tone.WARM]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[tones]\nhilton = "loud"', "no tone 'loud'"),
        ('[voice]\nformal = "x"', r"no part \[voice\]"),
        ("[tones]\nhilton = 3", "hilton: must be words"),
        ("tones = 3", "must be a table"),
        ("[tones", "Expected"),
    ],
)
def test_a_malformed_voice_is_named(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        house_voices(text)
