"""Ids are readable, unique, and stay with their customer when the book changes."""

import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.book.books import book_of, contact, entry

from campaigns.book import reassign
from campaigns.book.ids import Ids, slug
from campaigns.model.ids import CustomerId
from campaigns.model.record import Book, RecordKind


def known(book: Book) -> list[tuple[CustomerId, str, str]]:
    return [
        (r.customer.id, r.customer.name, r.fingerprint)
        for r in book.records
        if r.kind is RecordKind.CUSTOMER
    ]


def ids(book: Book) -> list[str]:
    return [r.customer.id for r in book.records]


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("Hilton Pattaya", "hilton-pattaya"),
        ("Meliá  Chiang Mai", "melia-chiang-mai"),
        ("(The) Deck &amp; Co", "the-deck-co"),
        ("D’Arcy's Bar", "darcys-bar"),
        ("29/30", "customer-29-30-0fc2ff0b"),
        ("ครัวคุณยาย พัทยา", "khrwkhunyay-phthya"),
    ],
)
def test_ids_are_readable(name: str, made: str) -> None:
    if made.startswith("customer-"):
        assert re.fullmatch(r"customer-29-30-[0-9a-f]{8}", slug(name))
    else:
        assert re.fullmatch(r"[a-z0-9-]+", slug(name))
        assert slug(name) == made or not name.isascii()


def test_thai_names_have_readable_stable_ids() -> None:
    assert slug("ครัวคุณยาย พัทยา") == slug(" ครัวคุณยาย  พัทยา ")
    assert re.fullmatch(r"[a-z]+-[a-z]+", slug("ครัวคุณยาย พัทยา"))
    assert slug("ร้านลาบ") != slug("ร้านลาภ")


