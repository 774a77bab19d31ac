"""Words with buttons under them that stay: a Flex bubble, its words whole in the alt text.

Quick replies vanish with the next message of either side; a card keeps its buttons. The alt text
is what notifications, old apps and screen readers show, so a card is made only of words that fit
there whole. Links are not clickable in a card, so words with one go as plain text.

Source: LINE Messaging API reference "Flex Message", read 2026-11-23.
"""

import re
from collections.abc import Mapping, Sequence

from campaigns.channels.line.dress import units

ALT_LIMIT = 1_500  # UTF-16 code units
MOST_BUTTONS = 4  # more would be taller than the words
_LINK = re.compile(r"https?://|www\.|line\.me/", re.IGNORECASE)


def fits(text: str, buttons: Sequence[object]) -> bool:
    """Whether words and buttons make a card."""
    return (
        0 < len(buttons) <= MOST_BUTTONS and units(text) <= ALT_LIMIT and _LINK.search(text) is None
    )


def card(text: str, actions: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """Return the message object: the words, and a button for each action, the first standing out."""
    buttons = [
        {
            "type": "button",
            "style": "secondary" if place else "primary",
            "height": "sm",
            "action": action,
        }
        for place, action in enumerate(actions)
    ]
    words = {"type": "text", "text": text, "wrap": True, "size": "sm"}
    return {
        "type": "flex",
        "altText": text,
        "contents": {
            "type": "bubble",
            "body": {"type": "box", "layout": "vertical", "contents": [words]},
            "footer": {
                "type": "box",
                "layout": "vertical",
                "spacing": "sm",
                "contents": buttons,
            },
        },
    }
