"""Contacts, merges and tidying: what is written is read back, and nothing else moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.book.books import HEAD, contact, entry

from campaigns.book import parse
from campaigns.book.document import Document
from campaigns.book.edits.layout import Place
from campaigns.book.edits.merge import Merge, merged
from campaigns.book.edits.people import Person, put_contact
from campaigns.book.edits.splice import applied, taken_back
from campaigns.book.edits.tidy import tidied
from campaigns.book.edits.values import set_values
from campaigns.book.edits.whole import differing
from campaigns.book.summary import everything_said
from campaigns.model.change import Hunk
from campaigns.model.customer import Role
from campaigns.model.errors import BookChanged, EditRefused
from campaigns.model.record import Record

FORM = "- **General Manager**: —\n  - Email: —\n  - Phone: —\n\n- **Purchasing**: —\n  - Email: —\n"


def text_of(*entries: str) -> str:
    return HEAD + "\n---\n\n".join(f"### {e}" for e in entries) + "\n---\n"


def place(text: str, at: int = 0) -> Place:
    record = parse(text).records[at]
    return Place(name=record.customer.name, first=record.first_line, last=record.last_line)


def after(text: str, hunks: tuple[Hunk, ...]) -> str:
    return str(applied(Document.of(text), hunks))


def put(text: str, person: Person) -> str:
    return after(text, put_contact(Document.of(text), place(text), person))


def first(text: str) -> Record:
    return parse(text).records[0]


# --- contacts ----------------------------------------------------------------------------------


def test_an_empty_slot_of_the_role_is_filled() -> None:
    text = text_of(entry("Heron House", contacts=FORM), entry("Ember Bar"))
    ann = Person(role="General Manager", name="Ann Field", lines={"email": "ann@heron.example"})
    new = put(text, ann)
    assert new == text.replace("- **General Manager**: —\n  - Email: —", "- **General Manager**: Ann Field\n  - Email: ann@heron.example")  # fmt: skip
    [found] = first(new).customer.contacts
    assert (found.role, found.name) == (Role.GENERAL_MANAGER, "Ann Field")


def test_a_second_person_of_a_role_gets_a_slot_of_their_own() -> None:
    text = text_of(entry("Heron House", contacts=contact(email="ann@heron.example")))
    new = put(text, Person(role="General Manager", name="Bo", lines={"email": "bo@heron.example"}))
    assert [c.name for c in first(new).customer.contacts] == ["Ann Field", "Bo"]
    assert "- **General Manager**: Bo\n  - Email: bo@heron.example\n" in new


def test_the_section_is_made_where_there_is_none() -> None:
    text = text_of(entry("Heron House", notes="- the pool is new"))
    new = put(text, Person(role="IT", lines={"email": "it@heron.example"}))
    assert "#### Contacts\n- **IT**: —\n  - Email: it@heron.example\n" in new
    assert new.index("#### Contacts") < new.index("#### Special Notes")
    assert first(new).private.special_notes == ("the pool is new",)


def test_a_line_that_is_missing_is_added_below_the_person() -> None:
    text = text_of(entry("Heron House", contacts=contact(email="ann@heron.example")))
    new = put(text, Person(role="general manager", lines={"phone": "+66 81 234 5678"}))
    assert "  - Email: ann@heron.example\n  - Phone: +66 81 234 5678\n" in new
    [found] = first(new).customer.contacts
    assert [a.value for a in found.addresses] == ["ann@heron.example", "+66812345678"]


def test_whoever_takes_a_place_does_not_take_the_addresses_of_the_one_before() -> None:
    mail = contact(email="ann@heron.example", phone="+66 81 234 5678")
    text = text_of(entry("Heron House", contacts=mail))
    bo = Person(
        role="General Manager", name="Bo", lines={"email": "bo@heron.example"}, replaces="Ann Field"
    )
    [found] = first(put(text, bo)).customer.contacts
    assert (found.name, [a.value for a in found.addresses]) == ("Bo", ["bo@heron.example"])


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        (Person(role="GM", lines={"email": "ann(at)heron"}), "not an e-mail|e-mail"),
        (Person(role="GM", lines={"phone": "12"}), "number"),
        (Person(role="GM", lines={"line": "@heron"}), "LINE"),
        (Person(role="GM", lines={"pager": "1"}), "has no 'pager'"),
        (Person(role="—", lines={}), "needs a role"),
        (Person(role="GM**", lines={}), "needs a role"),
        (Person(role="GM", name="Ann\n### Evil"), "one line"),
        (Person(role="General Manager", replaces="Nobody"), "no General Manager called Nobody"),
    ],
)
def test_what_would_not_be_read_back_is_refused(person: Person, reason: str) -> None:
    text = text_of(entry("Heron House", contacts=contact(email="ann@heron.example")))
    with pytest.raises(EditRefused, match=reason):
        put(text, person)


def test_two_people_of_a_role_must_be_told_apart() -> None:
    both = contact(email="a@b.example") + "\n\n" + contact(name="Bo Hill", email="b@b.example")
    text = text_of(entry("Heron House", contacts=both))
    with pytest.raises(EditRefused, match="2 contacts with the role General Manager: give a name"):
        put(text, Person(role="General Manager", lines={"email": "c@b.example"}))
    new = put(text, Person(role="General Manager", name="bo hill", lines={"email": "c@b.example"}))
    assert "b@b.example" not in new


# --- merging -----------------------------------------------------------------------------------


def merge(text: str, into: int = 0, other: int = 1) -> tuple[str, Merge]:
    done = merged(Document.of(text), place(text, into), place(text, other))
    return after(text, done.hunks), done


def test_blanks_are_filled_and_what_it_alone_has_is_added() -> None:
    one = entry("Heron Suites", zone_count="2", zone_names="Lobby", contacts=FORM)
    two = entry(
        "Heron Suits", zone_names="Pool, lobby", contract_end="2025-10-31",
        contacts=contact(email="ann@heron.example"), notes="- call before noon",
    )  # fmt: skip
    new, done = merge(text_of(one, two, entry("Ember Bar")))
    assert done.conflicts == ()
    book = parse(new)
    assert [r.customer.name for r in book.records] == ["Heron Suites", "Ember Bar"]
    kept = book.records[0]
    assert kept.customer.zone_names == ("Lobby", "Pool")
    assert str(kept.customer.contract_end) == "2025-10-31"
    assert [c.name for c in kept.customer.contacts] == ["Ann Field"]
    assert "call before noon" in kept.private.special_notes
    assert "Merged with the entry 'Heron Suits'" in kept.private.special_notes


def test_a_contradiction_is_shown_and_both_values_stay_in_the_book() -> None:
    new, done = merge(text_of(entry("A", zone_count="2"), entry("A", zone_count="3")))
    assert [(c.field, c.kept, c.noted) for c in done.conflicts] == [("Zone Count", "2", "3")]
    [kept] = parse(new).records
    assert kept.customer.zone_count == 2
    assert "Merged: Zone Count was also '3'" in kept.private.special_notes


def test_issues_take_the_place_of_none_recorded() -> None:
    one = entry("A", zone_count="2") + "\n#### Issue History\n- No recorded issues yet.\n"
    two = entry("A", zone_count="2") + "\n#### Issue History\n- **2024-12-15**: Bar was silent\n"
    new, _ = merge(text_of(one, two))
    assert "No recorded issues" not in new
    assert [i.text for i in parse(new).customers[0].issues] == ["Bar was silent"]


def test_the_later_entry_can_be_the_one_that_stays() -> None:
    new, _ = merge(text_of(entry("A", zone_names="Pool"), entry("B", zone_names="Bar")), 1, 0)
    [kept] = parse(new).customers
    assert (kept.name, kept.zone_names) == ("B", ("Bar", "Pool"))


def test_an_entry_cannot_be_merged_into_itself() -> None:
    with pytest.raises(EditRefused, match="into itself"):
        merge(text_of(entry("A")), 0, 0)


LINE = st.sampled_from(
    [
        "- **Zone Count**: 3", "- **Zone Names**: Pool", "- **Wine List**: long", "the pool is new",
        "#### Contacts", "- **General Manager**: Ann", "  - Email: ann@a.example", "  - Pager: 12",
        "- **IT**: —", "  - Email: —", "#### Menu", "- soup", "#### Special Notes", "- a note",
        "#### Issue History", "- **2024-12-15**: silent", "- No recorded issues yet.", "", "---",
        "- **City**: Leeds",
    ]
)  # fmt: skip
BODY = st.lists(LINE, max_size=12).map("\n".join)
QUIET = ("", "—", "No recorded issues yet.")


def words_of(text: str) -> list[str]:
    return [w for w in text.replace("*", " ").replace("#", " ").split() if w not in "-—:"]


@given(BODY, BODY)
def test_merging_loses_no_word_of_either(one: str, two: str) -> None:
    text = text_of(f"Heron\n{one}\n", f"Lotus\n{two}\n")
    new, _ = merge(text)
    for line in two.splitlines():
        said = line.strip().lstrip("-# *")
        if said and not line.endswith(("—", "yet.")) and not line.startswith("####"):
            value = said.rpartition(":")[2].strip() or said
            assert value in new, (line, new)
    for line in one.splitlines():
        if line.strip() and "No recorded issues" not in line:
            assert line.split(":")[0] in new


# --- tidying -----------------------------------------------------------------------------------


def tidy(text: str) -> str:
    return after(text, tidied(Document.of(text), everything_said(parse(text))))


def test_spaces_entities_and_doubled_separators_are_put_right() -> None:
    text = f"{HEAD}### Crab &amp; Claw  \n- **City**: Leeds\t\n\n---\n\n---\n\n### B\n"
    new = f"{HEAD}### Crab & Claw\n- **City**: Leeds\n\n---\n\n\n### B\n"
    assert tidy(text) == new
    assert not {"trailing-space", "entity", "separator-doubled"} & {
        d.code for d in everything_said(parse(new))
    }


def test_an_entity_that_is_no_printable_character_stays() -> None:
    text = f"{HEAD}### Crab&#10;Claw\n"
    assert tidy(text) == text


@given(st.lists(st.one_of(LINE, LINE.map(lambda s: s + "  "), st.just("- **City**: A &amp; B")), max_size=14), st.sampled_from(["\n", "\r\n"]))  # fmt: skip
def test_tidying_changes_nothing_that_is_read_and_twice_is_once(
    lines: list[str], ending: str
) -> None:
    text = text_of("Heron\n" + "\n".join(lines) + "\n").replace("\n", ending)
    once = tidy(text)
    assert tidy(once) == once
    assert [c.name for c in parse(once).customers] == [c.name for c in parse(text).customers]


# --- and back ----------------------------------------------------------------------------------


@given(BODY, BODY, BODY)
def test_every_change_can_be_taken_back_to_the_byte(one: str, two: str, three: str) -> None:
    text = text_of(f"Heron\n{one}\n", f"Lotus\n{two}\n", f"Ember\n{three}").rstrip("-\n")
    document = Document.of(text)
    for hunks in (
        merged(document, place(text), place(text, 2)).hunks,
        set_values(document, place(text, 2), {"hardware": "X1", "is_customer": "yes"}),
    ):
        new = applied(document, hunks)
        back = taken_back(new, hunks, is_after=True)
        assert str(applied(new, back)) == text


def test_a_change_is_taken_back_although_other_lines_moved() -> None:
    text = text_of(entry("Heron", zone_count="2"), entry("Lotus", zone_count="3"))
    hunks = set_values(Document.of(text), place(text, 1), {"city": "Leeds"})
    moved = after(text, hunks).replace("### Heron", "### New\n\n### Heron")
    back = taken_back(Document.of(moved), hunks, is_after=False)
    assert after(moved, back) == text.replace("### Heron", "### New\n\n### Heron")


def test_a_change_whose_lines_were_changed_since_is_not_taken_back() -> None:
    text = text_of(entry("Heron", zone_count="2"))
    hunks = set_values(Document.of(text), place(text), {"city": "Leeds"})
    other = after(text, hunks).replace("Leeds", "York")
    with pytest.raises(BookChanged, match="were changed since"):
        taken_back(Document.of(other), hunks, is_after=False)


def test_a_change_that_would_make_one_line_end_of_two_is_refused() -> None:
    document = Document.of(f"{HEAD}### Heron House\r\u2028\n- **Zone Count**: 4\n")
    with pytest.raises(EditRefused, match="ends its lines in two ways"):
        tidied(document, everything_said(parse(str(document))))


# --- a whole new book --------------------------------------------------------------------------


@given(st.lists(LINE, max_size=8), st.lists(LINE, max_size=8), st.booleans(), st.booleans())
def test_a_whole_new_book_is_put_in_place_and_taken_back_to_the_byte(
    one: list[str], two: list[str], ends: bool, swapped: bool
) -> None:
    blocks = [f"### Heron\n{chr(10).join(one)}\n", "### Lotus\n\n", f"### Ada\r\n{''.join(two)}"]
    old = HEAD + "".join(blocks)
    new = HEAD + "".join(reversed(blocks[1:] if swapped else blocks)) + ("\n" if ends else "")
    was = Document.of(old)
    hunks = differing(was, Document.of(new))
    now = applied(was, hunks)
    assert str(now) == new
    assert str(applied(now, taken_back(now, hunks, is_after=True))) == old


def test_entries_that_stay_are_in_no_hunk_of_a_new_book() -> None:
    old = text_of("Heron\n", "Lotus\n", "Ada\n")
    new = text_of("Heron\n", "Lotus Inn\n", "Ada\n", "Ben\n")
    hunks = differing(Document.of(old), Document.of(new))
    changed = "".join(line for h in hunks for line in (*h.before, *h.after))
    assert "Lotus Inn" in changed
    assert "Ben" in changed
    assert "Heron" not in changed
