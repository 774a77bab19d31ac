"""An import shows everything first, matches exactly, and overwrites nothing unasked."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.book.books import HEAD, contact, entry
from typer.testing import CliRunner

from campaigns import settings
from campaigns.book.importing.columns import guess
from campaigns.book.importing.compare import Fate
from campaigns.book.importing.sources import read_table
from campaigns.bootstrap import Services, opened
from campaigns.cli import app
from campaigns.model.access import SYSTEM
from campaigns.model.errors import EditRefused, NotFound
from campaigns.model.ids import CustomerId
from campaigns.orchestrator.importing import Choices, Report

TEXT = (
    HEAD
    + "\n---\n\n".join(
        f"### {e}"
        for e in (
            entry("Heron House", zone_count="2", contract_end="2025-10-31"),
            entry("Lotus Inn", zone_count="4", contacts=contact(email="ann@lotus.example")),
            entry("Twin House", zone_count="1"),
            entry("Twin House", zone_count="2"),
        )
    )
    + "\n---\n\n## Quick Reference\n\nnothing\n"
)
CONTACTS = "Customer,Name,Title,E-mail,Mobile\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    book = tmp_path / "book.md"
    book.write_text(TEXT, encoding="utf-8", newline="")
    return book


@pytest.fixture
def house(path: Path) -> Iterator[Services]:
    chosen = settings.read(campaigns_book=path, campaigns_data=path.parent / "data")
    with opened(chosen) as services:
        yield services


def look(house: Services, text: str, **choices: bool) -> Report:
    table = house.imports.table(text.encode(), "in.csv", {})
    return house.imports.look(table, Choices(**choices))


def write(house: Services, text: str, **choices: bool) -> Report:
    table = house.imports.table(text.encode(), "in.csv", {})
    return house.imports.apply(table, Choices(**choices), SYSTEM)


def fates(report: Report) -> list[tuple[str, str, str]]:
    return [(i.customer, i.field, i.fate.value) for i in report.items]


@pytest.mark.parametrize(
    ("header", "mapping"),
    [
        ("Customer,Name,Title,E-mail", {"Customer": "name", "Name": "person", "Title": "role", "E-mail": "email"}),
        ("Name;City;Contract End", {"Name": "name", "City": "city", "Contract End": "contract_end"}),
        ("โรงแรม\tผู้ติดต่อ\tอีเมล", {"โรงแรม": "name", "ผู้ติดต่อ": "person", "อีเมล": "email"}),
        ("Hotel|First Name|Last Name|Mobile Phone", {"Hotel": "name", "First Name": "first", "Last Name": "last", "Mobile Phone": "phone"}),
        ("Hotel,Shoe size", {"Hotel": "name"}),
    ],
)  # fmt: skip
def test_columns_are_guessed_from_their_headings(header: str, mapping: dict[str, str]) -> None:
    separator = next(s for s in ",;\t|" if s in header)
    assert guess(header.split(separator)) == mapping
    assert read_table(f"{header}\n".encode(), "in.csv", {}).mapping == mapping


def test_a_dry_run_says_what_would_change_and_writes_nothing(house: Services, path: Path) -> None:
    report = look(house, "Hotel,City,Zone Count,Contract End\nHERON  house,Leeds,3,31/10/2025\n")
    assert fates(report) == [
        ("Heron House", "City", "filled"), ("Heron House", "Zone Count", "conflict")
    ]  # fmt: skip
    assert report.same == 1
    assert report.change is None
    assert path.read_text("utf-8") == TEXT


def test_what_contradicts_stays_unless_somebody_says_otherwise(house: Services, path: Path) -> None:
    table = "Hotel,City,Zone Count\nHeron House,Leeds,3\n"
    write(house, table)
    assert "- **Zone Count**: 2\n- **Contract End**: 2025-10-31\n- **City**: Leeds\n" in path.read_text("utf-8")  # fmt: skip
    assert write(house, table, theirs=True).of(Fate.OVERWRITTEN)
    assert house.customers.get(CustomerId("heron-house"))[0].zone_count == 3
    house.editing.undo(SYSTEM)
    house.editing.undo(SYSTEM)
    assert path.read_text("utf-8") == TEXT


def test_contacts_are_added_filled_and_known_again(house: Services) -> None:
    table = CONTACTS + (
        "Heron House,Bo Hill,IT Manager,bo@heron.example,\n"
        "Lotus Inn,Ann Field,General Manager,ann@lotus.example,+66 81 234 5678\n"
    )
    report = write(house, table)
    assert fates(report) == [
        ("Heron House", "IT Manager", "added"),
        ("Lotus Inn", "General Manager: phone", "filled"),
    ]
    [bo] = house.customers.get(CustomerId("heron-house"))[0].contacts
    assert (bo.name, bo.role.value) == ("Bo Hill", "it")
    [ann] = house.customers.get(CustomerId("lotus-inn"))[0].contacts
    assert len(ann.addresses) == 2
    again = write(house, table)
    assert (again.items, again.hunks, again.same) == ([], (), 2)


def test_the_source_of_a_value_is_kept(house: Services) -> None:
    write(house, "Hotel,City\nHeron House,Leeds\n")
    [origin] = house.imports.origins(CustomerId("heron-house"))
    assert (origin.field, origin.value, origin.source) == ("City", "Leeds", "in.csv, row 2")


def test_near_and_double_names_are_left_to_a_person(house: Services, path: Path) -> None:
    report = write(house, "Hotel,City\nHeron Hause,Leeds\nTwin House,Leeds\n,Leeds\n", create=True)
    assert [(n.name, n.candidates[:1]) for n in report.near] == [
        ("Heron Hause", ("Heron House",)),
        ("Twin House", ("Twin House (line 22)",)),
        ("(no customer named)", ()),
    ]
    assert path.read_text("utf-8") == TEXT


def test_who_a_near_name_is_can_be_decided_by_a_person(house: Services, path: Path) -> None:
    table = "Hotel,City\nHeron Hause,Leeds\nTwin House,York\nLotus In,Bath\n"
    near = house.imports.look(house.imports.table(table.encode(), "in.csv", {}), Choices()).near
    assert [len(n.ids) for n in near] == [1, 2, 1]
    heron, twin = near[0].ids[0], near[1].ids[1]
    matches = {"heron HAUSE": heron, "Twin House": twin, "Lotus In": None}
    report = write(house, table, matches=matches)
    assert fates(report) == [
        ("Heron House", "City", "filled"),
        ("Twin House", "City", "filled"),
        ("Lotus In", "entry", "added"),
    ]
    assert (report.near, report.unmatched) == ([], [])
    for customer_id, city in ((heron, "Leeds"), (twin, "York")):
        [origin] = house.imports.origins(customer_id)
        assert origin.value == city
    with pytest.raises(NotFound, match="no customer gone for 'Heron Hause'"):
        write(house, table, matches={"Heron Hause": CustomerId("gone")})


def packed(**files: str) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as made:
        for name, text in files.items():
            made.writestr(name.replace("__", "/").replace("_md", ".md"), text)
    return raw.getvalue()


def test_files_are_taken_one_by_one_or_packed(house: Services) -> None:
    entries = {"in__a_md": "### Ember Bar\n", "in__b_md": "### Heron House\n- **City**: Leeds\n"}
    zipped = house.imports.files([("in.zip", packed(**entries))], {})
    loose = house.imports.files(
        [("b.md", entries["in__b_md"].encode()), ("a.md", entries["in__a_md"].encode())], {}
    )
    assert zipped == loose
    assert [row.name for row in zipped.rows] == ["Ember Bar", "Heron House"]
    table = house.imports.files([("in.csv", b"Hotel,City\nHeron House,Leeds\n")], {})
    assert table.mapping == {"Hotel": "name", "City": "city"}


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ([("in.zip", b"no zip")], "in.zip cannot be unpacked"),
        ([("in.zip", packed())], "no file to read"),
        ([("a.md", b"### A\n"), ("b.csv", b"Hotel\n")], "one CSV table, or Markdown files"),
    ],
)
def test_files_that_cannot_be_read_together_are_refused(
    house: Services, files: list[tuple[str, bytes]], reason: str
) -> None:
    with pytest.raises(EditRefused, match=reason):
        house.imports.files(files, {})


def test_an_unknown_customer_is_added_only_when_asked(house: Services, path: Path) -> None:
    table = (
        CONTACTS + "Ember Bar,Cy Low,Owner,cy@ember.example,\nEmber Bar,Di,IT,di@ember.example,\n"
    )
    assert [u.name for u in look(house, table).unmatched] == ["Ember Bar", "Ember Bar"]
    report = write(house, table, create=True)
    assert report.created == ["Ember Bar"]
    found = house.customers.get(CustomerId("ember-bar"))[0]
    assert [c.name for c in found.contacts] == ["Cy Low", "Di"]
    text = path.read_text("utf-8")
    assert text.index("### Ember Bar") < text.index("## Quick Reference")
    assert "---\n\n### Ember Bar\n" in text


def test_a_value_that_would_not_be_read_back_is_refused_alone(house: Services) -> None:
    table = "Hotel,City,Contract Start,Email\nHeron House,Leeds,soon,ann(at)heron\n"
    report = write(house, table)
    assert [(i.field, i.fate) for i in report.items] == [
        ("City", Fate.FILLED), ("Contract Start", Fate.REFUSED), ("Contact", Fate.REFUSED)
    ]  # fmt: skip
    assert all(i.why for i in report.of(Fate.REFUSED))
    assert house.customers.get(CustomerId("heron-house"))[0].city is not None


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "first line must hold"),
        (b"City\nLeeds\n", "No column names the customer"),
        (b"Hotel\nCaf\xe9\n", r"line 2: bytes that are not UTF-8"),
        (b"Hotel,Hotel\nA,B\n", "Two columns are called 'Hotel'"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_by_line(raw: bytes, reason: str) -> None:
    with pytest.raises(EditRefused, match=reason):
        read_table(raw, "in.csv", {})


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"Inn": "name"}, "no column 'Inn'"),
        ({"Hotel": "shoe"}, "no field 'shoe'"),
        ({"Hotel": "-"}, "No column names the customer"),
        ({"Hotel": "city", "Town": "city"}, "Two columns are given as 'city'"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(said: dict[str, str], reason: str) -> None:
    with pytest.raises(EditRefused, match=reason):
        read_table(b"Hotel,Town\nA,B\n", "in.csv", said)


def test_a_mapping_is_kept_for_the_next_file(house: Services) -> None:
    table = house.imports.table(b"Place,Ort\nHeron House,Leeds\n", "a.csv", {"Place": "name", "Ort": "city"})  # fmt: skip
    house.imports.profiles.save("crm", table.columns)
    again = house.imports.table(b"Place,Ort\nHeron House,Leeds\n", "b.csv", {}, "crm")
    assert again.rows[0].values == {"city": "Leeds"}
    with pytest.raises(NotFound, match="no import profile 'other'"):
        house.imports.profiles.get("other")
    with pytest.raises(EditRefused, match="no name for a profile"):
        house.imports.profiles.get("../secret")
    assert house.imports.profiles.all() == {"crm": {"Place": "name", "Ort": "city"}}
    house.imports.profiles.remove("crm")
    assert house.imports.profiles.all() == {}


def test_a_column_that_was_left_out_stays_out_in_the_next_file(house: Services) -> None:
    given = b"Hotel,City,Wine List\nHeron House,Leeds,long\n"
    table = house.imports.table(given, "a.csv", {"City": "-"})
    house.imports.profiles.save("crm", table.columns)
    assert house.imports.profiles.get("crm") == {"Hotel": "name", "City": "-", "Wine List": "-"}
    again = house.imports.table(b"Hotel,City\nHeron House,Leeds\n", "b.csv", {}, "crm")
    assert (again.mapping, again.unmapped) == ({"Hotel": "name"}, ("City",))
    # A column that the profile takes must be there; one said to be left out must exist.
    with pytest.raises(EditRefused, match="no column 'Hotel'"):
        house.imports.table(b"Name,City\nHeron House,Leeds\n", "c.csv", {}, "crm")
    with pytest.raises(EditRefused, match="no column 'Town'"):
        house.imports.table(given, "d.csv", {"Town": "-"}, "crm")


def test_a_folder_of_entries_is_taken_over_whole_where_they_are_new(
    house: Services, path: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    new = "### Ember Bar\n- **Zone Count**: 3\n- **Wine List**: long\n\n#### Special Notes\n- call first\n\n---\n"
    (folder / "a.md").write_text(new)
    (folder / "b.md").write_text("# Heron House\n- **City**: Leeds\n\n#### Special Notes\n- tall\n")
    table = house.imports.read(folder, {})
    report = house.imports.apply(table, Choices(create=True), SYSTEM)
    assert fates(report) == [
        ("Heron House", "City", "filled"),
        ("Heron House", "1 special notes", "left_out"),
        ("Ember Bar", "entry", "added"),
    ]
    assert new.rstrip("-\n ") in path.read_text("utf-8")
    (folder / "c.md").write_text("no entry\n")
    with pytest.raises(EditRefused, match=r"c\.md: 0 entries"):
        house.imports.read(folder, {})


def test_the_command_shows_first_and_writes_when_told(path: Path, tmp_path: Path) -> None:
    table = tmp_path / "in.csv"
    table.write_text("Hotel,City\nHeron House,Leeds\nHeron Hause,York\nNobody,Bath\n")
    where = ["--book", str(path), "--data", str(tmp_path / "data")]
    shown = CliRunner().invoke(app, ["book", "import", str(table), *where])
    assert shown.exit_code == 0
    for said in ("filled: Heron House, City: 'Leeds'", "perhaps Heron House", "--create adds it", "Nothing was written"):  # fmt: skip
        assert said in shown.output
    assert path.read_text("utf-8") == TEXT
    done = CliRunner().invoke(app, ["book", "import", str(table), "--apply", "--json", *where])
    assert json.loads(done.output)["change"]["action"] == "book.imported"
    assert "Leeds" in path.read_text("utf-8")
    assert (
        CliRunner().invoke(app, ["book", "import", str(table), "--map", "x", *where]).exit_code == 2
    )


def test_near_names_profiles_and_origins_are_at_hand_on_the_terminal(
    path: Path, tmp_path: Path
) -> None:
    table = tmp_path / "in.csv"
    table.write_text("Hotel,City\nHeron Hause,York\nLotus In,Bath\n")

    def run(*arguments: str) -> str:
        where = ["--book", str(path), "--data", str(tmp_path / "data")]
        done = CliRunner().invoke(app, ["book", *arguments, *where])
        assert done.exit_code == 0, done.output
        return done.output

    decided = ["--is", "Heron Hause=Heron House", "--new", "Lotus In"]
    run("import", str(table), *decided, "--save-profile", "crm", "--apply")
    assert "### Lotus In" in path.read_text("utf-8")
    assert "City: 'York' from in.csv, row 2" in run("origins", "Heron House")
    [origin] = json.loads(run("origins", "Heron House", "--json"))["origins"]
    assert (origin["field"], origin["value"], origin["source"]) == ("City", "York", "in.csv, row 2")
    assert "Nothing of this customer" in run("origins", "Lotus Inn")
    assert "crm: Hotel = name, City = city" in run("profiles")
    run("profiles", "--remove", "crm")
    assert json.loads(run("profiles", "--json")) == {}


CELL = st.text(alphabet='ab",;\t\n|ก-', max_size=6)


@given(st.lists(st.lists(CELL, min_size=1, max_size=4), max_size=5))
def test_any_table_is_read_or_refused(cells: list[list[str]]) -> None:
    text = "Hotel,City\n" + "\n".join(",".join(line) for line in cells)
    try:
        table = read_table(text.encode(), "in.csv", {})
    except EditRefused:
        return
    assert all(row.source.startswith("in.csv, row ") for row in table.rows)