@given(st.text(max_size=200))
def test_every_name_has_an_id_fit_for_an_address(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?", slug(name))


@given(st.lists(st.sampled_from(["A", "a", "A 2", "A-2", "A 2 2", "B", "?", "!"]), max_size=12))
def test_ids_are_unique(names: list[str]) -> None:
    made = list(Ids(names))
    assert len(set(made)) == len(names)


def test_the_first_of_two_equal_names_keeps_the_plain_id() -> None:
    assert list(Ids(["A House", "A House 2", "A House"])) == [
        "a-house",
        "a-house-2",
        "a-house-3",
    ]


FIRST = book_of(
    entry("Heron House", zone_names="Lobby"),
    entry("Lotus Inn", zone_names="Pool", contract_end="2025-10-31"),
    entry("Ember Bar", zone_names="Bar"),
)


def test_an_unchanged_book_keeps_its_ids() -> None:
    assert reassign(FIRST, known(FIRST)) == FIRST


def test_a_changed_entry_keeps_its_id() -> None:
    now = book_of(
        entry("Heron House", zone_names="Lobby, Spa"), entry("Lotus Inn"), entry("Ember Bar")
    )
    assert ids(reassign(now, known(FIRST))) == ids(FIRST)


def test_a_renamed_heading_keeps_its_id_by_what_stands_below() -> None:
    now = book_of(
        entry("Ember Bar", zone_names="Bar"),
        entry("The Grand Tamarind", zone_names="Pool", contract_end="2025-10-31"),
        entry("Heron House", zone_names="Lobby"),
    )
    assert ids(reassign(now, known(FIRST))) == ["ember-bar", "lotus-inn", "heron-house"]


def test_a_renamed_and_changed_entry_keeps_its_id_between_the_same_neighbours() -> None:
    now = book_of(
        entry("Heron House", zone_names="Lobby"),
        entry("Lotus Inn Trang", zone_names="Pool, Deck"),
        entry("Ember Bar", zone_names="Bar"),
    )
    assert ids(reassign(now, known(FIRST))) == ids(FIRST)


def test_another_customer_in_the_same_place_gets_a_new_id() -> None:
    now = book_of(
        entry("Heron House", zone_names="Lobby"),
        entry("Saffron Palace", zone_names="Hall"),
        entry("Ember Bar", zone_names="Bar"),
    )
    assert ids(reassign(now, known(FIRST))) == ["heron-house", "saffron-palace", "ember-bar"]


def test_a_new_customer_never_takes_the_id_of_another() -> None:
    renamed = [(CustomerId("lotus-inn"), "Old Palace", "x-y"), *known(FIRST)[2:]]
    now = book_of(entry("Lotus Inn", zone_names="Hall"), entry("Ember Bar", zone_names="Bar"))
    assert ids(reassign(now, renamed)) == ["lotus-inn-2", "ember-bar"]


def test_the_second_copy_of_an_entry_never_takes_the_id_of_the_first() -> None:
    text = [entry("Hilton Krabi"), entry("Teak Hotel"), entry("Dune"), entry("Teak Hotel")]
    before = book_of(*text)
    assert [r.kind for r in before.records][-1] is RecordKind.DUPLICATE
    assert ids(reassign(before, known(before))) == ids(before)


def test_duplicates_are_told_apart_by_their_content() -> None:
    one, two = entry("Twin House", zone_names="Lobby"), entry("Twin House", zone_names="Pool")
    before = book_of(one, two)
    assert ids(before) == ["twin-house", "twin-house-2"]
    assert ids(reassign(book_of(two, one), known(before))) == ["twin-house-2", "twin-house"]
    assert ids(reassign(book_of(two), known(before))) == ["twin-house-2"]


def test_blank_entries_are_not_taken_for_each_other() -> None:
    before = book_of("Copper\n", "Saffron\n", "Willow\n")
    now = book_of("Juniper\n", "Copper\n", "Coral Moon\n", "Willow\n")
    assert ids(reassign(now, known(before))) == ["juniper", "copper", "coral-moon", "willow"]


def test_contacts_and_suspicions_follow_the_id() -> None:
    mail = contact(email="ann@lotus.example")
    before = book_of(entry("Heron Suites Trang", contacts=mail), entry("Heron Suits Trang"))
    kept = [(CustomerId("one"), *known(before)[0][1:]), (CustomerId("two"), *known(before)[1][1:])]
    now = reassign(before, kept)
    assert [c.id for c in now.customers[0].contacts] == ["one.general-manager"]
    assert [(s.first, s.second) for s in now.suspicions] == [("one", "two")]


def test_an_id_is_given_once_when_entries_moved_past_each_other() -> None:
    before = book_of(entry("Ben", zone_count="0"), entry("Ben", zone_count="1"))
    now = book_of(
        entry("Ada", zone_count="0"), *(entry("Ben", zone_count=str(count)) for count in (1, 2, 3))
    )
    assert ids(reassign(now, known(before))) == ["ada", "ben-2", "ben", "ben-3"]


NAMES = st.lists(st.sampled_from(["Ada", "Ben", "Cleo", "Dora", "Ada House"]), max_size=6)


@example(before=["Ben", "Ben"], now=["Ada", "Ben", "Ben", "Ben"])
@given(NAMES, NAMES)
def test_ids_stay_unique_and_same_names_keep_theirs(before: list[str], now: list[str]) -> None:
    old = book_of(*(entry(name, zone_count=str(at)) for at, name in enumerate(before)))
    new = reassign(book_of(*(entry(n, zone_count=str(at)) for at, n in enumerate(now))), known(old))
    assert len(set(ids(new))) == len(now)
    for name in set(before) & set(now):
        was = {i for i, known_as, _ in known(old) if known_as == name}
        has = {i for i, known_as, _ in known(new) if known_as == name}
        assert was <= has or has <= was


def test_equal_fingerprints_mean_an_unchanged_entry() -> None:
    one = FIRST.records[0]
    moved = book_of(entry("New"), entry("Heron House", zone_names="Lobby")).records[1]
    changed = book_of(entry("Heron House", zone_names="Spa")).records[0]
    assert one.fingerprint == moved.fingerprint
    assert one.fingerprint != changed.fingerprint
    assert one.fingerprint != replace(FIRST.records[1]).fingerprint
