"""A message's words taken back into slot form, so that they can be rewritten without its facts."""

import re
from collections.abc import Mapping

from campaigns.model.text import Rendered

HOUSE_TAIL = 3  # paragraphs: call to action, signature, way out


def middle(
    text: str, rendered: Rendered, phrases: Mapping[str, str]
) -> tuple[tuple[str, ...], ...]:
    """Return the paragraphs of `text` between greeting and call to action, facts as slots.

    `rendered` is what the cohort's text makes of the same message: what of it still stands at
    both ends of `text` is the house's own. `phrases` are the house's words for slots of the
    text; those with slots of their own stand at its ends only.
    """
    values = {n: words for n, words in phrases.items() if "{" not in words} | {**rendered.values}
    own = rendered.text.split("\n\n")
    paragraphs = [p for p in text.split("\n\n") if p.strip()]
    if paragraphs and paragraphs[0] == own[0]:
        paragraphs = paragraphs[1:]
    for tail in reversed(own[-HOUSE_TAIL:]):
        if paragraphs and paragraphs[-1] == tail:
            paragraphs = paragraphs[:-1]
    return tuple((slotted(p, values),) for p in paragraphs)


def slotted(words: str, values: Mapping[str, str]) -> str:
    """Return `words` with known values made slots again, the longest first."""
    slots = {value: slot for slot, value in values.items() if value}
    if not slots:
        return words
    longest_first = "|".join(re.escape(v) for v in sorted(slots, key=len, reverse=True))
    return re.sub(longest_first, lambda m: f"{{{slots[m[0]]}}}", words)
