"""An audience: the customers a plan resolves to, and who is left out and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from campaigns.model.customer import Channel, Contact
from campaigns.model.ids import ContactId, CustomerId


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenContact:
    """A contact of a member, whether the campaign writes to them, and why.

    `channels` are the channels that may carry this contact's messages now, in order of
    choice; `blocked` maps a channel to the reason it may not ("opted out", "LINE not verified").
    `chosen` is the rule's choice or, after a person toggled it, theirs. `reserves` are the channels
    that may carry the message, one after the other, should those before fail for good.
    """

    contact: Contact
    chosen: bool
    why: str
    channels: tuple[Channel, ...]
    blocked: tuple[tuple[Channel, str], ...] = ()
    reserves: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A customer in the audience. `unreachable` says why nobody there can be written to."""

    customer_id: CustomerId
    name: str
    brand: str | None
    brand_group: str | None
    city: str | None
    country: str | None
    zones: int | None
    contract_end: date | None
    contacts: tuple[ChosenContact, ...]
    why: tuple[str, ...] = ()
    unreachable: str | None = None

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels over which somebody chosen here can be reached."""
        open_now = {ch for c in self.contacts if c.chosen for ch in c.channels}
        return tuple(ch for ch in Channel if ch in open_now)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many customers are out for one reason, in words a person reads."""

    reason: str
    customers: int


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A customer that meets every rule but one whose field is blank."""

    customer_id: CustomerId
    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """The whole answer to "who": totals over all members, and the members themselves.

    Always `customers` + the sum of `excluded` = all customers of the book. `value` is what the
    members pay a year by currency, `unpriced` how many of them it leaves out as not known.
    """

    customers: int
    zones: int
    reachable: Mapping[Channel, int] = field(default_factory=dict)
    unreachable: int = 0
    by_brand: Mapping[str, int] = field(default_factory=dict)
    by_country: Mapping[str, int] = field(default_factory=dict)
    value: Mapping[str, Decimal] = field(default_factory=dict)
    unpriced: int = 0
    excluded: tuple[LeftOut, ...] = ()
    unreachable_why: tuple[LeftOut, ...] = ()
    near_misses: tuple[NearMiss, ...] = ()
    members: tuple[Member, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Toggle:
    """A decision about one contact or, without `contact_id`, one whole customer.

    `why` is the reason a person reads; a person's own decision needs none. `added` is a customer
    that a person named beyond what the filters find; it stays so when it is left out again.
    """

    customer_id: CustomerId
    contact_id: ContactId | None = None
    include: bool
    why: str = "left out by hand"
    added: bool = False
