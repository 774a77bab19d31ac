"""The address of an inbound reply in its one normal form: exact, never a guess."""

import re
import unicodedata

from campaigns.model.customer import Channel

_SEPARATORS = re.compile(r"[\s().\-/]+")
_TRUNK_ZERO = re.compile(r"\(\s*0\s*\)")  # "+66 (0)85…": the zero is dialled only at home
_E164 = re.compile(r"\+[1-9][0-9]{7,14}")
_EMAIL = re.compile(r"[^@\s<>,;\"]{1,64}@(?:[^@\s<>,;\".]+\.)+[^@\s<>,;\".]{2,}")
_LINE_ID = re.compile(r"U[0-9a-f]{32}")
_LONGEST_EMAIL = 254


def normalise_identifier(identifier: str, channel: Channel) -> str | None:
    """Return the normal form of an address on `channel`, or None when it is none.

    Phones become E.164: they need a leading + or 00 and 8 to 15 digits, for without a country
    code the number is anybody's. E-mail keeps its local part and lower-cases its domain. A LINE
    id is "U" and 32 hex digits. What is missing is never filled in.
    """
    text = "".join(
        c for c in unicodedata.normalize("NFKC", identifier) if unicodedata.category(c) != "Cf"
    ).strip()
    match channel:
        case Channel.WHATSAPP:
            return _phone(text)
        case Channel.EMAIL:
            return _email(text)
        case Channel.LINE:
            return _line_id(text)


def _phone(text: str) -> str | None:
    digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    number = _SEPARATORS.sub("", _TRUNK_ZERO.sub("", digits))
    if number.startswith("00"):
        number = f"+{number[2:]}"
    return number if _E164.fullmatch(number) else None


def _email(text: str) -> str | None:
    if len(text) > _LONGEST_EMAIL or not _EMAIL.fullmatch(text):
        return None
    local, _, domain = text.rpartition("@")
    return f"{local}@{domain.lower()}"


def _line_id(text: str) -> str | None:
    folded = text[:1].upper() + text[1:].lower()
    return folded if _LINE_ID.fullmatch(folded) else None
