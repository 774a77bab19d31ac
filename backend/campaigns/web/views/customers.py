"""A customer's facts as lines: the value, and where it is known from."""

from collections.abc import Iterator
from dataclasses import dataclass

from campaigns.model.customer import Customer, Known, Source
from campaigns.model.standing import Thresholds, standing
from campaigns.web import words

BLANK = "not recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One fact. `source` says where it is from; `field` is the book's key when it can be set.

    `inferred` is True when a rule found it, so that a person may accept it into the book.
    """

    label: str
    value: str
    source: str = ""
    field: str = ""
    raw: str = ""
    inferred: bool = False

    @property
    def known(self) -> bool:
        """Whether there is a value."""
        return self.value != BLANK


def facts_of(c: Customer, thresholds: Thresholds) -> list[Line]:
    """Return what the book says about a customer, in the order people ask for it."""
    return [*_service(c), *_matters(c, thresholds), *_identity(c)]


def _matters(c: Customer, thresholds: Thresholds) -> Iterator[Line]:
    marked = {True: "yes", False: "no", None: ""}[c.key_account]
    yield _line(c, "Key account", marked, "key_account", "Key Account")
    stands = standing(c, thresholds)
    yield Line(label="High-value", value=stands.said, source=stands.why)


def _service(c: Customer) -> Iterator[Line]:
    zones = "" if c.zone_count is None else str(c.zone_count)
    yield _line(c, "Zones", zones, "zone_count", "Zone Count")
    yield _line(c, "Zone names", ", ".join(c.zone_names), "zone_names", "Zone Names")
    end = words.day(c.contract_end) if c.contract_end else ""
    raw = c.contract_end.isoformat() if c.contract_end else ""
    yield _line(c, "Contract ends", end, "contract_end", "Contract End", raw)
    start = words.day(c.contract_start) if c.contract_start else ""
    raw = c.contract_start.isoformat() if c.contract_start else ""
    yield _line(c, "Contract starts", start, "contract_start", "Contract Start", raw)
    price = c.price_per_zone
    shown = words.amount(price.amount, price.currency) if price else ""
    raw = f"{price.amount:f}" if price else ""
    yield _line(c, "Price per zone", shown, "price_per_zone", "Annual Price per Zone", raw)
    if c.value:
        yield Line(
            label="A year",
            value=words.amount(c.value.amount, c.value.currency),
            source="price × zones",
        )
    yield _line(c, "Platform", c.platform or "", "platform", "Music Platform")
    yield _line(c, "Business type", c.business_type or "", "business_type", "Business Type")


def _identity(c: Customer) -> Iterator[Line]:
    yield _known("Brand group", c.brand_group, "")
    yield _known("Brand", c.brand, "Brand")
    yield _known("City", c.city, "City")
    yield _known("Country", c.country, "Country")
    yield _known("Region", c.region, "Region")
    yield _known("Time zone", c.timezone, "Timezone")
    language = c.language
    yield _known(
        "Language", language, "Language", words.language(language.value) if language else ""
    )


def _line(c: Customer, label: str, value: str, name: str, field: str, raw: str = "") -> Line:
    on_a_line = name in dict(c.lines)
    return Line(
        label=label,
        value=value or BLANK,
        source=f"line {c.line_of(name)}" if on_a_line and value else "",
        field=field,
        raw=raw or value,
    )


def _known(label: str, found: Known[str] | None, field: str, shown: str = "") -> Line:
    if found is None:
        return Line(label=label, value=BLANK, field=field)
    inferred = found.source is Source.RULE
    source = f"{found.rule}, {found.confidence:.0%} sure" if inferred else f"line {found.line}"
    return Line(
        label=label,
        value=shown or found.value,
        source=source,
        field=field,
        raw=found.value,
        inferred=inferred and bool(field),
    )
