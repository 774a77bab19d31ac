"""A plan: the typed meaning of a request, and the filters it puts on customers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from campaigns.model.customer import Channel, Size
from campaigns.model.ids import CustomerId

_REFERENCE = re.compile(r".*\(id ([^()\s]+)\)", re.DOTALL)


class CampaignType(StrEnum):
    """What a campaign is for."""

    RENEWAL = "renewal"
    SEASONAL = "seasonal"
    ANNOUNCEMENT = "announcement"
    FOLLOW_UP = "follow_up"
    SURVEY = "survey"


class Tone(StrEnum):
    """How a text speaks."""

    FORMAL = "formal"
    WARM = "warm"
    CASUAL = "casual"


class Attribute(StrEnum):
    """An attribute of customers that a filter can name."""

    BRAND = "brand"
    REGION = "region"
    COUNTRY = "country"
    CITY = "city"
    BUSINESS_TYPE = "business_type"
    PLATFORM = "platform"
    SIZE = "size"
    CUSTOMER = "customer"
    CONTRACT_END = "contract_end"
    ZONES = "zones"


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days from `first` to `last`, both included; None leaves that side open."""

    first: date | None = None
    last: date | None = None

    def contains(self, day: date) -> bool:
        """Whether `day` lies in the range."""
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class IntRange:
    """Whole numbers from `min` to `max`, both included; None leaves that side open."""

    min: int | None = None
    max: int | None = None

    def contains(self, number: int) -> bool:
        """Whether `number` lies in the range."""
        return (self.min is None or number >= self.min) and (self.max is None or number <= self.max)


def reference(name: str, customer_id: CustomerId) -> str:
    """Return the value of a `customer` filter that means exactly one customer, whatever its name.

    >>> reference("Heron House", CustomerId("heron-house-2"))
    'Heron House (id heron-house-2)'
    """
    return f"{name} (id {customer_id})"


def referred(value: str) -> CustomerId | None:
    """Return the customer that a value made by `reference` means; None for any other value."""
    match = _REFERENCE.fullmatch(value)
    return CustomerId(match[1]) if match else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Rules on customers: values of one attribute are "or", different attributes are "and".

    An empty tuple is no rule. Names are the vocabulary's canonical values; a `brand` value
    matches a customer by brand group or by brand; `customer` holds customers' names as the
    book writes them, their ids, or references (see `reference`).
    """

    brand: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    city: tuple[str, ...] = ()
    business_type: tuple[str, ...] = ()
    platform: tuple[str, ...] = ()
    size: tuple[Size, ...] = ()
    customer: tuple[str, ...] = ()
    contract_end: tuple[DateRange, ...] = ()
    zones: tuple[IntRange, ...] = ()

    def __bool__(self) -> bool:
        """Whether any rule is set."""
        return any(getattr(self, a.value) for a in Attribute)


@dataclass(frozen=True, slots=True)
class Understood:
    """Words of the request and what they were taken to mean."""

    words: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a question: what to show, and the request's words with it taken."""

    label: str
    request: str


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked when the request leaves a doubt; two or three choices, or none."""

    text: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The typed meaning of a request.

    Whoever matches any value of `exclude` is out, whatever its attribute; `filters` of different
    attributes must all match.
    `everyone` is True only when somebody said all / every / everyone (or a structured request
    has no filters and says so). `channels` empty means each contact's best channel. `language`
    is an ISO 639-1 code that overrides each customer's own. `occasion` is a key of the
    occasions the text library knows ("christmas"). `send_at` is aware. `engine` names who read
    the request; `fallback` says why a model was not used.
    """

    type: CampaignType | None
    filters: Filters = field(default_factory=Filters)
    exclude: Filters = field(default_factory=Filters)
    everyone: bool = False
    context: str | None = None
    occasion: str | None = None
    channels: tuple[Channel, ...] = ()
    language: str | None = None
    tone: Tone | None = None
    send_at: datetime | None = None
    understood: tuple[Understood, ...] = ()
    assumptions: tuple[str, ...] = ()
    not_understood: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    engine: str = "embedded"
    fallback: str | None = None

    @property
    def is_clear(self) -> bool:
        """Whether the plan may have an audience: all understood, a type, and somebody meant."""
        return (
            not self.not_understood
            and not self.questions
            and self.type is not None
            and (bool(self.filters) or self.everyone)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What a follow-up in words changes about a plan.

    `request` is the request with an answer in it, to be read again; `patch` a change as the API
    takes it. With a `question` nothing changes.
    """

    request: str | None = None
    patch: Mapping[str, object] = field(default_factory=dict)
    understood: tuple[Understood, ...] = ()
    question: Question | None = None
