"""The forms settings may have: each check takes what was given and says how it is to be written."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, SecretStr

from campaigns.model.customer import Channel
from campaigns.model.delivery import WarmUp
from campaigns.model.locales import is_known
from campaigns.model.people import PersonRole
from campaigns.model.urls import LOOPBACK

_YEARLY = re.compile(r"([A-Z]{3}) ?= ?(\d{1,12}(?:\.\d{1,2})?)", re.ASCII)
_WARM_UP = re.compile(
    r"(whatsapp|line|email) ?= ?(\d{4}-\d\d-\d\d) ?: ?([1-9]\d{0,8}(?:/[1-9]\d{0,8})*)", re.ASCII
)
_DATABASE = re.compile(r"postgres(ql)?(\+psycopg)?://\S+")
_WINDOW = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")


def known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"{name!r} is no IANA time zone such as Asia/Bangkok") from error
    return name


def window(text: str) -> str:
    if text != "always" and not _WINDOW.fullmatch(text):
        raise ValueError('use "HH:MM-HH:MM" such as 09:00-18:00, or "always"')
    return text


def channels(text: object) -> object:
    """Accept "1", "all" or "whatsapp,line"."""
    if not isinstance(text, str):
        return text
    words = [w.strip().lower() for w in text.split(",") if w.strip()]
    if words in (["1"], ["all"], ["true"], ["yes"]):
        return frozenset(Channel)
    if words in ([], ["0"], ["false"], ["no"]):
        return frozenset()
    return frozenset(Channel(w) for w in words)


def days(text: object) -> object:
    """Accept "2025-12-05,2026-01-01"."""
    if not isinstance(text, str):
        return text
    try:
        return frozenset(date.fromisoformat(w.strip()) for w in text.split(",") if w.strip())
    except ValueError as error:
        raise ValueError("use dates such as 2025-12-05,2026-01-01") from error


def price(text: str | None) -> str | None:
    if text is not None and not re.fullmatch(r"\d+(\.\d+)?/\d+(\.\d+)?", text):
        raise ValueError('use "INPUT/OUTPUT" in dollars a million tokens, such as 2.50/10')
    return text


def model_url(url: str | None) -> str | None:
    if url and not re.match(r"https?://[^/\s]+", url):
        raise ValueError("use a full address such as https://models.example.com/v1")
    return url or None


def public_url(url: str) -> str:
    if url and not re.match(r"https?://[^/\s]+", url):
        raise ValueError("use a full address such as https://campaigns.example.com")
    return url.rstrip("/")


def database_url(url: SecretStr | None) -> SecretStr | None:
    """Accept PostgreSQL's; nothing of it is repeated, for it has a password in it."""
    said = url.get_secret_value() if url else ""
    if said and not _DATABASE.fullmatch(said):
        raise ValueError("use postgresql://user:password@host/name, or leave it out for SQLite")
    return url if said else None


def base_url(url: str) -> str:
    """Accept https, or http on this machine: the access token goes there."""
    found = re.match(r"(https?)://(\[[^\]]+\]|[^/:\s]+)", url)
    if found is None:
        raise ValueError("use a full address such as https://graph.facebook.com")
    if found[1] == "http" and found[2].strip("[]") not in LOOPBACK:
        raise ValueError("use https: http is for a server on this machine only")
    return url.rstrip("/")


def issuer(url: str | None) -> str | None:
    """Accept https, or http on this machine; kept letter by letter, for the provider says it so."""
    if url:
        base_url(url)
    return url or None


def token(secret: SecretStr) -> SecretStr:
    """Drop the line break a copied token often ends with; refuse what no token has inside."""
    bare = secret.get_secret_value().strip()
    if not re.fullmatch(r"[!-~]*", bare):
        raise ValueError("a token is one word of ASCII letters, digits and signs")
    return SecretStr(bare)


def a_month_or_for_ever(days: int) -> int:
    """Accept 0, or as long as a provider may still tell about a message."""
    if days != 0 and days < 30:
        raise ValueError("use 30 days or more, or 0 to keep texts for ever")
    return days


def words(text: object) -> object:
    """Accept "one.example, two.example"."""
    if not isinstance(text, str):
        return text
    return frozenset(w.strip().lower() for w in text.split(",") if w.strip())


def languages(text: object) -> object:
    """Accept "de,ja": ISO 639-1 codes."""
    if not isinstance(text, str):
        return text
    codes = [w.strip().lower() for w in text.split(",") if w.strip()]
    if unknown := [code for code in codes if not is_known(code)]:
        raise ValueError(f"{unknown[0]!r} is no language code such as de or ja")
    return frozenset(codes)


def roles(text: object) -> object:
    """Accept "sales=manager, heads=approver"."""
    if not isinstance(text, str):
        return text
    found = {}
    for pair in (w.strip() for w in text.split(",") if w.strip()):
        group, equals, role = pair.rpartition("=")
        if not (equals and group.strip() and role.strip() in set(PersonRole)):
            known = ", ".join(PersonRole)
            raise ValueError(f"use GROUP=ROLE pairs; {pair!r} is none. Roles: {known}")
        found[group.strip()] = PersonRole(role.strip())
    return found


def warm_ups(text: object) -> object:
    """Accept "email=2025-09-15:50/100/200": the first day, and the cap of each day."""
    if not isinstance(text, str):
        return text
    found: dict[Channel, WarmUp] = {}
    for one in (w.strip() for w in text.split(",") if w.strip()):
        given = _WARM_UP.fullmatch(one)
        if given is None or given[1] in found:
            raise ValueError(
                f"{one!r}: use one CHANNEL=FIRST-DAY:CAP/CAP/... each, such as "
                "email=2025-09-15:50/100/200/400; caps are above 0"
            )
        found[Channel(given[1])] = WarmUp(
            starts_on=date.fromisoformat(given[2]),
            daily=tuple(int(cap) for cap in given[3].split("/")),
        )
    return found


def yearly(text: object) -> object:
    """Accept "THB=200000,EUR=6000": an amount a year for each currency, never converted."""
    if not isinstance(text, str):
        return text
    found: dict[str, Decimal] = {}
    for pair in (w.strip() for w in text.split(",") if w.strip()):
        given = _YEARLY.fullmatch(pair)
        if given is None or given[1] in found or not Decimal(given[2]):
            raise ValueError(
                f"{pair!r}: use one CURRENCY=AMOUNT each, such as THB=200000,EUR=6000; amounts are "
                "above 0 and without commas"
            )
        found[given[1]] = Decimal(given[2])
    return found


Token = Annotated[SecretStr, AfterValidator(token)]
