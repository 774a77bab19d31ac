"""The normal form of addresses: exact, and never a guess."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.flow.answer import normalise_identifier
from campaigns.model.customer import Channel

LINE_ID = "U0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    "written",
    [
        "+66000123456",
        "+66 00-012 3456",
        "0066000123456",
        "+66 (0)000 123 456",
        "＋６６０００１２３４５６",
        "+๖๖๐๐๐๑๒๓๔๕๖",
        "\u200e+66\u00a0000 123 456 ",
        "+66.000.123.456",
    ],
)
def test_a_phone_with_a_country_code_has_one_form(written):
    assert normalise_identifier(written, Channel.WHATSAPP) == "+66000123456"


@pytest.mark.parametrize(
    "written",
    [
        "000-123-456",
        "66000123456",
        "+1234567",
        "+1234567890123456",
        "+0660001234",
        "+66 call me",
        "66000123456@s.whatsapp.net",
        "",
        "+",
        "00",
    ],
)
def test_a_phone_without_one_is_nobody_s(written):
    assert normalise_identifier(written, Channel.WHATSAPP) is None


def test_only_the_domain_of_an_email_is_lower_cased():
    found = normalise_identifier(" Rudolf.T@Hilton-Pattaya.EXAMPLE ", Channel.EMAIL)
    assert found == "Rudolf.T@hilton-pattaya.example"


@pytest.mark.parametrize(
    "written",
    [
        "rudolf",
        "rudolf@hilton",
        "a b@bay.example",
        "Rudolf <r@bay.example>",
        "r@bay..example",
        "@bay.example",
        "r@@bay.example",
        "a@b.example, c@d.example",
        "x" * 300 + "@bay.example",
        "",
    ],
)
def test_what_is_no_single_email_is_none(written):
    assert normalise_identifier(written, Channel.EMAIL) is None


@pytest.mark.parametrize("written", [LINE_ID, f" {LINE_ID.upper()} ", LINE_ID.lower()])
def test_a_line_id_has_one_form(written):
    assert normalise_identifier(written, Channel.LINE) == LINE_ID


@pytest.mark.parametrize(
    "written", ["rudolf_line", LINE_ID[:-1], LINE_ID + "0", "C" + LINE_ID[1:], ""]
)
def test_a_display_name_or_a_group_is_no_line_id(written):
    assert normalise_identifier(written, Channel.LINE) is None


@given(st.text(max_size=60), st.sampled_from(list(Channel)))
def test_the_normal_form_is_its_own_normal_form(written, channel):
    once = normalise_identifier(written, channel)
    assert once is None or normalise_identifier(once, channel) == once
