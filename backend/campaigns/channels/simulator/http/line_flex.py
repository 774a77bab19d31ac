"""The Flex messages LINE takes, as far as ours go; the rest is refused, so that it is noticed.

Source: LINE Messaging API reference "Flex Message", read 2026-11-23.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Strict(BaseModel):
    """A body part in which every property is known."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Postback(Strict):
    """A button or quick reply that comes back as data."""

    type: Literal["postback"]
    label: Annotated[str, Field(min_length=1, max_length=20)]
    data: Annotated[str, Field(min_length=1, max_length=300)]
    displayText: Annotated[str, Field(max_length=300)] | None = None  # noqa: N815 - LINE's names


class FlexText(Strict):
    """Words in a card."""

    type: Literal["text"]
    text: Annotated[str, Field(min_length=1)]
    wrap: bool = False
    size: Literal["xs", "sm", "md", "lg", "xl"] = "md"


class FlexButton(Strict):
    """A button in a card."""

    type: Literal["button"]
    style: Literal["primary", "secondary", "link"] = "link"
    height: Literal["sm", "md"] = "md"
    action: Postback


class FlexBox(Strict):
    """What a card is divided into."""

    type: Literal["box"]
    layout: Literal["vertical", "horizontal", "baseline"]
    spacing: Literal["none", "xs", "sm", "md", "lg", "xl", "xxl"] = "none"
    contents: list[Annotated["FlexBox | FlexText | FlexButton", Field(discriminator="type")]]


class FlexBubble(Strict):
    """One card."""

    type: Literal["bubble"]
    header: FlexBox | None = None
    body: FlexBox | None = None
    footer: FlexBox | None = None

    @property
    def postbacks(self) -> list[Postback]:
        """What can be pressed, from top to bottom."""
        return [p for box in (self.header, self.body, self.footer) for p in _postbacks(box)]


def _postbacks(part: Any) -> Iterator[Postback]:
    match part:
        case FlexBox():
            for inner in part.contents:
                yield from _postbacks(inner)
        case FlexButton():
            yield part.action
        case _:
            pass
