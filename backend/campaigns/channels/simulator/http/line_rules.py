"""What LINE's Messaging API takes and how it refuses, as its documentation says.

Stricter than LINE where leniency would hide a mistake of ours: unknown properties are refused.
Source: LINE Messaging API reference, read 2026-11-23.
"""

import uuid
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, ValidationError
from starlette.responses import JSONResponse

from campaigns.channels.simulator.http.line_flex import FlexBubble, Postback, Strict

MOST_BYTES = 2_000_000
MOST_UNITS = 5_000
MOST_ALT_UNITS = 1_500


def _units(text: str, most: int = MOST_UNITS) -> str:
    if len(text.encode("utf-16-le")) // 2 > most:
        raise ValueError(f"Length must be between 0 and {most}")
    return text


def _alt_units(text: str) -> str:
    return _units(text, MOST_ALT_UNITS)


class Item(Strict):
    """A quick reply."""

    type: Literal["action"]
    action: Postback


class QuickReply(Strict):
    """The quick replies under a message."""

    items: Annotated[list[Item], Field(min_length=1, max_length=13)]


class Text(Strict):
    """Words."""

    type: Literal["text"]
    text: Annotated[str, Field(min_length=1), AfterValidator(_units)]
    quickReply: QuickReply | None = None  # noqa: N815


class Flex(Strict):
    """A card; its words for where cards cannot be shown."""

    type: Literal["flex"]
    altText: Annotated[str, Field(min_length=1), AfterValidator(_alt_units)]  # noqa: N815
    contents: FlexBubble
    quickReply: QuickReply | None = None  # noqa: N815


def postbacks(bubble: Text | Flex) -> list[Postback]:
    """Return what can be pressed in and under a message."""
    replies = [item.action for item in bubble.quickReply.items] if bubble.quickReply else []
    return [*(bubble.contents.postbacks if isinstance(bubble, Flex) else ()), *replies]


Bubble = Annotated[Text | Flex, Field(discriminator="type")]
UserId = Annotated[str, Field(pattern=r"^U[0-9a-f]{32}$")]
Unit = Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{1,30}$")]


class Push(Strict):
    """POST /v2/bot/message/push."""

    to: UserId
    messages: Annotated[list[Bubble], Field(min_length=1, max_length=5)]
    notificationDisabled: bool = False  # noqa: N815
    customAggregationUnits: Annotated[list[Unit], Field(max_length=1, default_factory=list)]  # noqa: N815


def _distinct(users: list[str]) -> list[str]:
    if len(set(users)) < len(users):
        raise ValueError("The same user is named twice")
    return users


class Multicast(Strict):
    """POST /v2/bot/message/multicast."""

    to: Annotated[list[UserId], Field(min_length=1, max_length=500), AfterValidator(_distinct)]
    messages: Annotated[list[Bubble], Field(min_length=1, max_length=5)]
    notificationDisabled: bool = False  # noqa: N815
    customAggregationUnits: Annotated[list[Unit], Field(max_length=1, default_factory=list)]  # noqa: N815


class Validate(Strict):
    """POST /v2/bot/message/validate/push."""

    messages: Annotated[list[Bubble], Field(min_length=1, max_length=5)]


class Refusal(Exception):
    """LINE's no."""

    def __init__(self, status: int, message: str, *details: tuple[str, str]) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.details = details

    @property
    def response(self) -> JSONResponse:
        """The answer in LINE's form."""
        body: dict[str, Any] = {"message": self.message}
        if self.details:
            body["details"] = [{"message": m, "property": p} for p, m in self.details]
        return JSONResponse(body, self.status)


def read(kind: type[BaseModel], raw: bytes) -> Any:
    """Read a body of this kind; raise `Refusal` as LINE would."""
    if len(raw) > MOST_BYTES:
        raise Refusal(413, "Request Entity Too Large")
    try:
        return kind.model_validate_json(raw)
    except ValidationError as error:
        faults = [(_place(e["loc"]), e["msg"]) for e in error.errors()]
        number = f"The request body has {len(faults)} error(s)"
        raise Refusal(400, number, *faults) from error


def retry_key(written: str | None) -> str | None:
    """Return a retry key; raise `Refusal` when it is no UUID."""
    if written is None:
        return None
    try:
        return str(uuid.UUID(written))
    except ValueError as error:
        raise Refusal(400, "The retry key must be a UUID in hexadecimal notation") from error


def _place(loc: tuple[int | str, ...]) -> str:
    """Return a place as LINE writes it: "messages[0].text"."""
    place = ""
    for before, part in zip((None, *loc), loc, strict=False):
        if isinstance(part, int):
            place += f"[{part}]"
        elif isinstance(before, int) and part in ("text", "flex"):
            continue  # which kind of message it was read as
        else:
            place += f".{part}" if place else part
    return place
