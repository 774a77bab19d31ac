"""What providers charge for a message, from a table that can be replaced."""

import tomllib
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError

from campaigns.model.customer import Channel
from campaigns.model.errors import SettingInvalid
from campaigns.model.message import Message
from campaigns.model.money import Money
from campaigns.model.template import TemplateCategory

LONGEST_CODE = 4


class _Region(BaseModel, extra="forbid"):
    codes: list[str]
    marketing: Decimal = Field(ge=0)
    utility: Decimal | None = Field(None, ge=0)


class _WhatsApp(BaseModel, extra="forbid"):
    currency: str = Field("USD", pattern="^[A-Z]{3}$")
    region: list[_Region] = []


class _Line(BaseModel, extra="forbid"):
    currency: str = Field(pattern="^[A-Z]{3}$")
    message: Decimal = Field(ge=0)


class _Table(BaseModel, extra="forbid"):
    whatsapp: _WhatsApp = _WhatsApp()
    line: _Line | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Prices by channel; e-mail costs nothing a message."""

    whatsapp: dict[tuple[str, TemplateCategory], Money] = field(default_factory=dict)
    line: Money | None = None

    def of(self, message: Message, category: TemplateCategory | None) -> Money | None:
        """Return what a message will cost, None when no price is known.

        A template of unknown category counts as marketing, the dearer one.
        """
        match message.channel:
            case Channel.EMAIL:
                return Money(Decimal(0), "USD")
            case Channel.LINE:
                return self.line
            case Channel.WHATSAPP:
                return self._whatsapp(message.address, category or TemplateCategory.MARKETING)

    def _whatsapp(self, address: str, category: TemplateCategory) -> Money | None:
        digits = address.removeprefix("+")
        codes = (digits[:length] for length in range(LONGEST_CODE, 0, -1))
        found = (self.whatsapp.get((code, category)) for code in codes)
        return next((price for price in found if price is not None), None)


def read(path: Path | None) -> Prices:
    """Read a price table, or the one that comes with the project.

    Raises `SettingInvalid` naming the file and what is wrong in it.
    """
    if path is None:
        return _own()
    try:
        return _prices(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, ValidationError, InvalidOperation) as error:
        raise SettingInvalid(f"CAMPAIGNS_PRICES: {path} is no price table: {error}") from error


@cache
def _own() -> Prices:
    return _prices((files(__package__) / "data" / "prices.toml").read_text(encoding="utf-8"))


def _prices(text: str) -> Prices:
    table = _Table.model_validate(tomllib.loads(text))
    whatsapp = {
        (code, category): Money(amount, table.whatsapp.currency)
        for region in table.whatsapp.region
        for category, amount in (
            (TemplateCategory.MARKETING, region.marketing),
            (TemplateCategory.UTILITY, region.utility),
        )
        if amount is not None
        for code in region.codes
    }
    line = Money(table.line.message, table.line.currency) if table.line else None
    return Prices(whatsapp=whatsapp, line=line)
