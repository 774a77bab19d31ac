"""Contacts: slots that hold at least one valid address, with role, greeting and preference."""

import re
from collections.abc import Iterator
from functools import cache

from campaigns.book.addresses import AddressRefused, normalise
from campaigns.book.entry import Entry, Line, Slot
from campaigns.book.keys import contact_key
from campaigns.book.lists import rows, split
from campaigns.book.names import greeting_of, person_name
from campaigns.book.words import is_blank
from campaigns.model.customer import Address, Channel, Contact, Role
from campaigns.model.fold import fold, words
from campaigns.model.ids import ContactId

_SEVERAL = re.compile(r"[;,\n]|\s/\s|\s\|\s|\s(?:or|and|หรือ|และ)\s")
_CHANNELS = {"email": Channel.EMAIL, "phone": Channel.WHATSAPP, "whatsapp": Channel.WHATSAPP}
_CHANNELS["line"] = Channel.LINE
# Words of "Preferred Contact". A call is nothing this product makes, so "phone" means WhatsApp
# to that number, after every channel of writing that is named beside it.
_PREFERRED = re.compile(
    r"(?P<whatsapp>whats ?app|\bwa\b|วอทส์แอพ)|(?P<line>\bline\b|ไลน์)"
    r"|(?P<email>e-?mail|\bmail\b|อีเมล)|(?P<phone>phone|mobile|call|\btel\b|โทร)"
)


_MANY = 40  # contacts that one customer may have before somebody should look


@cache
def _role_words() -> tuple[tuple[tuple[str, ...], Role], ...]:
    table = [
        (words(word), Role(row["role"]))
        for row in rows("roles.csv")
        for word in split(row["words"])
    ]
    return tuple(sorted(table, key=lambda item: -len(item[0])))


@cache
def _mailboxes() -> dict[str, Role]:
    return {box: Role(row["role"]) for row in rows("roles.csv") for box in split(row["mailboxes"])}


@cache
def role_of(written: str) -> Role:
    """Return the role a slot's name means; OTHER when the lists do not know it."""
    named = words(written)
    for phrase, role in _role_words():
        if any(named[i : i + len(phrase)] == phrase for i in range(len(named))):
            return role
    folded = fold(written)
    thai = (
        role for phrase, role in _role_words() if not phrase[0].isascii() and phrase[0] in folded
    )
    return next(thai, Role.OTHER)


def mailbox_role(email: str) -> Role | None:
    """Return the role behind a shared mailbox ("it@…" is IT, "info@…" OTHER); None for a person's."""
    return _mailboxes().get(email.partition("@")[0])


def read_contacts(entry: Entry, customer_id: str, region: str | None) -> Iterator[Contact]:
    """Yield the contacts of an entry that can be reached; the rest is said in its diagnostics.

    `region` is the ISO 3166 code of the customer's country where known, for telephone numbers
    written without a country code.
    """
    used: dict[str, int] = {}
    if len(entry.slots) > _MANY:
        entry.say("contacts-many", entry.slots[_MANY].number, entry.name, count=len(entry.slots))
    for slot in entry.slots:
        addresses = tuple(_addresses(entry, slot, region))
        if not addresses:
            if not is_blank(slot.name) and not any(_has_address(slot)):
                entry.say("contact-unreachable", slot.number, slot.role, name=slot.name)
            continue
        role = _role(entry, slot, addresses)
        name = person_name(slot.name)
        slug = "-".join(words(slot.role)) or "contact"
        used[slug] = used.get(slug, 0) + 1
        suffix = f"-{used[slug]}" if used[slug] > 1 else ""
        yield Contact(
            id=ContactId(f"{customer_id}.{slug[:40]}{suffix}"),
            role=role,
            role_written=slot.role,
            name=name,
            greeting=_greeting(entry, slot, name, addresses),
            addresses=addresses,
            preferred=_preferred(entry, slot, addresses),
            line=slot.number,
        )


def contact_notes(entry: Entry) -> tuple[str, ...]:
    """Return the notes beside contacts; they are private like Special Notes."""
    return tuple(
        line.value
        for slot in entry.slots
        for line in slot.lines
        if contact_key(line.key) == "notes"
    )


