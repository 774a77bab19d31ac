"""The menu: all that a model may choose from when it reads a request, and nothing else.

Values come from the book and the word lists, days and numbers from what code read in the request
and from the calendar. The model picks labels; code alone knows what each stands for.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field, create_model

from campaigns.flow.plan import period, wording
from campaigns.model.customer import Channel, Size
from campaigns.model.fold import fold
from campaigns.model.plan import Attribute, CampaignType, DateRange, Filters, Plan, Tone
from campaigns.model.vocabulary import Term, Vocabulary

_MOST = 60  # values of one attribute: schemas have limits, and a long menu is read badly
_SHORTEST_NAME = 3  # letters of a value that is looked for in the request
_NAMED = (
    Attribute.BRAND,
    Attribute.REGION,
    Attribute.COUNTRY,
    Attribute.CITY,
    Attribute.BUSINESS_TYPE,
    Attribute.PLATFORM,
    Attribute.CUSTOMER,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """Labels of each attribute and what they stand for, and the occasions there are texts for."""

    values: Mapping[Attribute, Mapping[str, object]]
    occasions: tuple[str, ...]

    def filters(self, side: BaseModel) -> Filters:
        """Return what was chosen on one side."""
        chosen = {
            attribute.value: tuple(
                self.values[attribute][x] for x in getattr(side, attribute.value)
            )
            for attribute in self.values
        }
        return Filters(**chosen)  # type: ignore[arg-type]  # each attribute's own values

    def shape(self) -> type[BaseModel]:
        """Return the type of an answer that can hold nothing but the menu."""
        rules = {
            attribute.value: (list[_one_of(labels)], ...)  # type: ignore[misc]  # see `_one_of`
            for attribute, labels in self.values.items()
        }
        side = _made("Rules", rules)
        return _made(
            "Reading",
            {
                "type": (_one_of(CampaignType) | None, ...),
                "everyone": (bool, Field(description="only if the request says all customers")),
                "include": (side, ...),
                "exclude": (side, ...),
                "channels": (list[_one_of(Channel)], ...),  # type: ignore[misc]
                "occasion": (_one_of(self.occasions) | None, ...),
                "language": (_one_of(("en", "th")) | None, ...),
                "tone": (_one_of(Tone) | None, ...),
                "explained": (list[Explained], ...),
                "not_understood": (list[str], ...),
            },
        )


class Explained(BaseModel):
    """Words of the request, verbatim, and the label they were taken for."""

    words: str
    label: str


def _one_of(labels: Iterable[str]) -> Any:
    """Return an enumeration made while running; no type checker can know it."""
    return Literal[tuple(str(label) for label in labels)]


def _made(name: str, fields: dict[str, Any]) -> type[BaseModel]:
    made: type[BaseModel] = create_model(name, **fields)
    return made


def menu(
    request: str, read: Plan, vocabulary: Vocabulary, today: date, occasions: tuple[str, ...]
) -> Menu:
    """Return the menu for `request`; `read` is what code read in it."""
    words = fold(request)
    values: dict[Attribute, Mapping[str, object]] = {}
    for attribute in _NAMED:
        known = [t for t in vocabulary.of(attribute) if _is_offered(t, words)]
        chosen = (*getattr(read.filters, attribute.value), *getattr(read.exclude, attribute.value))
        labels = dict.fromkeys((*chosen, *(t.value for t in known[:_MOST])))
        if labels:
            values[attribute] = {label: label for label in labels}
    values[Attribute.SIZE] = {size.value: size for size in Size}
    values[Attribute.CONTRACT_END] = dict(_periods(read, today))
    counts = dict.fromkeys((*read.filters.zones, *read.exclude.zones))
    if counts:
        values[Attribute.ZONES] = {wording.zones(span): span for span in counts}
    return Menu(values=values, occasions=occasions)


def _is_offered(term: Term, words: str) -> bool:
    """Whether a value is on the menu: customers have it, or the request says it.

    A customer's name only when the request says it: nobody else's name is shown to a model.
    """
    if term.attribute is not Attribute.CUSTOMER and term.customers:
        return True
    folded = (fold(word) for word in term.words)
    return any(len(word) >= _SHORTEST_NAME and word in words for word in folded)


def _periods(read: Plan, today: date) -> Iterator[tuple[str, DateRange]]:
    """Yield what code read, then the calendar's own periods."""
    for span in (*read.filters.contract_end, *read.exclude.contract_end):
        yield wording.days(span), span
    yield "already expired", period.past(today)
    yield "this quarter (next 90 days)", period.this_quarter(today)
    month, year = today.month, today.year
    for _ in range(12):
        yield f"{date(year, month, 1):%B %Y}", period.month(today, month, year)
        month, year = period.following(month, 12, year)
    number, year = period.quarter_of(today), today.year
    for _ in range(4):
        yield f"Q{number} {year}", period.quarter(today, number, year)
        number, year = period.following(number, 4, year)
    for year in (today.year, today.year + 1):
        yield f"year {year}", period.year(year)
