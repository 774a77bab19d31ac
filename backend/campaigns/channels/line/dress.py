"""A rendered text as LINE sends it: plain text, of limited length."""

from campaigns.model.message import Message

# UTF-16 code units of one text message (Messaging API reference, "Text message", read 2026-11).
TEXT_LIMIT = 5_000


def units(text: str) -> int:
    """Return the length LINE counts: UTF-16 code units, so an emoji is two."""
    return len(text.encode("utf-16-le")) // 2


def problem(message: Message) -> str | None:
    """Return why LINE would refuse this message's form, or None."""
    if not message.text.strip():
        return "The text is empty; LINE refuses empty messages."
    if (length := units(message.text)) > TEXT_LIMIT:
        return f"The text has {length} UTF-16 units; LINE takes {TEXT_LIMIT:,}."
    return None
