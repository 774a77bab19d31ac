"""Every diagnostic can happen, is documented, and tells no secret."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.book.books import HEAD, book_of, codes, contact, entry

from campaigns.book import parse
from campaigns.book.diagnose import clipped
from campaigns.book.diagnose import codes as known_codes
from campaigns.model.record import Severity

PAGE = Path(__file__).parents[2] / "docs" / "book.md"
ANN = contact(email="ann@lotus.example")

# For each code a book that shows it, as whole text or as entries.
SHOWN: dict[str, str | tuple[str, ...]] = {
    "book-empty": "",
    "byte-order-mark": "\ufeff" + HEAD,
    "line-endings-mixed": HEAD + "### A\r\n### B\n",
    "foreign-encoding": HEAD + "### Caf\udce9\n",
    "line-too-long": ("A\n- **Zone Names**: " + "x" * 5_000 + "\n",),
    "control-character": ("A\x00B\n",),
    "trailing-space": ("A\n- **City**: Leeds  \n",),
    "separator-doubled": ("A\n\n---\n\n---\n",),
    "heading-outside": HEAD + "## Summary Statistics\n\n### October\n- **A**: 3\n",
    "entry-outside": HEAD + "## To do\n\n### B\n- **Business Type**: Hotel\n",
    "line-unread": ("A\nthe pool is new\n",),
    "name-missing": ("?\n",),
    "name-odd-start": ("(The) Deck\n",),
    "place-heading": ("Vietnam\n",),
    "group-heading": ("Centara\n",),
    "heading-with-contact": (entry("Vietnam", contacts=ANN),),
    "status-note": ("cancelled??\n",),
    "not-a-customer": (entry("A", is_customer="no"),),
    "key-account-unreadable": (entry("A", key_account="perhaps"),),
    "is-customer-unreadable": (entry("A", is_customer="perhaps"),),
    "former-name": ("Formerly Lotus House\n",),
    "duplicate-entry": ("A\n", "A\n"),
    "marked-double": (entry("Heron", notes="- Double entry, please check and remove"),),
    "suspected-duplicate": ("Heron Suites Trang\n", "Heron Suits Trang\n"),
    "name-repeated": (entry("A", zone_count="1"), entry("A", zone_count="2")),
    "entry-blank": ("A\n",),
    "key-unknown": (entry("A", favourite_colour="blue"),),
    "key-repeated": ("A\n- **City**: Leeds\n- **City**: York\n",),
    "key-misplaced": (entry("A", contacts=ANN + "\n- **City**: Leeds"),),
    "section-unknown": ("A\n#### Menu\n- soup\n",),
    "entity": ("Crab &amp; Claw\n",),
    "invisible-character": ("Sun\u00adset\n",),
    "double-space": ("Crab  Claw\n",),
    "mojibake": ("MeliÃ Trang\n",),
    "spelling-mixed": ("Melia Trang\n", "Melia Krabi\n", "Meliá Hanoi\n"),
    "business-type-device": (entry("A", business_type="Mini PC"),),
    "business-type-folded": (entry("A", business_type="Restuarant"),),
    "business-type-questioned": (entry("A", business_type="Tech?"),),
    "business-type-unknown": (entry("A", business_type="Lighthouse"),),
    "platform-folded": (entry("A", music_platform="SYB (Multi)"),),
    "platform-unmapped": (entry("A", music_platform="DM(W)"),),
    "zone-count-unreadable": (entry("A", zone_count="many"),),
    "zone-names-missing": (entry("A", zone_count="6", zone_names="Lobby"),),
    "zone-names-exceed": (entry("A", zone_count="1", zone_names="Lobby, Pool"),),
    "zone-placeholder": (entry("A", zone_names="not signed yet"),),
    "zone-questioned": (entry("A", zone_names="Public Areas?"),),
    "zone-misspelt": (entry("A", zone_names="Pubic Areas"),),
    "zone-is-customer": (entry("Silver Fern", zone_names="Silver Fern"),),
    "zone-code": (entry("A", zone_names="RGS-0417|RGS-0418"),),
    "zone-slash": (entry("A", zone_names="Pool Bar/Restaurant"),),
    "zone-repeated": (entry("A", zone_names="Pool, pool"),),
    "date-not-iso": (entry("A", contract_end="31/10/2025"),),
    "date-ambiguous": (entry("A", contract_end="03/04/2025"),),
    "date-unreadable": (entry("A", contract_end="soon"),),
    "contract-reversed": (entry("A", contract_start="2025-12-01", contract_end="2025-11-30"),),
    "contract-one-day": (entry("A", contract_start="2025-12-01", contract_end="2025-12-01"),),
    "contract-starts-later": (entry("A", contract_start="2025-12-01"),),
    "contract-end-missing": (entry("A", zone_count="1"),),
    "price-unreadable": (entry("A", annual_price_per_zone="12k", currency="THB"),),
    "price-without-currency": (entry("A", annual_price_per_zone="12,000"),),
    "currency-unknown": (entry("A", currency="gold"),),
    "currency-mismatch": (entry("A", annual_price_per_zone="THB 12,000", currency="USD"),),
    "setting-unreadable": (entry("A", timezone="Bangkok time"),),
    "customer-unreachable": (entry("A", zone_count="1"),),
    "contact-unreachable": (entry("A", contacts=contact(email="—")),),
    "contacts-many": (entry("A", contacts="\n".join(contact(f"Role {n}") for n in range(41))),),
    "contact-incomplete": (entry("A", contacts="  - Email: ann@lotus.example"),),
    "role-unknown": (entry("A", contacts=contact("Keeper of Bees", email="ann@lotus.example")),),
    "role-doubtful": (entry("A", contacts=contact("General Manager", email="it@lotus.example")),),
    "role-mailbox": (entry("A", contacts=contact(email="info@lotus.example")),),
    "name-unreadable": (entry("A", contacts=contact(name="Ann & Ben", email="a@lotus.example")),),
    "email-invalid": (entry("A", contacts=contact(email="ann(at)lotus")),),
    "email-untidy": (entry("A", contacts=contact(email="Ann@Lotus.example")),),
    "phone-invalid": (entry("A", contacts=contact(phone="+66 12")),),
    "phone-without-country": (entry("A", contacts=contact(phone="085 664 4142")),),
    "phone-landline": (entry("A", contacts=contact(phone="+66 2 000 0000")),),
    "line-id-invalid": (entry("A", contacts=contact(line="@lotus")),),
    "address-shared": (entry("A", contacts=ANN), entry("B", contacts=ANN)),
    "preferred-unknown": (entry("A", contacts=ANN + "\n  - Preferred Contact: in person"),),
    "preferred-unreachable": (entry("A", contacts=ANN + "\n  - Preferred Contact: LINE"),),
    "issue-in-contacts": (entry("A", contacts=ANN + "\n- **2025-07-02**: Bar was silent"),),
    "credential-in-notes": (entry("A", notes="- Player password: hunter2"),),
    "note-date-not-iso": (entry("A", notes="- visited 03/06/2025"),),
    "note-stray-mark": (entry("A", notes="- ]"),),
    "brand-ambiguous": ("Novotel Marriott Hanoi\n",),
    "place-ambiguous": ("Hilton Cambridge\n",),
}


@pytest.mark.parametrize("code", list(known_codes()))
def test_every_code_can_happen(code: str) -> None:
    shown = SHOWN[code]
    book = parse(shown) if isinstance(shown, str) else book_of(*shown)
    assert code in codes(book)


def test_no_code_is_shown_that_does_not_exist() -> None:
    assert set(SHOWN) == set(known_codes())


def test_a_clean_customer_has_no_diagnostics() -> None:
    clean = entry(
        "Heron House",
        business_type="Hotel",
        zone_count="2",
        zone_names="Lobby, Pool",
        music_platform="SYB",
        annual_price_per_zone="THB 12,000",
        currency="THB",
        contract_start="2025-01-01",
        contract_end="2025-12-31",
        contacts=ANN,
        notes="- —",
    )
    assert codes(book_of(clean)) == set()


def test_the_page_and_the_codes_are_equal() -> None:
    documented = re.findall(
        r"^\| `([a-z-]+)` \| (error|warning|info) \|", PAGE.read_text("utf-8"), re.MULTILINE
    )
    assert dict(documented) == {code: said[0].value for code, said in known_codes().items()}
    assert [code for code, _ in documented] == list(known_codes())


def test_errors_and_warnings_say_what_to_do() -> None:
    for code, (severity, message, suggestion) in known_codes().items():
        assert message.endswith((".", ":", "}")), code
        assert suggestion or severity is Severity.INFO or code == "heading-outside", code


def test_diagnostics_stand_in_the_order_of_lines() -> None:
    record = book_of(entry("A  b", zone_count="many", contract_end="soon", contacts=ANN)).records[0]
    lines = [d.line for d in record.diagnostics]
    assert lines == sorted(lines)


@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=6, max_size=40))
def test_nothing_private_is_ever_in_a_diagnostic(secret: str) -> None:
    secret = "S3cret" + secret.replace("\r", " ").replace("\n", " ") + "  &amp; 03/04/2025"
    book = parse(
        f"{HEAD}### Heron House\n"
        f"- **Soundtrack Account ID**: {secret}\n"
        f"- **Soundtrack Account ID**: {secret}\n"
        f"- **Hardware Type**: {secret}\n\n"
        f"#### Contacts\n{ANN}\n  - Notes: {secret}\n\n"
        f"#### Special Notes\n- password {secret}\n- {secret}\n"
    )
    record = book.records[0]
    for said in (*book.diagnostics, *record.diagnostics):
        assert "S3cret" not in said.excerpt + said.message + said.suggestion
    assert "S3cret" not in repr(record.customer)
    assert "S3cret" in repr(record.private)


@given(st.text(max_size=400))
def test_excerpts_are_short_and_printable(text: str) -> None:
    assert len(clipped(text)) <= 120
    assert clipped(text).isprintable()
