"""Values as Meta writes them."""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BeforeValidator


def _moment(value: object) -> datetime:
    """Read Unix seconds, as a number or in digits."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("no Unix time")  # noqa: TRY004 - pydantic reports ValueError
    try:
        return datetime.fromtimestamp(int(value), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise ValueError("no Unix time") from error


Moment = Annotated[datetime, BeforeValidator(_moment)]


def number(wa_id: str) -> str | None:
    """Return a WhatsApp id as a phone number with + and country code, None when it is none."""
    digits = wa_id.removeprefix("+")
    return f"+{digits}" if re.fullmatch(r"\d{7,15}", digits) else None
