"""A customer, its zones and its contacts, as the customer book records them."""

from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any, Generic, TypeVar

from campaigns.model.ids import ContactId, CustomerId
from campaigns.model.money import Money

T = TypeVar("T")


class Channel(StrEnum):
    """A way to reach a contact. The order is the order of choice when nothing else decides."""

    WHATSAPP = "whatsapp"
    LINE = "line"
    EMAIL = "email"


class Role(StrEnum):
    """What a contact does at the customer, folded from the role as written in the book."""

    GENERAL_MANAGER = "general_manager"
    OWNER = "owner"
    PURCHASING = "purchasing"
    FINANCE = "finance"
    FOOD_BEVERAGE = "food_beverage"
    MARKETING = "marketing"
    OPERATIONS = "operations"
    IT = "it"
    OTHER = "other"


class Size(StrEnum):
    """Size by zone count: enterprise > 10, medium 4-10, small 1-3."""

    ENTERPRISE = "enterprise"
    MEDIUM = "medium"
    SMALL = "small"


def size_of(zone_count: int | None) -> Size | None:
    """Return the size for a zone count; None when the count is unknown or zero."""
    if not zone_count or zone_count < 0:
        return None
    if zone_count > 10:
        return Size.ENTERPRISE
    return Size.MEDIUM if zone_count >= 4 else Size.SMALL


class Source(StrEnum):
    """Where a value comes from."""

    FILE = "file"  # a line of the book says it
    OVERRIDE = "override"  # a person said it outside the book
    RULE = "rule"  # inferred; the rule and its confidence are named


@dataclass(frozen=True, slots=True, kw_only=True)
class Known(Generic[T]):
    """A value that can explain itself.

    `rule` names the rule and what it matched ('brand word "Hilton" in the name'), empty for
    `Source.FILE`. `confidence` is 0-1, 1.0 for file and override. `line` is the book's line
    (1-based) for `Source.FILE`, else the heading's line.
    """

    value: T
    source: Source
    rule: str = ""
    confidence: float = 1.0
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A contact's number, e-mail or LINE id on one channel.

    `value` is normalised and is what matching and sending use: E.164 ("+66856644142") for
    WhatsApp, lower-cased domain for e-mail, "U" + 32 hex digits for LINE. `written` is the
    spelling in the book.
    """

    channel: Channel
    value: str
    written: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person (or role mailbox) at a customer with at least one valid address.

    `name` is as written, None when the book has none; `greeting` is how to address the person
    ("Rudolf"), None for role mailboxes and unreadable names. `preferred` lists channels in
    the order the book states, possibly empty.
    """

    id: ContactId
    role: Role
    role_written: str
    name: str | None
    greeting: str | None
    addresses: tuple[Address, ...]
    preferred: tuple[Channel, ...] = ()
    line: int = 0

    def address(self, channel: Channel) -> Address | None:
        """Return the contact's address on `channel`, or None."""
        return next((a for a in self.addresses if a.channel is channel), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One dated line of a customer's Issue History. `on` is None when the line has no date."""

    on: date | None
    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Private:
    """What never reaches a model, a message, a log or an answer without the `notes` scope."""

    special_notes: tuple[str, ...] = ()
    hardware: str | None = None
    account_id: str | None = None
    contact_notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A business in the customer book. Blank fields are None: unknown is never guessed.

    `zone_names` are the names fit to be shown (commas split, placeholders left out);
    `zone_count` is the book's Zone Count. When fewer names are known than zones are counted,
    `zone_names` is partial and messages say so. `line` is the heading's line in the book.
    `key_account` is whether a person marked the customer as one, None where nobody did.
    `lines` maps a field name of this class to the line it was read from.
    """

    id: CustomerId
    name: str
    line: int
    business_type: str | None = None
    zone_count: int | None = None
    zone_names: tuple[str, ...] = ()
    platform: str | None = None
    price_per_zone: Money | None = None
    currency: str | None = None
    contract_start: date | None = None
    contract_end: date | None = None
    brand_group: Known[str] | None = None
    brand: Known[str] | None = None
    city: Known[str] | None = None
    country: Known[str] | None = None
    region: Known[str] | None = None
    timezone: Known[str] | None = None
    language: Known[str] | None = None
    key_account: bool | None = None
    contacts: tuple[Contact, ...] = ()
    issues: tuple[Issue, ...] = ()
    lines: tuple[tuple[str, int], ...] = ()

    @property
    def size(self) -> Size | None:
        """The customer's size by zone count."""
        return size_of(self.zone_count)

    @property
    def value(self) -> Money | None:
        """Price per zone times zone count; None when either is unknown."""
        if self.price_per_zone is None or not self.zone_count:
            return None
        return self.price_per_zone.times(self.zone_count)

    def line_of(self, field: str) -> int:
        """Return the book's line for `field`, or the heading's line when it has none."""
        return dict(self.lines).get(field, self.line)


def moved(customer: Customer, lines: int) -> Customer:
    """Return the customer as its entry stands `lines` further down in the book."""
    if lines == 0:
        return customer
    known: dict[str, Any] = {
        f.name: replace(value, line=value.line + lines)
        for f in fields(Customer)
        if isinstance(value := getattr(customer, f.name), Known)
    }
    return replace(
        customer,
        line=customer.line + lines,
        contacts=tuple(
            replace(
                c,
                line=c.line + lines,
                addresses=tuple(replace(a, line=a.line + lines) for a in c.addresses),
            )
            for c in customer.contacts
        ),
        issues=tuple(replace(i, line=i.line + lines) for i in customer.issues),
        lines=tuple((name, line + lines) for name, line in customer.lines),
        **known,
    )
