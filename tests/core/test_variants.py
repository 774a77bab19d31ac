"""Which customer gets which variant, and what a difference between variants is worth."""

import math
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.sending import message

from campaigns.flow.approve import content_hash
from campaigns.flow.compare import Arm, arms, compared, fisher, statement
from campaigns.flow.variants import assigned, parse, reworded, spread
from campaigns.model.customer import Channel
from campaigns.model.errors import RequestInvalid
from campaigns.model.ids import CampaignId, CustomerId
from campaigns.model.message import MessageStatus
from campaigns.model.plan import CampaignType, Tone
from campaigns.model.text import Cohort, CohortText
from campaigns.model.variant import OwnWords, Variant

CAMPAIGN = CampaignId("c_1")
A = Variant(key="a", name="warm", tone=Tone.WARM)
B = Variant(key="b", name="formal", tone=Tone.FORMAL)
S = MessageStatus

shares = st.lists(st.integers(1, 100), min_size=2, max_size=5)


def of(parts: list[int]) -> tuple[Variant, ...]:
    return tuple(Variant(key="abcde"[n], name=str(n), share=p) for n, p in enumerate(parts))


# --- who gets which ------------------------------------------------------------------------------


@given(st.text(), st.text(), shares)
def test_a_customer_always_gets_the_same_one_of_the_variants(
    campaign: str, customer: str, parts: list[int]
) -> None:
    variants = of(parts)
    first = assigned(CampaignId(campaign), CustomerId(customer), variants)
    assert first in variants
    assert first == assigned(CampaignId(campaign), CustomerId(customer), variants)


def test_without_variants_nobody_gets_one() -> None:
    assert assigned(CAMPAIGN, CustomerId("hotel-1"), ()) is None


@pytest.mark.parametrize("parts", [[1, 1], [3, 1], [2, 3, 5]])
def test_parts_of_the_audience_come_out_as_stated(parts: list[int]) -> None:
    variants, customers = of(parts), 6000
    got = [assigned(CAMPAIGN, CustomerId(f"hotel-{n}"), variants) for n in range(customers)]
    for variant in variants:
        wanted = variant.share / sum(parts)
        # Five standard deviations; the hash is fixed, so this never flickers.
        assert abs(got.count(variant) / customers - wanted) < 5 * math.sqrt(
            wanted * (1 - wanted) / customers
        )


def test_two_campaigns_do_not_divide_the_customers_alike() -> None:
    both = [
        [assigned(CampaignId(c), CustomerId(f"hotel-{n}"), (A, B)) for n in range(200)]
        for c in ("c_1", "c_2")
    ]
    alike = sum(one == other for one, other in zip(*both, strict=True))
    assert 60 < alike < 140


def test_the_first_samples_show_each_variant() -> None:
    keys = "aaabbc"
    messages = [replace(message(n), variant=key) for n, key in enumerate(keys)]
    assert "".join(m.variant for m in spread(messages)) == "abcaba"
    plain = [message(n) for n in range(3)]
    assert spread(plain) == plain


# --- the content hash ----------------------------------------------------------------------------


def test_the_assignment_is_part_of_what_is_approved() -> None:
    one = message(1)
    assert content_hash([replace(one, variant="a")], []) != content_hash(
        [replace(one, variant="b")], []
    )


def test_a_campaign_without_variants_keeps_the_hash_it_always_had() -> None:
    # Computed before there were variants: an approval given then still holds.
    assert content_hash([message(1)], ["hotel-2"]) == (
        "bd019a6265393fd518c8093ccfb1e5f66bb57af4ddbc454355e813aae1f860aa"
    )


# --- own words -----------------------------------------------------------------------------------


def text() -> CohortText:
    cohort = Cohort(type=CampaignType.RENEWAL, tone=Tone.WARM, language="en", channel=Channel.EMAIL)
    return CohortText(
        cohort=cohort,
        paragraphs=(("{hello}",), ("Ours.",), ("{cta}",), ("{sign}",), ("{way_out}",)),
        subject="Our subject",
        preheader="Ours",
    )


def test_own_words_stand_between_the_houses_greeting_and_its_call_to_action() -> None:
    own = reworded(text(), OwnWords(text="First. Second {zones}.\n\nThird."))
    assert own.paragraphs == (
        ("{hello}",),
        ("First.", "Second {zones}."),
        ("Third.",),
        ("{cta}",),
        ("{sign}",),
        ("{way_out}",),
    )
    assert (own.subject, own.preheader) == ("Our subject", "Ours")


