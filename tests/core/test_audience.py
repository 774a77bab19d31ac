"""Who is in, who is out and why, and who is written to."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from campaigns.flow.audience import Miss, audience, choose_contacts, judge, out_words, parse_code
from campaigns.model.audience import LeftOut, Toggle
from campaigns.model.customer import (
    Address,
    Channel,
    Contact,
    Customer,
    Known,
    Role,
    Source,
)
from campaigns.model.ids import ContactId, CustomerId
from campaigns.model.money import Money
from campaigns.model.plan import Attribute, CampaignType, DateRange, Filters, Plan

OCTOBER = DateRange(date(2025, 10, 1), date(2025, 10, 31))


def known(value: str) -> Known[str]:
    return Known(value=value, source=Source.RULE, rule="test")


def contact(
    role: Role, *, email: str = "", phone: str = "", line: str = "", name: str = "Ann"
) -> Contact:
    found = [(Channel.EMAIL, email), (Channel.WHATSAPP, phone), (Channel.LINE, line)]
    return Contact(
        id=ContactId(f"{role.value}:{email}{phone}{line}"),
        role=role,
        role_written=role.value.replace("_", " ").title(),
        name=name,
        greeting=name,
        addresses=tuple(Address(channel=c, value=v, written=v, line=1) for c, v in found if v),
    )


def customer(name: str = "Hilton Pattaya", **fields: object) -> Customer:
    given: dict[str, object] = {
        "id": CustomerId(name.lower().replace(" ", "-")),
        "name": name,
        "line": 1,
        "brand_group": known("Hilton"),
        "brand": known("Hilton Hotels & Resorts"),
        "country": known("Thailand"),
        "city": known("Pattaya"),
        "region": known("Asia Pacific"),
        "zone_count": 4,
        "contract_end": date(2025, 10, 31),
    }
    return Customer(**(given | fields))  # type: ignore[arg-type]


def plan(kind: CampaignType = CampaignType.RENEWAL, **fields: object) -> Plan:
    return Plan(type=kind, **fields)  # type: ignore[arg-type]


def misses(c: Customer, p: Plan) -> list[str]:
    return [m.code for m in judge(c, p, {(Attribute.CITY, "Bangkok"): frozenset({"Thailand"})})]


def test_a_brand_word_takes_the_group_and_every_flag_of_it() -> None:
    doubletree = customer(brand=known("DoubleTree by Hilton"))
    assert misses(doubletree, plan(filters=Filters(brand=("Hilton",)))) == []
    assert misses(doubletree, plan(filters=Filters(brand=("DoubleTree by Hilton",)))) == []
    assert misses(doubletree, plan(filters=Filters(brand=("Conrad",)))) == ["brand"]


def test_a_blank_contract_end_never_matches_and_is_named_as_blank() -> None:
    p = plan(filters=Filters(contract_end=(OCTOBER,)))
    assert misses(customer(contract_end=None), p) == ["contract_end?"]
    assert out_words(Miss(Attribute.CONTRACT_END, blank=True), p) == "no Contract End recorded"


def test_both_ends_of_a_date_range_are_included() -> None:
    p = plan(filters=Filters(contract_end=(OCTOBER,)))
    for day, inside in (("2025-09-30", 0), ("2025-10-01", 1), ("2025-10-31", 1), ("2025-11-01", 0)):
        assert (misses(customer(contract_end=date.fromisoformat(day)), p) == []) == bool(inside)


def test_an_excluded_value_is_out_and_an_unknown_one_that_could_be_it_too() -> None:
    p = plan(everyone=True, exclude=Filters(city=("Bangkok",)))
    assert misses(customer(city=known("Bangkok")), p) == ["-city"]
    assert misses(customer(city=None), p) == ["-city?"]
    assert misses(customer(city=None, country=known("Japan")), p) == []
    assert misses(customer(city=known("Pattaya")), p) == []


def test_a_house_without_a_brand_is_not_taken_for_the_excluded_brand() -> None:
    p = plan(everyone=True, exclude=Filters(brand=("Hilton",)))
    assert misses(customer(brand_group=None, brand=None), p) == []
    assert misses(customer(), p) == ["-brand"]


def test_a_code_reads_back() -> None:
    for miss in (
        Miss(Attribute.BRAND),
        Miss(Attribute.CITY, excluded=True, blank=True),
        Miss(Attribute.CONTRACT_END, blank=True),
    ):
        assert parse_code(miss.code) == miss


def test_a_renewal_is_asked_of_the_manager_and_purchasing_with_the_reason() -> None:
    c = customer(
        contacts=(
            contact(Role.GENERAL_MANAGER, email="gm@a.example"),
            contact(Role.PURCHASING, email="pur@a.example"),
            contact(Role.IT, email="it@a.example"),
        )
    )
    chosen = choose_contacts(c, plan(), {})
    assert [(x.contact.role, x.chosen) for x in chosen] == [
        (Role.GENERAL_MANAGER, True),
        (Role.PURCHASING, True),
        (Role.IT, False),
    ]
    assert chosen[0].why == "General Manager: asked for a renewal"


def test_when_nobody_usual_has_an_address_one_stand_in_is_chosen_and_said_so() -> None:
    c = customer(
        contacts=(contact(Role.IT, email="it@a.example"), contact(Role.OTHER, email="x@a.example"))
    )
    chosen = choose_contacts(c, plan(), {})
    assert [x.chosen for x in chosen] == [True, False]
    assert "nobody usually asked" in chosen[0].why


def test_a_contact_gets_one_message_on_its_best_channel_unless_channels_are_asked_for() -> None:
    gm = contact(Role.GENERAL_MANAGER, email="gm@a.example", phone="+66800000001")
    c = customer(contacts=(gm,))
    assert choose_contacts(c, plan(), {})[0].channels == (Channel.WHATSAPP,)
    both = plan(channels=(Channel.EMAIL, Channel.WHATSAPP))
    assert set(choose_contacts(c, both, {})[0].channels) == {Channel.EMAIL, Channel.WHATSAPP}
    only = plan(channels=(Channel.LINE,))
    assert choose_contacts(c, only, {})[0].channels == ()


def test_a_blocked_address_falls_to_the_next_channel_and_says_why() -> None:
    gm = contact(Role.GENERAL_MANAGER, email="gm@a.example", phone="+66800000001")
    blocked = {(Channel.WHATSAPP, "+66800000001"): "opted out"}
    [chosen] = choose_contacts(customer(contacts=(gm,)), plan(), blocked)
    assert chosen.channels == (Channel.EMAIL,)
    assert chosen.blocked == ((Channel.WHATSAPP, "opted out"),)


def test_two_contacts_with_one_address_are_written_to_once() -> None:
    c = customer(
        contacts=(
            contact(Role.GENERAL_MANAGER, email="office@a.example"),
            contact(Role.PURCHASING, email="office@a.example"),
        )
    )
    assert [x.channels for x in choose_contacts(c, plan(), {})] == [(Channel.EMAIL,), ()]


def test_a_person_may_leave_out_a_contact_or_a_whole_customer() -> None:
    gm = contact(Role.GENERAL_MANAGER, email="gm@a.example")
    c = customer(contacts=(gm,))
    off = Toggle(customer_id=c.id, contact_id=gm.id, include=False)
    assert choose_contacts(c, plan(), {}, [off])[0].chosen is False
    out = Toggle(customer_id=c.id, include=False)
    result = audience([c], plan(), {}, [out], [LeftOut("brand is not Hilton", 2)], [])
    assert result.customers == 0
    assert result.excluded[-1] == LeftOut("left out by hand", 1)


@given(st.lists(st.sampled_from(["", "left out by hand", "already proposed", "on leave"])))
def test_whatever_leaves_customers_out_included_and_excluded_are_all(whys: list[str]) -> None:
    everybody = [customer(f"Hotel {n}") for n in range(len(whys))]
    toggles = [
        Toggle(customer_id=c.id, include=False, why=why)
        for c, why in zip(everybody, whys, strict=True)
        if why
    ]
    result = audience(everybody, plan(), {}, toggles, [LeftOut("brand is not Hilton", 3)], [])
    counted = {x.reason: x.customers for x in result.excluded}
    assert counted.pop("brand is not Hilton") == 3
    assert counted == Counter(why for why in whys if why)
    assert result.customers + sum(counted.values()) == len(everybody)


def test_a_toggle_never_opens_a_blocked_address() -> None:
    gm = contact(Role.GENERAL_MANAGER, email="gm@a.example")
    c = customer(contacts=(gm,))
    on = Toggle(customer_id=c.id, contact_id=gm.id, include=True)
    [chosen] = choose_contacts(c, plan(), {(Channel.EMAIL, "gm@a.example"): "opted out"}, [on])
    assert chosen.channels == ()


def test_totals_count_zones_value_reach_and_who_cannot_be_reached() -> None:
    price = Money(Decimal(12000), "THB")
    a = customer("A", price_per_zone=price, contacts=(contact(Role.OWNER, email="o@a.example"),))
    b = customer("B", zone_count=None, price_per_zone=price, brand_group=None)
    result = audience([a, b], plan(), {}, [], [], [])
    assert (result.customers, result.zones) == (2, 4)
    assert result.value == {"THB": Decimal(48000)}
    assert result.reachable[Channel.EMAIL] == 1
    assert result.unreachable == 1
    assert result.unreachable_why == (LeftOut("no contact with an address", 1),)
    assert result.by_brand == {"Hilton": 1, "unknown": 1}


def reserves(
    c: Customer, p: Plan, **more: Mapping[tuple[Channel, str], str]
) -> list[tuple[Channel, ...]]:
    return [one.reserves for one in choose_contacts(c, p, more.get("blocked", {}))]


def test_the_next_open_channels_are_in_reserve_in_order() -> None:
    gm = contact(Role.GENERAL_MANAGER, email="gm@h.example", phone="+66990000001", line="U1")
    house = customer(contacts=(gm,))
    (chosen,) = choose_contacts(house, plan(), {})
    (first,) = chosen.channels
    assert {first, *chosen.reserves} == set(Channel)
    second, third = chosen.reserves
    address = gm.address(second)
    assert address is not None
    (others,) = reserves(house, plan(), blocked={(second, address.value): "opted out"})
    assert others == (third,)


def test_channels_asked_for_and_contacts_not_chosen_have_nothing_in_reserve() -> None:
    gm = contact(Role.GENERAL_MANAGER, email="gm@h.example", phone="+66990000001")
    it = contact(Role.IT, email="it@h.example", phone="+66990000002")
    house = customer(contacts=(gm, it))
    assert reserves(house, plan(channels=(Channel.EMAIL,))) == [(), ()]
    assert [bool(r) for r in reserves(house, plan())] == [True, False]


def test_no_reserve_goes_where_somebody_else_there_is_written_to() -> None:
    gm = contact(Role.GENERAL_MANAGER, email="gm@h.example", phone="+66990000001")
    owner = contact(Role.OWNER, phone="+66990000001")
    gm_first = replace(gm, preferred=(Channel.EMAIL,))
    assert reserves(customer(contacts=(gm_first, owner)), plan()) == [(), ()]
