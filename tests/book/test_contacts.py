"""Contacts exist only with a valid address, in one normalised form, and are greeted rightly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.book.books import book_of, codes, contact, entry

from campaigns.book.addresses import AddressRefused, normalise
from campaigns.book.contacts import mailbox_role, read_preference, role_of
from campaigns.book.names import greeting_of, person_name
from campaigns.model.customer import Channel, Contact, Role
from campaigns.model.record import Record

LINE_ID = "U" + "0123456789abcdef" * 2


def read(*contacts: str, name: str = "Lotus House", **values: str) -> Record:
    return book_of(entry(name, contacts="\n\n".join(contacts), **values)).records[0]


def only(*contacts: str, **values: str) -> Contact:
    [found] = read(*contacts, **values).customer.contacts
    return found


def said(record: Record) -> set[str]:
    return {d.code for d in record.diagnostics}


# --- addresses ---------------------------------------------------------------------------------


def test_the_same_email_is_one_address_in_every_spelling() -> None:
    spellings = [
        "ann@lotus.example",
        " Ann@Lotus.EXAMPLE ",
        "Ann Field <ann@lotus.example>",
        "mailto:ann@lotus.example",
        "ann@lotus.example.",
    ]
    assert {normalise(Channel.EMAIL, s) for s in spellings} == {"ann@lotus.example"}


@pytest.mark.parametrize(
    "written",
    ["ann", "ann@", "@lotus.example", "ann@lotus", "a b@lotus.example", "ann@x.test", "—"],
)
def test_what_is_no_email_is_refused(written: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        normalise(Channel.EMAIL, written)
    assert refused.value.code == "email-invalid"


@pytest.mark.parametrize(
    "written", ["+66 85 664 4142", "+66856644142", "0066 85 664 4142", "+66 (0)85-664-4142"]
)
def test_the_same_number_is_one_address_in_every_spelling(written: str) -> None:
    assert normalise(Channel.WHATSAPP, written) == "+66856644142"


def test_a_national_number_needs_the_country() -> None:
    assert normalise(Channel.WHATSAPP, "085 664 4142", "TH") == "+66856644142"
    with pytest.raises(AddressRefused) as refused:
        normalise(Channel.WHATSAPP, "085 664 4142")
    assert refused.value.code == "phone-without-country"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("+66 2 000 0000", "phone-landline"),
        ("+66 12", "phone-invalid"),
        ("+999 123 456", "phone-invalid"),
        ("call me", "phone-invalid"),
        ("+66 85 664 4142 ext. 12", "phone-invalid"),
    ],
)
def test_numbers_that_cannot_be_written_to_are_refused(written: str, code: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        normalise(Channel.WHATSAPP, written, "TH")
    assert refused.value.code == code


@pytest.mark.parametrize(
    "written", ["@lotus", LINE_ID.lower(), LINE_ID[:-1], LINE_ID + "0", "C" + LINE_ID[1:]]
)
def test_only_line_user_ids_are_line_addresses(written: str) -> None:
    assert normalise(Channel.LINE, f" {LINE_ID} ") == LINE_ID
    with pytest.raises(AddressRefused):
        normalise(Channel.LINE, written)


@given(st.sampled_from(Channel), st.text(max_size=60))
def test_normalising_twice_changes_nothing_more(channel: Channel, written: str) -> None:
    try:
        once = normalise(channel, written, "TH")
    except AddressRefused:
        return
    assert normalise(channel, once) == once


# --- contacts ----------------------------------------------------------------------------------


@pytest.mark.parametrize("blank", ["", "—", "–", "-", "N/A", "TBA", "none", "?"])
def test_a_blank_is_never_an_address(blank: str) -> None:
    nothing = contact(name="Ann Field", email=blank, phone=blank, line=blank)
    record = read(nothing, zone_count="4")
    assert record.customer.contacts == ()
    assert {"contact-unreachable", "customer-unreachable"} <= said(record)
    assert not said(record) & {"email-invalid", "phone-invalid", "line-id-invalid"}


def test_a_contact_has_every_valid_address_and_says_what_was_written() -> None:
    found = only(contact(email=" Ann@Lotus.example ", phone="+66 85 664 4142", line=LINE_ID))
    assert [(a.channel, a.value) for a in found.addresses] == [
        (Channel.EMAIL, "ann@lotus.example"),
        (Channel.WHATSAPP, "+66856644142"),
        (Channel.LINE, LINE_ID),
    ]
    assert found.addresses[0].written == "Ann@Lotus.example"
    assert found.addresses[1].line == found.line + 2


def test_an_invalid_address_leaves_the_valid_ones() -> None:
    record = read(contact(email="ann(at)lotus", phone="+66 85 664 4142"))
    assert [a.channel for a in record.customer.contacts[0].addresses] == [Channel.WHATSAPP]
    assert "email-invalid" in said(record)


def test_two_addresses_on_one_line_are_two() -> None:
    found = only(contact(email="ann@lotus.example; ben@lotus.example, -, ann@lotus.example"))
    assert [a.value for a in found.addresses] == ["ann@lotus.example", "ben@lotus.example"]


def test_a_national_number_takes_the_country_of_the_customer() -> None:
    phone = contact(phone="085 664 4142")
    assert only(phone, country="Thailand").addresses[0].value == "+66856644142"
    assert only(phone, name="Lotus Hotel Pattaya").addresses[0].value == "+66856644142"
    unknown = read(phone)
    assert unknown.customer.contacts == ()
    assert "phone-without-country" in said(unknown)


def test_contact_ids_follow_the_customer_and_the_role() -> None:
    found = read(
        contact("General Manager", email="a@lotus.example"),
        contact("General Manager", email="b@lotus.example"),
        contact("Owner", email="c@lotus.example"),
    ).customer.contacts
    assert [c.id for c in found] == [
        "lotus-house.general-manager",
        "lotus-house.general-manager-2",
        "lotus-house.owner",
    ]


def test_one_address_at_two_customers_is_said() -> None:
    shared = contact(email="ann@lotus.example")
    book = book_of(entry("One", contacts=shared), entry("Two", contacts=shared))
    [found] = [d for r in book.records for d in r.diagnostics if d.code == "address-shared"]
    assert "'One'" in found.message


# --- roles -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "role"),
    [
        ("General Manager", Role.GENERAL_MANAGER),
        ("Cluster GM", Role.GENERAL_MANAGER),
        ("Purchasing Manager", Role.PURCHASING),
        ("Director of Food & Beverage", Role.FOOD_BEVERAGE),
        ("F&B Manager", Role.FOOD_BEVERAGE),
        ("Financial Controller", Role.FINANCE),
        ("IT Manager", Role.IT),
        ("Chief Engineer", Role.IT),
        ("Operations Manager", Role.OPERATIONS),
        ("Marketing Director", Role.MARKETING),
        ("Owner", Role.OWNER),
        ("ฝ่ายจัดซื้อ", Role.PURCHASING),
        ("Keeper of Bees", Role.OTHER),
    ],
)
def test_roles_are_folded_by_their_words(written: str, role: Role) -> None:
    assert role_of(written) is role


def test_an_unknown_role_is_kept_as_written_and_said() -> None:
    record = read(contact("Keeper of Bees", email="ann@lotus.example"))
    [found] = record.customer.contacts
    assert (found.role, found.role_written) == (Role.OTHER, "Keeper of Bees")
    assert "role-unknown" in said(record)


def test_a_title_in_the_name_tells_the_role_against_the_slot() -> None:
    record = read(contact("General Manager", "Somchai (IT Manager)", email="somchai@lotus.example"))
    assert record.customer.contacts[0].role is Role.IT
    assert "role-doubtful" in said(record)


def test_a_shared_mailbox_tells_the_role_and_greets_nobody() -> None:
    record = read(contact("General Manager", "Ann Field", email="it@lotus.example"))
    [found] = record.customer.contacts
    assert (found.role, found.greeting, found.name) == (Role.IT, None, "Ann Field")
    assert {"role-doubtful", "role-mailbox"} <= said(record)


def test_a_mailbox_for_everything_leaves_the_role_alone() -> None:
    found = only(contact("General Manager", "Ann Field", email="info@lotus.example"))
    assert (found.role, found.greeting) == (Role.GENERAL_MANAGER, None)


def test_a_person_with_a_phone_beside_a_shared_mailbox_is_still_greeted() -> None:
    found = only(
        contact("Purchasing", "Ann Field", email="pur@lotus.example", phone="+66 85 664 4142")
    )
    assert (found.role, found.greeting) == (Role.PURCHASING, "Ann")


def test_personal_mailboxes_are_no_shared_ones() -> None:
    assert mailbox_role("ann@lotus.example") is None
    assert mailbox_role("it@lotus.example") is Role.IT
    assert mailbox_role("hello@lotus.example") is Role.OTHER


# --- greetings ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "greeting"),
    [
        ("Rudolf Falk", "Rudolf"),
        ("Rudolf FALK", "Rudolf"),
        ("FALK Rudolf", "Rudolf"),
        ("FALK, Rudolf", "Rudolf"),
        ("Falk, Rudolf Emil", "Rudolf"),
        ("RUDOLF FALK", "Rudolf"),
        ("rudolf falk", "Rudolf"),
        ("Mr. Rudolf Falk", "Rudolf"),
        ("Dr Ann Field", "Ann"),
        ("Jit (Jittima) Suk", "Jit"),
        ("Jittima Suk (Jit)", "Jit"),
        ("Jit (Jittima Suk) Saelim", "Jit"),
        ("Khun Noi", "Khun Noi"),
        ("K. Noi", "Khun Noi"),
        ("Jean-Marc Lafleur", "Jean-Marc"),
        ("Nico van der Berg", "Nico"),
        ("Sigrún Jónsdóttir", "Sigrún"),
        ("D'Arcy Moore", "D'Arcy"),
        ("คุณสมชาย ใจดี", "คุณสมชาย"),
        ("นางสาวสมหญิง ใจงาม", "คุณสมหญิง"),
        ("สมชาย ใจดี", "คุณสมชาย"),
        ("คุณกรกนก ปัญญา (ก้อย)", "คุณก้อย"),
    ],
)
def test_people_are_greeted_by_the_name_they_go_by(name: str, greeting: str) -> None:
    assert greeting_of(name) == greeting


@pytest.mark.parametrize(
    "name",
    ["GM", "Front Office", "Purchasing Team", "Ann & Ben", "Ann and Ben", "Ann / Ben", "R. Falk", "X",
     "ann@lotus.example", "Room 12", "ฝ่ายจัดซื้อ", "(vacant)", "Ann?"],
)  # fmt: skip
def test_desks_couples_and_initials_greet_nobody(name: str) -> None:
    assert greeting_of(name) is None


@given(st.text(max_size=40))
def test_a_greeting_is_made_of_the_name_it_came_from(name: str) -> None:
    greeting = greeting_of(name)
    if greeting is not None:
        bare = greeting.removeprefix("Khun ").removeprefix("คุณ")
        assert bare.casefold() in name.casefold()


def test_names_are_shown_clean_or_not_at_all() -> None:
    assert person_name(" Ann  Field ") == "Ann Field"
    assert person_name("—") is None


# --- preferences -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "channels"),
    [
        ("WhatsApp", (Channel.WHATSAPP,)),
        ("Email", (Channel.EMAIL,)),
        ("LINE", (Channel.LINE,)),
        ("Phone (urgent), Email (non-urgent)", (Channel.EMAIL, Channel.WHATSAPP)),
        ("Email, WhatsApp", (Channel.EMAIL, Channel.WHATSAPP)),
        ("Phone", (Channel.WHATSAPP,)),
        ("WhatsApp or phone", (Channel.WHATSAPP,)),
        ("ไลน์ หรือ โทร", (Channel.LINE, Channel.WHATSAPP)),
        ("In person", ()),
        ("online form", ()),
    ],
)
def test_preferences_keep_their_order_and_a_call_comes_last(
    written: str, channels: tuple[Channel, ...]
) -> None:
    assert read_preference(written) == channels


def test_a_preference_without_its_address_is_said() -> None:
    record = read(contact(email="ann@lotus.example", preferred_contact="WhatsApp"))
    assert record.customer.contacts[0].preferred == (Channel.WHATSAPP,)
    assert "preferred-unreachable" in said(record)


# --- what is not a contact -----------------------------------------------------------------------


def test_a_dated_bullet_among_the_contacts_is_an_issue() -> None:
    lines = contact(email="ann@lotus.example") + "\n- **2025-07-02**: Bar was silent"
    record = read(lines)
    assert len(record.customer.contacts) == 1
    assert [i.text for i in record.customer.issues] == ["Bar was silent"]
    assert "issue-in-contacts" in said(record)


def test_a_value_among_the_contacts_is_still_a_value() -> None:
    record = read(contact(email="ann@lotus.example") + "\n- **Zone Count**: 4")
    assert record.customer.zone_count == 4
    assert "key-misplaced" in said(record)


def test_lines_under_no_contact_are_said() -> None:
    assert "contact-incomplete" in said(read("  - Email: ann@lotus.example"))


def test_ten_thousand_contacts_in_one_entry_are_read() -> None:
    many = "\n".join(contact(email=f"p{n}@lotus.example") for n in range(10_000))
    record = read(many)
    assert len({c.id for c in record.customer.contacts}) == 10_000
    assert "customer-unreachable" not in codes(book_of(entry("A", contacts=many)))
