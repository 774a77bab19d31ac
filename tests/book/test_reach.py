"""The funnel counts every customer once, and says what keeps an address from being used."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.book.books import HEAD, contact, entry

from campaigns import settings
from campaigns.book.reach import LATER, NO_BRAND, NO_END, PAST, reach
from campaigns.bootstrap import Services, opened
from campaigns.model.access import SYSTEM
from campaigns.model.consent import Consent, Suppression, SuppressionReason
from campaigns.model.customer import Address, Channel
from campaigns.model.ids import CustomerId
from campaigns.model.record import Glance
from campaigns.orchestrator.importing import Choices

TODAY = date(2025, 9, 15)
GLANCES = st.lists(
    st.builds(
        Glance,
        id=st.just(CustomerId("a")),
        name=st.just("A"),
        line=st.just(1),
        brand_group=st.sampled_from([None, "Hilton", "Accor"]),
        contract_end=st.one_of(st.none(), st.dates(date(2024, 1, 1), date(2028, 1, 1))),
        people=st.integers(0, 2),
        addresses=st.lists(
            st.builds(
                Address,
                channel=st.sampled_from(Channel),
                value=st.sampled_from("abc"),
                written=st.just(""),
                line=st.just(1),
            ),
            max_size=2,
        ).map(tuple),
    ),
    max_size=12,
)


@given(GLANCES, st.integers(1, 40))
def test_brands_and_months_each_add_up_to_all(customers: list[Glance], months: int) -> None:
    blocked = {(Channel.EMAIL, "a"): "opted out", (Channel.LINE, "b"): "not verified"}
    found = reach(customers, blocked, TODAY, months)
    assert found.total.customers == len(customers)
    for steps in (found.brands, found.months):
        for name in ("customers", "named", "addressed", "reachable"):
            assert sum(getattr(s, name) for s in steps) == getattr(found.total, name)
    for s in (found.total, *found.brands, *found.months):
        assert s.customers >= s.named >= s.addressed >= s.reachable


def glance(end: date | None) -> Glance:
    return Glance(id=CustomerId("a"), name="A", line=1, contract_end=end)


def test_months_stand_in_their_order_between_past_and_later() -> None:
    ends = [None, date(2027, 1, 1), date(2025, 10, 31), date(2025, 9, 15), date(2025, 9, 14)]
    found = reach([glance(end) for end in ends], {}, TODAY, months=2)
    assert [s.key for s in found.months] == [PAST, "2025-09", "2025-10", LATER, NO_END]
    assert [s.key for s in found.brands] == [NO_BRAND]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Services]:
    book = tmp_path / "book.md"
    mail = contact(email="Ann@lotus.example", line="U" + "0" * 32)
    book.write_text(f"{HEAD}### {entry('Lotus Inn', contacts=mail)}", encoding="utf-8")
    chosen = settings.read(
        campaigns_book=book, campaigns_data=tmp_path / "data", campaigns_today="2025-09-15"
    )
    with opened(chosen) as services:
        yield services


def opt_out(house: Services) -> Suppression:
    row = Suppression(
        channel=Channel.EMAIL,
        address="ann@lotus.example",
        reason=SuppressionReason.OPT_OUT,
        source="reply",
        evidence="please stop",
        at=datetime(2025, 9, 1, tzinfo=UTC),
    )
    with house.store.begin() as tx:
        tx.consents.suppress(row)
    return row


def test_an_opt_out_survives_a_rename_and_every_rereading(house: Services) -> None:
    row = opt_out(house)
    path = house.book.path
    path.write_text(path.read_text("utf-8").replace("Lotus Inn", "Lotus Palace"), "utf-8")
    customer, [mail, line] = house.reaching.of(CustomerId("lotus-inn"))
    assert customer.name == "Lotus Palace"
    assert (mail.allowed, mail.why, mail.source, mail.text, mail.at) == (
        False, "opted out", "reply", "please stop", row.at
    )  # fmt: skip
    assert (line.allowed, line.why) == (False, "LINE id not verified: no follow seen yet")
    found = house.reaching.funnel()
    assert (found.total.addressed, found.total.reachable) == (1, 0)
    assert sum(found.blocked.values()) == 2


def test_an_opt_out_goes_with_its_person_to_a_new_address(house: Services) -> None:
    opt_out(house)
    path = house.book.path
    path.write_text(path.read_text("utf-8").replace("Ann@lotus", "ann.field@lotus"), "utf-8")
    house.book.refresh()
    _, [mail, line] = house.reaching.of(CustomerId("lotus-inn"))
    assert (mail.address, mail.allowed, mail.why) == ("ann.field@lotus.example", False, "opted out")
    assert mail.text == (
        "please stop (said as ann@lotus.example; the book has another address since)"
    )
    assert line.why != "opted out"
    trail, _ = house.access.audit("", "", 100)
    [told] = [e for e in trail if e.action == "address.suppressed"]
    assert told.subject == "email:ann.field@lotus.example"
    assert told.detail == {"reason": "opt_out", "source": "reply"}


def test_whoever_takes_over_from_a_person_who_opted_out_has_refused_nothing(
    house: Services,
) -> None:
    opt_out(house)
    text = house.book.path.read_text("utf-8").replace("Ann@lotus", "bob@lotus")
    house.book.path.write_text(text.replace("Ann Field", "Bob Moor"), "utf-8")
    house.book.refresh()
    _, [mail, _] = house.reaching.of(CustomerId("lotus-inn"))
    assert (mail.address, mail.allowed) == ("bob@lotus.example", True)


def test_an_opt_out_survives_the_merge_of_two_entries(house: Services) -> None:
    opt_out(house)
    path = house.book.path
    path.write_text(f"{path.read_text('utf-8')}\n---\n\n### {entry('Lotus Innn')}", "utf-8")
    house.book.refresh()
    into, other = CustomerId("lotus-innn"), CustomerId("lotus-inn")
    house.editing.merge(into, other, SYSTEM, contradicting=True)
    _, [mail, _] = house.reaching.of(CustomerId("lotus-innn"))
    assert (mail.address, mail.why) == ("ann@lotus.example", "opted out")


def test_consent_keeps_its_evidence_through_a_new_book_an_import_and_a_rename(
    house: Services,
) -> None:
    at = datetime(2025, 9, 1, tzinfo=UTC)
    row = Consent(
        channel=Channel.LINE, address="U" + "0" * 32, source="follow", evidence="e_17", at=at
    )
    with house.store.begin() as tx:
        tx.consents.consent(row)
    text = house.book.path.read_text("utf-8").replace("Lotus Inn", "Lotus Palace")
    found = house.bookkeeping.compare(text.encode())
    house.bookkeeping.apply(found.token, found.based_on, SYSTEM)
    table = house.imports.table(b"Hotel,City\nLotus Palace,Leeds\n", "crm.csv", {})
    house.imports.apply(table, Choices(), SYSTEM)
    customer, [_, line] = house.reaching.of(CustomerId("lotus-inn"))
    assert (customer.name, customer.city and customer.city.value) == ("Lotus Palace", "Leeds")
    assert (line.allowed, line.source, line.text, line.at) == (True, "follow", "e_17", at)


def test_the_book_line_is_the_evidence_of_an_address_nothing_else_is_known_of(
    house: Services,
) -> None:
    _, [mail, _] = house.reaching.of(CustomerId("lotus-inn"))
    assert (mail.allowed, mail.text) == (True, "Ann@lotus.example")
    assert mail.source.startswith("customer book, line ")