def test_a_phrase_that_own_words_hold_is_not_said_twice() -> None:
    own = reworded(text(), OwnWords(text="{hello} First.\n{cta}", subject="Mine"))
    assert [p for paragraph in own.paragraphs for p in paragraph].count("{cta}") == 1
    assert own.paragraphs[0] == ("{hello} First.",)
    assert (own.subject, own.preheader) == ("Mine", "")


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_", "pointers"),
    [
        ([{"tone": "warm"}], ["/variants"]),
        ([{"tone": "warm"}] * 6, ["/variants"]),
        ([{"tone": "warm"}, {"tone": "warm"}], ["/variants/1"]),
        ([{}, {}], ["/variants/1"]),
        ([{"tone": "loud"}, {}], ["/variants/0/tone", "/variants/1"]),
        ([{"tone": "warm", "share": 0}, {}], ["/variants/0/share"]),
        ([{"tone": "warm", "share": True}, {}], ["/variants/0/share"]),
        ([{}, {"words": "hello"}], ["/variants/1/words", "/variants/1"]),
        ([{}, {"words": {"en": {"text": " "}}}], ["/variants/1/words/en/text"]),
        ([{"name": "x" * 81}, {"tone": "warm"}], ["/variants/0/name"]),
    ],
)
def test_what_is_wrong_with_variants_is_named(
    given_: list[dict[str, object]], pointers: list[str]
) -> None:
    with pytest.raises(RequestInvalid) as refused:
        parse(given_)
    assert [f.pointer for f in refused.value.faults] == pointers


# --- what came of it -----------------------------------------------------------------------------


def exact(a: int, n: int, b: int, m: int) -> Fraction:
    """Fisher's exact test by its definition, in whole numbers."""
    total = a + b
    weights = {
        k: math.comb(n, k) * math.comb(m, total - k)
        for k in range(max(0, total - m), min(total, n) + 1)
    }
    return Fraction(sum(w for w in weights.values() if w <= weights[a]), sum(weights.values()))


@given(st.data())
def test_fisher_agrees_with_its_definition(data: st.DataObject) -> None:
    n, m = data.draw(st.integers(0, 60)), data.draw(st.integers(0, 60))
    a, b = data.draw(st.integers(0, n)), data.draw(st.integers(0, m))
    assert fisher(a, n, b, m) == pytest.approx(float(exact(a, n, b, m)), rel=1e-6)
    assert fisher(a, n, b, m) == pytest.approx(fisher(b, m, a, n))


def test_the_tea_taster() -> None:
    # Fisher's own example: three of four cups right.
    assert fisher(3, 4, 1, 4) == pytest.approx(34 / 70)


def test_fisher_is_quick_for_many_customers() -> None:
    assert fisher(5_000, 100_000, 6_000, 100_000) < 1e-6


def arm(variant: Variant, reached: int, **counts: int) -> Arm:
    whole = dict.fromkeys(
        (
            "customers",
            "messages",
            "edited",
            "waiting",
            "delivered",
            "read",
            "replied",
            "interested",
            "converted",
        ),
        0,
    )
    return Arm(variant=variant, reached=reached, **(whole | counts))


def test_a_small_difference_is_said_to_be_perhaps_chance() -> None:
    found = (arm(A, 40, replied=12), arm(B, 41, replied=9))
    [replied] = compared(found)
    assert not replied.sure
    assert replied.words.startswith("warm: 12 of 40 replied; formal: 9 of 41.")
    assert replied.words.endswith("it may be chance.")
    assert statement(found, [replied]) == "No difference is large enough to tell it from chance."


def test_a_large_difference_is_said_to_be_hardly_chance() -> None:
    found = (arm(A, 100, replied=40), arm(B, 100, replied=10))
    [replied] = compared(found)
    assert replied.sure
    assert "less than 1%" in replied.words
    assert "hardly chance" in statement(found, [replied])


def test_more_comparisons_need_a_larger_difference() -> None:
    two = (arm(A, 100, replied=20), arm(B, 100, replied=9))
    more = (*two, arm(replace(A, key="c"), 100, replied=15, interested=1))
    assert [c.sure for c in compared(two)] == [True]
    assert not any(c.sure for c in compared(more))


def test_what_has_not_left_and_what_was_edited_is_said() -> None:
    found = (arm(A, 10, replied=1, waiting=3), arm(B, 10, edited=2))
    said = statement(found, compared(found))
    assert "3 messages not gone yet" in said
    assert "2 messages changed by hand" in said
    assert statement((arm(A, 0), arm(B, 0)), ()) == (
        "Nothing has left yet, so there is nothing to compare."
    )


def test_only_customers_who_were_reached_are_counted_and_each_once() -> None:
    messages = [
        replace(message(1, status=S.DELIVERED), variant="a"),
        replace(message(1, Channel.WHATSAPP, status=S.READ), variant="a"),
        replace(message(2, status=S.FAILED), variant="a"),
        replace(message(3, status=S.SENT), variant="b", edited=True),
        replace(message(4, status=S.QUEUED), variant="b"),
    ]
    replied = {"replied": frozenset(CustomerId(f"hotel-{n}") for n in (1, 2, 3))}
    first, second = arms((A, B), messages, replied)
    assert (first.customers, first.messages, first.reached, first.replied) == (2, 3, 1, 1)
    assert (first.delivered, first.read) == (1, 1)
    assert (second.customers, second.reached, second.replied) == (2, 1, 1)
    assert (second.waiting, second.edited) == (1, 1)
