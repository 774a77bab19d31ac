"""The 25 kinds of mess seen in a book grown by hand: each is read, and each is said."""

import re
from pathlib import Path

import pytest
from tests.book.books import HEAD, book_of, codes, contact, customer_of, entry, record_of

from campaigns.book import load, parse
from campaigns.book.diagnose import codes as known_codes
from campaigns.model.customer import Role
from campaigns.model.record import RecordKind

SAMPLE = Path(__file__).parents[2] / "backend" / "venue_data.md"
PAGE = Path(__file__).parents[2] / "docs" / "book.md"
ROW = re.compile(r"^\| (\d+) \| .+ \| (`[^|]+`) \| `(test_\w+)` \|$", re.MULTILINE)

# What the sample book must show: one code (or more) for each kind of mess.
KINDS: dict[int, set[str]] = {
    1: {"name-odd-start"},
    2: {"place-heading", "heading-with-contact"},
    3: {"status-note"},
    4: {"name-missing", "status-note"},
    5: {"former-name"},
    6: {"duplicate-entry"},
    7: {"marked-double"},
    8: {"suspected-duplicate"},
    9: {"business-type-device"},
    10: {"business-type-unknown", "business-type-questioned"},
    11: {"zone-names-missing"},
    12: {"zone-names-exceed", "zone-code"},
    13: {"zone-slash"},
    14: {"zone-placeholder", "zone-questioned", "zone-misspelt"},
    15: {"zone-is-customer"},
    16: {"entity"},
    17: {"invisible-character", "double-space"},
    18: {"spelling-mixed"},
    19: {"contract-reversed", "contract-one-day", "contract-starts-later"},
    20: {"platform-folded", "platform-unmapped"},
    21: {"credential-in-notes"},
    22: {"note-date-not-iso", "note-stray-mark"},
    23: {"role-doubtful", "address-shared", "role-mailbox"},
    24: {"mojibake", "email-untidy"},
    25: {"heading-outside", "separator-doubled", "issue-in-contacts"},
}


def said(record: object) -> set[str]:
    return {d.code for d in record.diagnostics}  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def sample_codes() -> set[str]:
    return codes(load(SAMPLE))


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_sample_book_has_every_kind_of_mess(kind: int, sample_codes: set[str]) -> None:
    assert KINDS[kind] <= sample_codes


def test_the_page_names_what_is_said_of_each_kind_and_its_test() -> None:
    rows = {int(n): (codes, test) for n, codes, test in ROW.findall(PAGE.read_text("utf-8"))}
    assert sorted(rows) == sorted(KINDS) == list(range(1, 26))
    for kind, (shown, test) in rows.items():
        named = set(re.findall(r"`([a-z-]+)`", shown))
        assert named == KINDS[kind], kind
        assert named <= set(known_codes()), kind
        assert test.startswith(f"test_{kind:02}_")
        assert callable(globals()[test])


def test_01_a_heading_that_begins_with_a_bracket_is_a_customer() -> None:
    record = record_of("(The) Deck on Fourth")
    assert (record.kind, record.customer.id) == (RecordKind.CUSTOMER, "the-deck-on-fourth")
    assert "name-odd-start" in said(record)


def test_02_a_country_is_no_customer_even_with_a_contact() -> None:
    record = book_of(entry("Laos", contacts=contact(email="ann@lotus.example"))).records[0]
    assert record.kind is RecordKind.PLACE_HEADING
    assert {"place-heading", "heading-with-contact"} <= said(record)


def test_03_a_status_sentence_is_no_customer() -> None:
    record = record_of("renewal pending - waiting for finance")
    assert (record.kind, said(record) >= {"status-note"}) == (RecordKind.STATUS_NOTE, True)


def test_04_a_question_mark_and_ok_are_no_customers() -> None:
    book = book_of("?\n", "ok\n")
    assert book.customers == ()
    assert {"name-missing", "status-note"} <= codes(book)


def test_05_a_former_name_keeps_its_zone_and_points_to_its_customer() -> None:
    book = book_of(
        entry("Heron House", zone_names="Lobby"), entry("Fomerly Lotus Inn", zone_names="Pool")
    )
    former = book.records[1]
    assert (former.kind, former.refers_to) == (RecordKind.FORMER_NAME, "Heron House")
    assert former.customer.zone_names == ("Pool",)


def test_06_an_exact_duplicate_is_one_customer() -> None:
    one = entry("Heron House", zone_names="Lobby")
    assert len(book_of(one, one).customers) == 1


def test_07_a_marked_double_is_said_and_still_a_customer() -> None:
    record = book_of(entry("Heron House", notes="- double entry please check and remove")).records[
        0
    ]
    assert (record.kind, "marked-double" in said(record)) == (RecordKind.CUSTOMER, True)


def test_08_typo_twins_are_suspected_and_north_and_south_are_not() -> None:
    twins = book_of("Heron Suites Trang\n", "Heron Suits Trang\n")
    assert [(s.first, s.second) for s in twins.suspicions] == [
        ("heron-suites-trang", "heron-suits-trang")
    ]
    assert book_of("Kite Hostel North\n", "Kite Hostel South\n").suspicions == ()


def test_09_a_device_is_no_business_type() -> None:
    for device in ("Mini PC", "Low", "Desktop"):
        assert customer_of("A", business_type=device).business_type is None