def _has_address(slot: Slot) -> Iterator[bool]:
    return (True for line in slot.lines if contact_key(line.key) in _CHANNELS)


def _addresses(entry: Entry, slot: Slot, region: str | None) -> Iterator[Address]:
    seen: set[tuple[Channel, str]] = set()
    for line in slot.lines:
        channel = _CHANNELS.get(contact_key(line.key) or "")
        if channel is None:
            continue
        for part in _SEVERAL.split(line.value):
            address = _address(entry, line, part.strip(), channel, region)
            if address and (channel, address.value) not in seen:
                seen.add((channel, address.value))
                yield address


def _address(
    entry: Entry, line: Line, written: str, channel: Channel, region: str | None
) -> Address | None:
    if is_blank(written):
        return None
    try:
        value = normalise(channel, written, region)
    except AddressRefused as refused:
        entry.say(refused.code, line.number, line.value, reason=str(refused))
        return None
    if channel is Channel.EMAIL and value != written:
        entry.say("email-untidy", line.number, line.value, value=value)
    return Address(channel=channel, value=value, written=written, line=line.number)


def _role(entry: Entry, slot: Slot, addresses: tuple[Address, ...]) -> Role:
    written = role_of(slot.role)
    if written is Role.OTHER and not set(words(slot.role)) & {"other", "contact"}:
        entry.say("role-unknown", slot.number, slot.role, role=slot.role)
    emails = [a for a in addresses if a.channel is Channel.EMAIL]
    evidence = _other_role(slot, emails, written)
    if evidence is None:
        return written
    taken, why = evidence
    entry.say(
        "role-doubtful", slot.number, slot.role, role=slot.role, evidence=why, taken=taken.value
    )
    return taken


def _other_role(slot: Slot, emails: list[Address], written: Role) -> tuple[Role, str] | None:
    """Return the role that the name or the only mailbox shows against the slot's, and the sign."""
    titled = re.search(r"\(([^()]*)\)", slot.name)
    if titled and (role := role_of(titled[1])) not in {written, Role.OTHER}:
        return role, f"the name says '{titled[1]}'"
    boxes = {mailbox_role(a.value) for a in emails}
    box = boxes.pop() if len(boxes) == 1 else None
    if box is not None and box not in {written, Role.OTHER}:
        return box, f"the mailbox is {emails[0].value.partition('@')[0]}@"
    return None


def _greeting(
    entry: Entry, slot: Slot, name: str | None, addresses: tuple[Address, ...]
) -> str | None:
    """Return the greeting of who really receives: nobody's name where only shared mailboxes are."""
    shared = [a for a in addresses if a.channel is Channel.EMAIL and mailbox_role(a.value)]
    for address in shared:
        entry.say("role-mailbox", address.line, address.written)
    if shared and len(shared) == len(addresses):
        return None
    greeting = greeting_of(name)
    if name is not None and greeting is None:
        entry.say("name-unreadable", slot.number, name)
    return greeting


def _preferred(entry: Entry, slot: Slot, addresses: tuple[Address, ...]) -> tuple[Channel, ...]:
    line = next((i for i in slot.lines if contact_key(i.key) == "preferred"), None)
    if line is None:
        return ()
    channels = read_preference(line.value)
    if not channels:
        entry.say("preferred-unknown", line.number, line.value)
    reachable = {a.channel for a in addresses}
    for channel in channels[:1]:
        if channel not in reachable:
            entry.say(
                "preferred-unreachable", line.number, line.value, channel=channel.value.capitalize()
            )
    return channels


def read_preference(written: str) -> tuple[Channel, ...]:
    """Return the channels of a preference in its order, a telephone call last as WhatsApp.

    "Phone (urgent), Email (non-urgent)" gives e-mail, then WhatsApp.
    """
    found = [m.lastgroup or "" for m in _PREFERRED.finditer(fold(written))]
    order = [kind for kind in found if kind != "phone"] + [
        kind for kind in found if kind == "phone"
    ]
    return tuple(dict.fromkeys(_CHANNELS[kind] for kind in order))
