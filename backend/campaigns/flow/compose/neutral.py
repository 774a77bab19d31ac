"""Customers' own words made safe to print: never layout, markup, a link or a slot."""

import re
import unicodedata

from campaigns.model.customer import Channel

# Full-width twins look the same, fold back to the plain sign (NFKC), and mean nothing to anybody.
_TWIN = {ord(c): chr(ord(c) + 0xFEE0) for c in "{}"}
# WhatsApp reads these as bold, italic, struck out and monospace.
_MARKUP = {ord(c): chr(ord(c) + 0xFEE0) for c in "*_~`"}
# Mail and chat programs turn "club.com" and "http://" into links.
_LINK_DOT = re.compile(r"(?<=[^\W\d_])\.(?=[^\W\d_]{2})")
_ONE_DOT = "\u2024"  # ONE DOT LEADER
_AT = re.compile(r"(?<=\w)@(?=\w)")


def neutralise(value: str, channel: Channel) -> str:
    """Return `value` on one line, without control or invisible characters, as plain text.

    What a program could take for markup, a link, an address or a slot is written with
    characters that look alike and fold back to it under NFKC.
    """
    visible = "".join(c for c in value if c.isspace() or unicodedata.category(c)[0] != "C")
    line = " ".join(visible.split()).translate(_TWIN).replace("://", ":\uff0f\uff0f")
    if channel is Channel.WHATSAPP:
        line = line.translate(_MARKUP)
    return _AT.sub("\uff20", _LINK_DOT.sub(_ONE_DOT, line))
