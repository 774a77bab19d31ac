"""What becomes of a written message: other words, a source for its claims, a reserve."""

import re
from dataclasses import replace

from campaigns.flow import guard
from campaigns.model.message import Check, Message, MessageStatus
from campaigns.model.text import Rendered

# What no record can decide: a person may name the source instead.
NEEDS_SOURCE = frozenset({"claim", "statement", "wording", "negation", "name", "language"})


def with_reserve(message: Message, reserve: Message) -> Message:
    """Return a message with another in reserve; one that did not pass its checks is none."""
    if guard.passes(reserve.checks):
        return replace(message, reserve=reserve)
    wrong = next(c for c in reserve.checks if not c.ok)
    why = f"none by {reserve.channel.value}: {wrong.check} {wrong.found or wrong.expected or ''}"
    return replace(message, checks=(*message.checks, Check(check="reserve", ok=True, expected=why)))


def sourced(message: Message, source: str) -> Message:
    """Return a blocked message whose claims a person names the source of.

    Only what the record cannot decide: a figure, a date or a zone that is not the record's
    stays blocked, and so does a broken form.
    """
    checks = tuple(
        replace(c, ok=True, source=source) if not c.ok and c.check in NEEDS_SOURCE else c
        for c in message.checks
    )
    passed = guard.passes(checks)
    return replace(
        message, checks=checks, status=MessageStatus.VERIFIED if passed else MessageStatus.BLOCKED
    )


def reworded(rendered: Rendered, text: str, subject: str) -> Rendered:
    """Return `rendered` with a person's words.

    Where only values changed and the prose around them did not, the values are read back, so
    that the words can still be sent as the same template; else `body` is empty.
    """
    parts = re.split(r"\{([a-z_]+)\}", rendered.body)
    seen: set[str] = set()
    pattern = ""
    for i, part in enumerate(parts):
        if i % 2 == 0:
            pattern += re.escape(part)
        else:
            pattern += f"(?P={part})" if part in seen else f"(?P<{part}>.+?)"
            seen.add(part)
    same = re.fullmatch(pattern, text) if rendered.body else None
    return replace(
        rendered,
        text=text,
        subject=subject,
        body=rendered.body if same else "",
        values=same.groupdict() if same else rendered.values,
    )
