"""A house's own rows stand over the built-in lists, and every value explains itself."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.book.books import HEAD, book_of, contact, customer_of, entry, record_of
from typer.testing import CliRunner

from campaigns.book import reader, vocabulary
from campaigns.book.explain import explain
from campaigns.book.lists import OWN, use
from campaigns.cli import app
from campaigns.model.errors import SettingInvalid

BRANDS = "group,flag,default,doubt,words\n"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    made = tmp_path / "data" / "lists"
    made.mkdir(parents=True)
    yield made
    use(None)


def test_a_row_of_its_own_is_added(folder: Path) -> None:
    assert customer_of("Kingfisher Lodge Trang").brand_group is None
    before = reader()
    (folder / "brands.csv").write_text(f"{BRANDS}Kingfisher,Kingfisher Lodge,,,Kingfisher Lodge\n")
    use(folder)
    found = customer_of("Kingfisher Lodge Trang")
    assert found.brand_group is not None
    assert found.brand_group.value == "Kingfisher"
    assert reader() != before
    use(None)
    assert customer_of("Kingfisher Lodge Trang").brand_group is None


def test_a_row_of_a_known_key_takes_its_place(folder: Path) -> None:
    (folder / "roles.csv").write_text("role,words,mailboxes\nit,keeper of bees,\n")
    use(folder)
    mail = contact("Keeper of Bees", email="ann@lotus.example")
    [found] = customer_of_contacts(mail)
    assert found == "it"
    [found] = customer_of_contacts(contact("IT Manager", email="ann@lotus.example"))
    assert found == "other"


def customer_of_contacts(contacts: str) -> list[str]:
    return [c.role.value for c in book_of(entry("A", contacts=contacts)).customers[0].contacts]


def test_own_words_are_added_to_a_word_list(folder: Path) -> None:
    (folder / "words.toml").write_text('zone_misspelt = ["lobyy"]\n')
    use(folder)
    assert customer_of("A", zone_names="Lobyy, Loby, Pool").zone_names == ("Pool",)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("brand.csv", BRANDS, "there is no list of this name. There are: brands.csv"),
        ("brands.csv", "group,words\nA,a\n", "first line must be group,flag,default,doubt,words"),
        ("brands.csv", f"{BRANDS}A,a\n", "cannot be read"),
        ("words.toml", "zone_misspelt = [", "cannot be read"),
        ("words.toml", 'zones = ["a"]\n', "there is no list 'zones'"),
    ],
)
def test_a_file_that_is_no_list_is_refused_by_name(
    folder: Path, name: str, text: str, reason: str
) -> None:
    (folder / name).write_text(text)
    with pytest.raises(SettingInvalid, match=reason) as refused:
        use(folder)
    assert name in str(refused.value)


def test_every_value_says_why_and_how_to_change_it() -> None:
    told = {e.field: e for e in explain(record_of("Hilton Pattaya", city="Pattaya"))}
    assert told["city"].why.startswith("line ")
    assert "brands.csv" in told["brand_group"].why
    assert told["brand_group"].confidence is not None
    assert told["business_type"].value is None
    assert "usual in Thailand is THB" in told["currency"].why
    assert all(e.why and e.change for e in told.values())


def test_what_is_unknown_says_why() -> None:
    told = {e.field: e for e in explain(record_of("Hilton Cambridge"))}
    assert told["country"].value is None
    assert "more than one country" in told["country"].why


def test_explain_reads_the_lists_of_the_data_folder(folder: Path, tmp_path: Path) -> None:
    (folder / "brands.csv").write_text(f"{BRANDS}Kingfisher,Kingfisher Lodge,,,Kingfisher Lodge\n")
    book = tmp_path / "book.md"
    book.write_text(f"{HEAD}### {entry('Kingfisher Lodge Trang')}", encoding="utf-8")
    where = ["--book", str(book), "--data", str(folder.parent)]
    command = ["book", "explain", "Kingfisher Lodge Trang", *where]
    done = CliRunner().invoke(app, [*command, "--json"])
    told = {e["field"]: e["value"] for e in json.loads(done.output)}
    assert told["brand_group"] == "Kingfisher"
    assert "Kingfisher" in CliRunner().invoke(app, command).output


def documented() -> dict[str, str]:
    """Return the examples of docs/book.md by the name of their file."""
    docs = Path(__file__).parents[2] / "docs" / "book.md"
    block = docs.read_text("utf-8").partition("```\n# data/lists/")[2].partition("```")[0]
    examples = (file.partition("\n") for file in block.split("# data/lists/"))
    return {name: text for name, _, text in examples}


def use_documented(folder: Path) -> None:
    for name, text in documented().items():
        (folder / name).write_text(text, encoding="utf-8")
    use(folder)


def test_each_list_a_house_may_have_rows_of_has_an_example() -> None:
    assert documented().keys() == OWN


def test_the_documented_rows_do_what_is_said_of_them(folder: Path) -> None:
    use_documented(folder)
    mail = contact("Keeper of the Sound", email="ann@lotus.example")
    given = {"business_type": "Retreat", "platform": "QR", "zone_names": "Lobyy, Pool"}
    found = customer_of("Kingfisher Lodge Ban Rai", contacts=mail, zone_count="2", **given)
    places = (found.brand_group, found.brand, found.city, found.country)
    assert [known.value for known in places if known] == [
        "Kingfisher",
        "Kingfisher Lodge",
        "Ban Rai",
        "Thailand",
    ]
    assert (found.business_type, found.platform) == ("Wellness Retreat", "Quiet Radio")
    assert (found.zone_names, found.contacts[0].role.value) == (("Pool",), "it")
    use(None)
    before = customer_of("Kingfisher Lodge Ban Rai", contacts=mail, zone_count="2", **given)
    assert before.brand_group is None
    assert (before.business_type, before.platform) != ("Wellness Retreat", "Quiet Radio")


def lan_xang() -> tuple[object, ...]:
    book = book_of(
        entry("Sala Lan Xang", language="Phasa Lao", annual_price_per_zone="900,000 kip"),
        entry("Hilton Pier Suites", contacts=contact(name="Soundboard", email="a@lotus.example")),
    )
    sala, pier = book.customers
    words = {word for term in vocabulary(book).terms for word in term.words}
    return (
        sala.country.value if sala.country else None,
        sala.language.value if sala.language else None,
        sala.price_per_zone.currency if sala.price_per_zone else None,
        "lanxangese" in {word.lower() for word in words},
        pier.brand_group.value if pier.brand_group else None,
        pier.contacts[0].greeting,
    )


def test_the_documented_rows_of_countries_and_words_do_too(folder: Path) -> None:
    use_documented(folder)
    assert lan_xang() == ("Laos", "lo", "LAK", True, None, None)
    use(None)
    assert lan_xang() == (None, None, None, False, "Hilton", "Soundboard")
