"""Which contacts of a customer are written to, over which channel, and why."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from campaigns.model.audience import ChosenContact, Toggle
from campaigns.model.customer import Channel, Contact, Customer, Role
from campaigns.model.plan import CampaignType, Plan

_LEADS = (Role.GENERAL_MANAGER, Role.OWNER)
CHOICE: Mapping[CampaignType, tuple[Role, ...]] = {
    CampaignType.RENEWAL: (*_LEADS, Role.PURCHASING, Role.FINANCE),
    CampaignType.SEASONAL: (*_LEADS, Role.FOOD_BEVERAGE, Role.MARKETING),
    CampaignType.ANNOUNCEMENT: _LEADS,
    CampaignType.FOLLOW_UP: (Role.OPERATIONS, Role.FOOD_BEVERAGE, Role.IT),
    CampaignType.SURVEY: (Role.OPERATIONS, Role.FOOD_BEVERAGE, Role.IT),
}
# Who is asked when nobody in the roles above has an address.
FALLBACK = (
    *_LEADS,
    Role.OPERATIONS,
    Role.FOOD_BEVERAGE,
    Role.PURCHASING,
    Role.FINANCE,
    Role.MARKETING,
    Role.IT,
    Role.OTHER,
)

Blocked = Mapping[tuple[Channel, str], str]


def choose_contacts(
    customer: Customer,
    plan: Plan,
    blocked: Blocked,
    toggles: Sequence[Toggle] = (),
) -> tuple[ChosenContact, ...]:
    """Choose who at a customer is written to, on which channels, and say why.

    `blocked` maps an address to why it may not be written to. A toggle by a person overrules
    the choice of a contact, never a block.
    """
    wanted = CHOICE[plan.type or CampaignType.ANNOUNCEMENT]
    chosen_by_role = {c.id for c in customer.contacts if c.role in wanted}
    stand_in = _stand_in(customer.contacts) if not chosen_by_role else None
    by_person = {
        t.contact_id: t.include
        for t in toggles
        if t.customer_id == customer.id and t.contact_id is not None
    }
    taken: set[tuple[Channel, str]] = set()
    result: list[ChosenContact] = []
    for contact in customer.contacts:
        chosen, why = _choice(contact, chosen_by_role, stand_in, plan.type)
        if contact.id in by_person:
            chosen, why = (
                by_person[contact.id],
                "chosen by hand" if by_person[contact.id] else "left out by hand",
            )
        channels, stops = _channels(contact, plan.channels, blocked, taken)
        if chosen:
            taken |= {(ch, a.value) for ch in channels if (a := contact.address(ch))}
        result.append(
            ChosenContact(contact=contact, chosen=chosen, why=why, channels=channels, blocked=stops)
        )
    return tuple(_with_reserves(result, plan.channels, blocked, taken))


def _with_reserves(
    found: Sequence[ChosenContact],
    asked: Sequence[Channel],
    blocked: Blocked,
    taken: set[tuple[Channel, str]],
) -> Iterator[ChosenContact]:
    """Give each chosen contact the next channels, whose addresses nobody here is written to at.

    Channels asked for by name are meant, and no other stands in for them.
    """
    for one in found:
        if asked or not one.chosen or not one.channels:
            yield one
            continue
        next_ones = ((ch, one.contact.address(ch)) for ch in _order(one.contact))
        free = [
            (ch, address.value)
            for ch, address in next_ones
            if address is not None
            and (ch, address.value) not in taken
            and (ch, address.value) not in blocked
        ]
        taken.update(free)
        yield replace(one, reserves=tuple(ch for ch, _ in free))


def _stand_in(contacts: Sequence[Contact]) -> Contact | None:
    return min(contacts, key=lambda c: FALLBACK.index(c.role), default=None)


def _choice(
    contact: Contact,
    by_role: Collection[str],
    stand_in: Contact | None,
    kind: CampaignType | None,
) -> tuple[bool, str]:
    purpose = (kind or CampaignType.ANNOUNCEMENT).value.replace("_", "-")
    if contact.id in by_role:
        return True, f"{contact.role_written}: asked for a {purpose}"
    if stand_in is not None and contact.id == stand_in.id:
        return True, f"{contact.role_written}: nobody usually asked for a {purpose} has an address"
    return False, f"{contact.role_written}: not asked for a {purpose}"


def _order(contact: Contact) -> list[Channel]:
    return [*contact.preferred, *(ch for ch in Channel if ch not in contact.preferred)]


def _channels(
    contact: Contact,
    asked: Sequence[Channel],
    blocked: Blocked,
    taken: Collection[tuple[Channel, str]],
) -> tuple[tuple[Channel, ...], tuple[tuple[Channel, str], ...]]:
    """Return the channels that may carry a message, best first, and why others may not.

    Channels asked for by name all carry one; otherwise the contact's best one does.
    """
    open_now: list[Channel] = []
    stops: list[tuple[Channel, str]] = []
    for channel in _order(contact):
        address = contact.address(channel)
        if address is None or (asked and channel not in asked):
            continue
        reason = blocked.get((channel, address.value))
        if reason is None and (channel, address.value) in taken:
            reason = "same address as another contact here"
        if reason is None:
            open_now.append(channel)
        else:
            stops.append((channel, reason))
    return tuple(open_now if asked else open_now[:1]), tuple(stops)
