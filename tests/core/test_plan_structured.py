"""Structured requests: every filter of the API, and a pointer for everything that is wrong."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evals.fixture import vocabulary

from campaigns.flow.plan import customer_ids, filters_json, plan_json, structured
from campaigns.model.customer import Channel, Size
from campaigns.model.errors import RequestInvalid
from campaigns.model.plan import CampaignType, DateRange, Filters, IntRange

TODAY = date(2025, 9, 15)
WORDS = vocabulary()
OCCASIONS = ("christmas", "songkran")


def plan(**body):
    return structured({"type": "renewal", **body}, WORDS, TODAY, OCCASIONS)


def faults(body):
    with pytest.raises(RequestInvalid) as refused:
        structured(body, WORDS, TODAY, OCCASIONS)
    return {f.pointer: f.detail for f in refused.value.faults}


def test_every_filter_of_the_api_is_read():
    filters = plan(
        filters={
            "brand": "Novotel",
            "region": "Asia Pacific",
            "country": ["Thailand", "Vietnam"],
            "city": ["Bangkok"],
            "business_type": "Hotel",
            "platform": "SYB",
            "size": ["enterprise", "medium"],
            "customer": "Hilton Pattaya",
            "expiring_within_days": 90,
            "contract_end": {"from": "2026-01-01", "to": "2026-03-31"},
            "zones": {"min": 4, "max": 10},
        }
    ).filters
    assert filters == Filters(
        brand=("Novotel",),
        region=("Asia Pacific",),
        country=("Thailand", "Vietnam"),
        city=("Bangkok",),
        business_type=("Hotel",),
        platform=("Soundtrack Your Brand",),
        size=(Size.ENTERPRISE, Size.MEDIUM),
        customer=("Hilton Pattaya",),
        contract_end=(
            DateRange(date(2025, 9, 15), date(2025, 12, 14)),
            DateRange(date(2026, 1, 1), date(2026, 3, 31)),
        ),
        zones=(IntRange(4, 10),),
    )


def test_a_customers_id_means_exactly_that_customer_and_reads_back_as_such():
    known = {"heron-house-2": "Heron House"}
    for value in ("heron-house-2", " heron-house-2 ", "Heron House (id heron-house-2)"):
        body = {"type": "survey", "filters": {"customer": [value]}, "exclude": {"customer": value}}
        assert customer_ids(body) == {"heron-house-2"}
        filters = structured(body, WORDS, TODAY, OCCASIONS, known).filters
        assert filters.customer == ("Heron House (id heron-house-2)",)


def test_a_name_is_a_name_before_it_is_an_id_and_an_unknown_id_is_refused():
    body = {"type": "survey", "filters": {"customer": "hilton pattaya"}}
    named = structured(body, WORDS, TODAY, OCCASIONS, {"hilton pattaya": "Other"}).filters
    assert named.customer == ("Hilton Pattaya",)
    told = faults({"type": "survey", "filters": {"customer": "Heron House (id gone)"}})
    assert "no customer is called" in told["/filters/customer"]


def test_the_specs_label_for_hilton_means_the_group():
    assert plan(filters={"brand": ["Hilton Hotels & Resorts"]}).filters.brand == ("Hilton",)


def test_values_match_whatever_their_case_accents_and_dashes():
    filters = plan(filters={"brand": "MELIA", "city": "cancun", "country": "  new  zealand "})
    assert filters.filters == Filters(brand=("Meliá",), city=("Cancún",), country=("New Zealand",))


def test_a_thai_word_of_the_vocabulary_is_its_value():
    assert plan(filters={"city": "ภูเก็ต"}).filters.city == ("Phuket",)


def test_one_number_of_zones_and_open_ends_are_allowed():
    assert plan(filters={"zones": 3}).filters.zones == (IntRange(3, 3),)
    assert plan(filters={"zones": [{"min": 11}, {"max": 2}]}).filters.zones == (
        IntRange(11, None),
        IntRange(None, 2),
    )
    assert plan(filters={"contract_end": {"to": "2025-10-31"}}).filters.contract_end == (
        DateRange(None, date(2025, 10, 31)),
    )


def test_a_brand_or_place_that_no_customer_has_is_a_rule_that_matches_nobody():
    found = plan(filters={"brand": "Kempinski", "city": "Osaka"})
    assert found.is_clear
    assert (found.filters.brand, found.filters.city) == (("Kempinski",), ("Osaka",))


def test_no_filters_and_no_everyone_asks_and_never_means_all():
    for body in ({}, {"filters": {}}, {"filters": None}, {"exclude": {"city": "Phuket"}}):
        found = plan(**body)
        assert not found.is_clear
        assert not found.everyone
        assert found.questions


def test_everyone_is_said_beside_the_filters_or_in_their_place():
    assert plan(everyone=True).everyone
    assert plan(filters={"everyone": True}).everyone
    assert plan(everyone=True, exclude={"brand": "Hilton"}).is_clear
    assert not plan(everyone=False).is_clear


def test_everyone_together_with_filters_is_a_contradiction():
    assert "/everyone" in faults(
        {"type": "survey", "everyone": True, "filters": {"city": "Phuket"}}
    )
    assert "/filters/everyone" in faults(
        {"type": "survey", "filters": {"everyone": True, "city": "Phuket"}}
    )


def test_unknown_keys_are_refused_with_the_nearest_one():
    found = faults({"type": "renewal", "filter": {}, "filters": {"citty": "Phuket"}})
    assert "did you mean filters" in found["/filter"]
    assert "did you mean city" in found["/filters/citty"]


def test_unknown_values_are_refused_with_the_nearest_ones():
    found = faults(
        {
            "type": "renewel",
            "filters": {"brand": ["Hilton", "Hiltom"], "city": "Puket", "size": ["huge"]},
            "exclude": {"country": "Tailand"},
        }
    )
    assert "renewal" in found["/type"]
    assert "Hilton" in found["/filters/brand/1"]
    assert "Phuket" in found["/filters/city"]
    assert "enterprise" in found["/filters/size/0"]
    assert "Thailand" in found["/exclude/country"]
    assert "/filters/brand/0" not in found


@pytest.mark.parametrize(
    ("filters", "pointer"),
    [
        ({"contract_end": {"from": "2025-02-31"}}, "/filters/contract_end/from"),
        ({"contract_end": {"from": "2025-12-01", "to": "2025-11-01"}}, "/filters/contract_end"),
        ({"contract_end": "2025-12-01"}, "/filters/contract_end"),
        ({"contract_end": {}}, "/filters/contract_end"),
        ({"contract_end": {"till": "2025-12-01"}}, "/filters/contract_end/till"),
        ({"zones": {"min": 5, "max": 4}}, "/filters/zones"),
        ({"zones": {"min": "5"}}, "/filters/zones/min"),
        ({"zones": True}, "/filters/zones"),
        ({"zones": -1, "size": "small"}, "/filters/zones"),
        ({"expiring_within_days": -1}, "/filters/expiring_within_days"),
        ({"expiring_within_days": 10**9}, "/filters/expiring_within_days"),
        ({"expiring_within_days": True}, "/filters/expiring_within_days"),
        ({"brand": []}, "/filters/brand"),
        ({"brand": [None]}, "/filters/brand/0"),
        ({"brand": ""}, "/filters/brand"),
        ({"a/b~c": 1}, "/filters/a~1b~0c"),
        (["brand"], "/filters"),
    ],
)
def test_a_broken_filter_is_pointed_at(filters, pointer):
    assert pointer in faults({"type": "renewal", "filters": filters})


def test_the_type_must_be_said():
    assert "/type" in faults({"filters": {"city": "Phuket"}})


def test_context_may_be_a_text_or_an_object():
    assert plan(context="  early bird ", filters={"city": "Phuket"}).context == "early bird"
    found = plan(
        context={"topic": "dinner", "occasion": "christmas", "language": "th", "tone": "warm"},
        everyone=True,
    )
    assert (found.context, found.occasion, found.language, found.tone) == (
        "dinner",
        "christmas",
        "th",
        "warm",
    )


def test_what_the_message_is_like_is_checked():
    found = faults(
        {
            "type": "seasonal",
            "everyone": True,
            "occasion": "xmas",
            "channels": ["email", "fax"],
            "language": "Thai",
            "tone": "loud",
            "send_at": "tomorrow",
            "context": {"subject": "x"},
        }
    )
    assert found.keys() == {
        "/occasion",
        "/channels/1",
        "/language",
        "/tone",
        "/send_at",
        "/context/subject",
    }


def test_channels_and_time_are_read():
    found = plan(everyone=True, channels=["line", "email"], send_at="2025-10-01T09:00:00+07:00")
    assert found.channels == (Channel.LINE, Channel.EMAIL)
    assert found.send_at.utcoffset() == timedelta(hours=7)


def test_a_structured_plan_says_what_was_understood():
    found = plan(filters={"brand": "Hilton"}, exclude={"city": "Phuket"})
    assert [u.meaning for u in found.understood] == ["Brand Hilton", "Leave out: City Phuket"]
    assert found.assumptions == ("any expiry date",)


FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "brand": st.lists(st.sampled_from(["Hilton", "Novotel"]), min_size=1, unique=True),
        "city": st.lists(st.sampled_from(["Phuket", "Krabi", "Osaka"]), min_size=1, unique=True),
        "size": st.lists(st.sampled_from([s.value for s in Size]), min_size=1, unique=True),
        "zones": st.lists(
            st.tuples(st.integers(0, 20), st.integers(0, 20)).map(
                lambda ends: {"min": min(ends), "max": max(ends)}
            ),
            min_size=1,
            max_size=2,
            unique_by=str,
        ),
        "contract_end": st.lists(
            st.dates(date(2024, 1, 1), date(2027, 1, 1)).map(
                lambda day: {"from": day.isoformat(), "to": None}
            ),
            min_size=1,
            max_size=2,
            unique_by=str,
        ),
    },
)


@given(FILTERS)
def test_filters_come_back_from_json_as_they_went(body):
    read = plan(filters=body).filters
    told = filters_json(read)
    assert told == body
    assert plan(filters=json.loads(json.dumps(told))).filters == read


TEXT = st.text("aé/~ ไ0", max_size=4)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5000) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["type", "filters", "exclude", "everyone", "context", "channels", "send_at", "tone", "x"]
)


def read_or_refused(body):
    try:
        return structured(body, WORDS, TODAY, OCCASIONS), ()
    except RequestInvalid as refused:
        return None, refused.faults


@given(st.dictionaries(KEYS, ANYTHING, max_size=5))
def test_any_json_is_either_a_plan_or_refused_with_pointers(body):
    found, broken = read_or_refused(body)
    assert all(f.pointer.startswith("/") and f.detail for f in broken)
    assert (found is None) == bool(broken)
    if found is not None:
        json.dumps(plan_json(found))
        assert found.type in (None, *CampaignType)
