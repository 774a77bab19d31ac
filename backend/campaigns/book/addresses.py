"""Normalise e-mail addresses, telephone numbers and LINE ids.

The normalised form is what matching, suppression and sending use, so the same address must
come out the same from the book, from a reply and from a person's typing.
"""

import re
from functools import lru_cache

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from campaigns.model.customer import Channel

# https://developers.line.biz/en/reference/messaging-api/: user ids are U and 32 hex digits.
_LINE_ID = re.compile(r"U[0-9a-f]{32}")
_ANGLED = re.compile(r"<([^<>]+@[^<>]+)>|mailto:(\S+)")
_LONGEST = 400


class AddressRefused(ValueError):
    """The text is no address; `code` is the diagnostic that says so, `str(error)` why."""

    def __init__(self, code: str, reason: str = "") -> None:
        self.code = code
        super().__init__(reason)


def normalise(channel: Channel, written: str, region: str | None = None) -> str:
    """Return the normalised address on `channel`.

    WhatsApp: E.164; `region` (ISO 3166 alpha-2) is the country of a number written without a
    country code, None when it is not known. E-mail: lower case throughout, so that an opt-out
    from "Ann@" also holds for "ann@". LINE: the id itself.
    Raises AddressRefused.
    """
    match channel:
        case Channel.WHATSAPP:
            return _phone(written[:_LONGEST], region)
        case Channel.EMAIL:
            return _email(written[:_LONGEST])
        case Channel.LINE:
            return _line_id(written[:_LONGEST])


@lru_cache(maxsize=1_024)
def _email(written: str) -> str:
    match = _ANGLED.search(written)
    text = (match[1] or match[2] if match else written).strip().rstrip(".,;")
    try:
        # No DNS look-up: the book is read offline, and delivery tells what is really reachable.
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise AddressRefused("email-invalid", str(error)) from None
    return (found.ascii_email or found.normalized).lower()


@lru_cache(maxsize=1_024)
def _phone(written: str, region: str | None) -> str:
    text = written.strip()
    if text.startswith("00"):
        text = "+" + text[2:]
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        international = error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE
        missing = international and region is None and not text.startswith("+")
        raise AddressRefused("phone-without-country" if missing else "phone-invalid") from None
    if number.extension or not phonenumbers.is_valid_number(number):
        raise AddressRefused("phone-invalid")
    if phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.FIXED_LINE:
        raise AddressRefused("phone-landline")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _line_id(written: str) -> str:
    text = written.strip()
    if not _LINE_ID.fullmatch(text):
        raise AddressRefused("line-id-invalid")
    return text
