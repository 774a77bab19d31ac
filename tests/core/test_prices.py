"""What a message will cost: from a table, unknown where there is no row."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from tests.support.sending import message

from campaigns.model.customer import Channel
from campaigns.model.errors import SettingInvalid
from campaigns.model.money import Money
from campaigns.model.template import TemplateCategory
from campaigns.orchestrator import prices

THAI = replace(message(0, Channel.WHATSAPP), address="+66810000000")


def test_a_template_of_unknown_category_counts_as_marketing() -> None:
    table = prices.read(None)
    assert table.of(THAI, None) == Money(Decimal("0.0732"), "USD")
    assert table.of(THAI, TemplateCategory.UTILITY) == Money(Decimal("0.0113"), "USD")


def test_a_country_without_a_row_has_no_price() -> None:
    assert prices.read(None).of(replace(THAI, address="+995550000000"), None) is not None
    assert prices.read(None).of(replace(THAI, address="+15550000000"), None) is None


def test_a_rate_that_is_not_known_is_none_and_never_nothing() -> None:
    dutch = replace(THAI, address="+31600000000")
    assert prices.read(None).of(dutch, TemplateCategory.MARKETING) is not None
    assert prices.read(None).of(dutch, TemplateCategory.UTILITY) is None


@pytest.mark.parametrize("number", ["+18095550000", "+50700000000", "+12645550000"])
def test_the_longest_code_decides(number: str) -> None:
    table = prices.read(None)
    assert table.of(replace(THAI, address=number), None) == Money(Decimal("0.0740"), "USD")


def test_line_costs_what_the_own_table_says_and_mail_nothing(tmp_path: Path) -> None:
    own = tmp_path / "prices.toml"
    own.write_text('[line]\ncurrency = "THB"\nmessage = "0.10"\n', encoding="utf-8")
    assert prices.read(own).of(message(0, Channel.LINE), None) == Money(Decimal("0.10"), "THB")
    assert prices.read(own).of(THAI, None) is None
    assert prices.read(None).of(message(0, Channel.LINE), None) is None
    mail = prices.read(None).of(message(0, Channel.EMAIL), None)
    assert mail is not None
    assert mail.amount == 0


@pytest.mark.parametrize("text", ["[line]\nmessage = 1", "nonsense", '[linne]\ncurrency = "THB"'])
def test_a_broken_table_stops_the_start_with_its_name(text: str, tmp_path: Path) -> None:
    own = tmp_path / "prices.toml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(SettingInvalid, match="CAMPAIGNS_PRICES"):
        prices.read(own)
