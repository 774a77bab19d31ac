"""The filters of a structured request: each key read from JSON, each value looked up by name.

A value is matched to the vocabulary by the one fold of `campaigns.model.fold`; unknown keys and
values are faults that name the nearest ones. A brand or place that the word lists know and no
customer has is allowed: it simply matches nobody.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from types import MappingProxyType
from typing import TypeGuard, TypeVar

from campaigns.flow.plan import period
from campaigns.model.customer import Size
from campaigns.model.errors import Fault
from campaigns.model.fold import fold
from campaigns.model.ids import CustomerId
from campaigns.model.plan import Attribute, DateRange, Filters, IntRange, reference, referred
from campaigns.model.vocabulary import Vocabulary

T = TypeVar("T")

NAMED = (
    Attribute.BRAND,
    Attribute.REGION,
    Attribute.COUNTRY,
    Attribute.CITY,
    Attribute.BUSINESS_TYPE,
    Attribute.PLATFORM,
    Attribute.CUSTOMER,
)
KEYS = (*(a.value for a in Attribute), "expiring_within_days")
LONGEST_WINDOW_DAYS = 3650
_MOST_VALUES = 500
_ALIASES = {"hilton hotels & resorts": "hilton"}  # the spec's label for the group
_LARGEST_COUNT = 100_000
NOBODY: Mapping[CustomerId, str] = MappingProxyType({})
_FEW = 8  # names that can all be said when none is near


def customer_ids(body: Mapping[str, object]) -> frozenset[CustomerId]:
    """Return what the `customer` filters of a structured request hold that may be ids.

    Their names, of those that are customers, are what `Fields` is given as `ids`.
    """
    found: set[CustomerId] = set()
    for side in ("filters", "exclude"):
        filters = body.get(side)
        given = filters.get(Attribute.CUSTOMER.value) if isinstance(filters, Mapping) else None
        values = given if isinstance(given, list) else [given]
        texts = [v.strip() for v in values[:_MOST_VALUES] if isinstance(v, str)]
        found |= {referred(v) or CustomerId(v) for v in texts}
    return frozenset(found)


def escape(key: str) -> str:
    """Return a key as part of an RFC 6901 JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1")


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the end of a sentence that names the known words nearest to `word`, or the few there are."""
    names = list(dict.fromkeys(known))
    close = get_close_matches(fold(word), [fold(name) for name in names], n=3, cutoff=0.5)
    by_fold = {fold(name): name for name in names}
    shown = ", ".join(by_fold[name] for name in close)
    if not shown and 0 < len(names) <= _FEW:
        return f"; there are {', '.join(names)}"
    return f"; did you mean {shown}?" if shown else ""


@dataclass(slots=True)
class _Draft:
    """Filters while their object is read."""

    names: dict[Attribute, list[str]] = field(default_factory=dict)
    sizes: list[Size] = field(default_factory=list)
    spans: list[DateRange] = field(default_factory=list)
    zones: list[IntRange] = field(default_factory=list)


class Fields:
    """Reads one object of filters; what is broken collects in `faults`.

    `ids` are the names of the customers that a `customer` filter gives by id: see `customer_ids`.
    """

    def __init__(
        self, vocabulary: Vocabulary, today: date, ids: Mapping[CustomerId, str] = NOBODY
    ) -> None:
        self._vocabulary = vocabulary
        self._today = today
        self._ids = ids
        self.faults: list[Fault] = []

    def filters(self, body: object, pointer: str) -> Filters:
        """Read an object of filters that stands at `pointer`."""
        draft = _Draft()
        if isinstance(body, Mapping):
            for key, content in body.items():
                self._read(draft, str(key), content, f"{pointer}/{escape(str(key))}")
        else:
            self.fault(pointer, f"must be an object of filters, not {kind(body)}")
        return Filters(
            size=tuple(dict.fromkeys(draft.sizes)),
            contract_end=tuple(dict.fromkeys(draft.spans)),
            zones=tuple(dict.fromkeys(draft.zones)),
            **{a.value: tuple(dict.fromkeys(names)) for a, names in draft.names.items()},
        )

    def _read(self, draft: "_Draft", key: str, content: object, at: str) -> None:
        match key:
            case "expiring_within_days":
                draft.spans += self._each(content, at, self._window)
            case "size":
                draft.sizes += self._each(content, at, self._size)
            case "contract_end":
                draft.spans += self._each(content, at, self._days)
            case "zones":
                draft.zones += self._each(content, at, self._zones)
            case _ if key in KEYS:
                attribute = Attribute(key)
                draft.names[attribute] = [
                    *self._each(content, at, lambda v, p: self._name(attribute, v, p))
                ]
            case _:
                known = ", ".join(KEYS)
                self.fault(at, f"there is no such filter{nearest(key, KEYS)} (known: {known})")

    def fault(self, pointer: str, detail: str) -> None:
        """Note that what stands at `pointer` is broken."""
        self.faults.append(Fault(pointer, detail))

    def _each(
        self, content: object, at: str, read: Callable[[object, str], T | None]
    ) -> Iterator[T]:
        """Read a value or a list of values."""
        if not isinstance(content, list):
            value = read(content, at)
            if value is not None:
                yield value
            return
        if not 0 < len(content) <= _MOST_VALUES:
            self.fault(at, f"must hold 1 to {_MOST_VALUES} values; leave the key out for no rule")
            return
        for number, one in enumerate(content):
            value = read(one, f"{at}/{number}")
            if value is not None:
                yield value

    # --- one value each ------------------------------------------------------------------------

    def _name(self, attribute: Attribute, value: object, at: str) -> str | None:
        if not isinstance(value, str) or not value.strip():
            self.fault(at, f"must be the name of a {label(attribute)}, not {kind(value)}")
            return None
        terms = self._vocabulary.named(attribute)
        folded = fold(value)
        if attribute is Attribute.CUSTOMER and (exactly := self._exactly(value, folded in terms)):
            return exactly
        if attribute is Attribute.BRAND:
            folded = _ALIASES.get(folded, folded)
        term = terms.get(folded)
        if term is None:
            names = (t.value for t in terms.values())
            self.fault(at, f"no {label(attribute)} is called “{value}”{nearest(value, names)}")
            return None
        return term.value

    def _exactly(self, value: str, is_name: bool) -> str | None:
        """Return what means the one customer whose id `value` gives; a name is a name first."""
        given = referred(value)
        if given is None and not is_name:
            given = CustomerId(value.strip())
        return reference(self._ids[given], given) if given and given in self._ids else None

    def _size(self, value: object, at: str) -> Size | None:
        folded = fold(value) if isinstance(value, str) else ""
        if folded in tuple(Size):
            return Size(folded)
        self.fault(at, f"must be one of {', '.join(Size)}")
        return None

    def _window(self, value: object, at: str) -> DateRange | None:
        if _is_count(value) and 0 <= value <= LONGEST_WINDOW_DAYS:
            return period.within(self._today, value)
        self.fault(at, f"must be a whole number of days from 0 to {LONGEST_WINDOW_DAYS}")
        return None

    def _days(self, value: object, at: str) -> DateRange | None:
        ends = self._ends(value, at, "from", "to")
        if ends is None:
            return None
        days = [self._day(end, f"{at}/{key}") for key, end in ends.items()]
        first, last = days
        if first and last and first > last:
            self.fault(at, "“from” is after “to”")
            return None
        if first is None and last is None:
            return None
        return DateRange(first, last)

    def _day(self, value: object, at: str) -> date | None:
        if value is None:
            return None
        try:
            return date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError:
            self.fault(at, "must be a date that exists, as YYYY-MM-DD")
            return None

    def _zones(self, value: object, at: str) -> IntRange | None:
        if _is_count(value) and 0 <= value <= _LARGEST_COUNT:
            return IntRange(value, value)
        ends = self._ends(value, at, "min", "max")
        if ends is None:
            return None
        for key, end in ends.items():
            if end is not None and not (_is_count(end) and 0 <= end <= _LARGEST_COUNT):
                self.fault(f"{at}/{key}", "must be a whole number of zones")
                return None
        low, high = ends.values()
        if _is_count(low) and _is_count(high) and low > high:
            self.fault(at, "“min” is more than “max”")
            return None
        return IntRange(low if _is_count(low) else None, high if _is_count(high) else None)

    def _ends(self, value: object, at: str, first: str, last: str) -> dict[str, object] | None:
        """Read an object of two ends, at least one of them given."""
        shape = f'must be an object like {{"{first}": …, "{last}": …}}'
        if not isinstance(value, Mapping):
            self.fault(at, f"{shape}, not {kind(value)}")
            return None
        for key in value.keys() - {first, last}:
            self.fault(f"{at}/{escape(str(key))}", f"there is no such key; {shape}")
        ends = {first: value.get(first), last: value.get(last)}
        if all(end is None for end in ends.values()):
            self.fault(at, f"{shape} with at least one of the two")
            return None
        return ends


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def label(attribute: Attribute) -> str:
    """Return an attribute as a word in a sentence."""
    return attribute.value.replace("_", " ")


def kind(value: object) -> str:
    """Return what a JSON value is, in a word."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "an empty text" if not value.strip() else "a text"
        case list():
            return "a list"
        case _:
            return "an object"