def test_10_misspelt_types_are_folded_only_where_certain() -> None:
    assert customer_of("A", business_type="Restuarant").business_type == "Restaurant"
    assert customer_of("A", business_type="Restuarant / Tech").business_type == "Restuarant / Tech"
    assert customer_of("A", business_type="Tech?").business_type is None


def test_11_fewer_names_than_zones_stay_fewer() -> None:
    customer = customer_of("A", zone_count="6", zone_names="Lobby")
    assert (customer.zone_count, customer.zone_names) == (6, ("Lobby",))


def test_12_more_names_than_zones_are_kept_and_codes_are_not_shown() -> None:
    assert len(customer_of("A", zone_count="1", zone_names="Lobby, Pool, Gym").zone_names) == 3
    assert customer_of("A", zone_count="1", zone_names="RGS-0417|RGS-0418").zone_names == ()


def test_13_a_slash_separates_nothing() -> None:
    assert customer_of("A", zone_names="Pool Bar/Restaurant").zone_names == ("Pool Bar/Restaurant",)


def test_14_remarks_and_doubts_are_no_zone_names() -> None:
    customer = customer_of("A", zone_names="not signed yet, Public Areas?, Pubic Areas, ADD")
    assert customer.zone_names == ()


def test_15_a_zone_named_like_the_customer_is_not_shown() -> None:
    record = record_of("Silver Fern Cafe", zone_count="1", zone_names="Silver Fern Café")
    assert (record.customer.zone_names, record.customer.zone_count) == ((), 1)


def test_16_entities_are_read_as_their_characters() -> None:
    assert customer_of("Crab &amp; Claw").name == "Crab & Claw"
    assert customer_of("Rum & amp Rhyme").name == "Rum & Rhyme"


def test_17_soft_hyphens_and_double_spaces_are_left_out() -> None:
    customer = customer_of("Sun\u00adset  Grove")
    assert (customer.name, customer.id) == ("Sunset Grove", "sunset-grove")


def test_18_the_rarer_spelling_of_a_brand_is_said() -> None:
    book = book_of("Melia Trang\n", "Melia Krabi\n", "Meliá Hanoi\n", "Melia – Hue\n")
    assert {c.brand_group.value for c in book.customers if c.brand_group} == {"Meliá"}
    assert ["spelling-mixed" in said(r) for r in book.records] == [False, False, True, False]


def test_19_contract_dates_that_cannot_be_are_said_and_kept() -> None:
    reversed_ = record_of("A", contract_start="2025-12-01", contract_end="2025-11-30")
    assert "contract-reversed" in said(reversed_)
    assert reversed_.customer.contract_end is not None
    assert "contract-one-day" in said(
        record_of("A", contract_start="2025-01-01", contract_end="2025-01-01")
    )
    assert "contract-starts-later" in said(record_of("A", contract_start="2025-09-16"))
    assert "contract-starts-later" not in said(record_of("A", contract_start="2025-09-15"))


def test_20_odd_platforms_keep_their_names() -> None:
    platforms = ["DM(W)", "TBA", "USB", "BMS"]
    assert [customer_of("A", music_platform=p).platform for p in platforms] == platforms
    assert customer_of("A", music_platform="SYB (Multi)").platform == "Soundtrack Your Brand"


@pytest.mark.parametrize(
    "note", ["Player login: heron", "รหัสผ่าน 1234", "AnyDesk 123 456 789", "00:00:5e:00:53:01"]
)
def test_21_credentials_in_notes_are_said_without_a_word_of_them(note: str) -> None:
    record = book_of(entry("A", notes=f"- {note}")).records[0]
    [found] = [d for d in record.diagnostics if d.code == "credential-in-notes"]
    assert (found.excerpt, note in found.message) == ("", False)
    assert record.private.special_notes == (note,)


def test_22_untidy_notes_are_said() -> None:
    record = book_of(entry("A", notes="- visited 03/06/2025\n- ]")).records[0]
    assert {"note-date-not-iso", "note-stray-mark"} <= said(record)


def test_23_people_in_the_wrong_slot_are_taken_for_what_they_are() -> None:
    record = book_of(
        entry("A", contacts=contact("General Manager", "Nut (IT Manager)", email="nut@a.example"))
    ).records[0]
    assert record.customer.contacts[0].role is Role.IT


def test_24_garbled_text_and_untidy_addresses_are_read_and_said() -> None:
    mail = contact(email=" Jordi.Puig@Vista.EXAMPLE ")
    record = book_of(entry("MeliÃ¡ Vista Pattaya", contacts=mail)).records[0]
    assert {"mojibake", "email-untidy"} <= said(record)
    assert record.customer.contacts[0].addresses[0].value == "jordi.puig@vista.example"


def test_25_what_follows_the_last_customer_is_no_customer() -> None:
    text = f"{HEAD}### One\n\n#### Contacts\n- **2025-07-02**: Bar was silent\n\n---\n\n---\n"
    book = parse(
        text + "\n## Quick Reference\n\n### October\n- **One**: 2025-10-31\n- **GM**: Ann\n"
    )
    assert [c.name for c in book.customers] == ["One"]
    assert {"issue-in-contacts", "separator-doubled", "heading-outside"} <= codes(book)
