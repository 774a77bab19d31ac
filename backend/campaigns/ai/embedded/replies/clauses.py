"""The parts of a reply: what it says without greeting and signature, and its clauses.

A reply may say two things ("renew, but fix Edge first"); its clauses are read one by one.
"""

import re
from collections.abc import Iterator

from campaigns.ai.embedded.replies.fold import Hit

MOST_CLAUSES = 12
_MOST_LETTERS = 600  # of the whole reply, for the sentence encoder: more blurs the meaning
_FEWEST_LETTERS = 6

_GREETING = re.compile(
    r"\A\s*(?:dear|hi|hello|hey|good (?:morning|afternoon|evening|day)|เรียน|สวัสดี)\b[^\n,]{0,40}[,\n]\s*",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:^|(?<=[.!?])\s+|\n\s*)(?:(?:best|kind|warm|many|with) )*"
    r"(?:regards|wishes|sincerely|yours \w+|cheers|rgds|br|best|thanks|thank you|ขอแสดงความนับถือ|ด้วยความนับถือ|"
    r"saludos|cordialement|mit freundlichen grüßen|viele grüße|cordiali saluti|atenciosamente)"
    r"\s*[,.!]?\s*(?:\n|[A-Z][\w.]+(?: [A-Z][\w.]+){0,2}(?:,[^\n]{0,60})?\s*\Z)",
    re.IGNORECASE,
)
_NOT_WORDS = (
    (re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE), "link"),
    (re.compile(r"\S+@\S+\.\w+"), "e-mail"),
    (re.compile(r"\+?\d[\d\s().-]{6,}\d"), "number"),
)
_DEVICE = re.compile(r"\n\s*(?:sent from my|get outlook for|ส่งจาก)\b[^\n]*\s*\Z", re.IGNORECASE)
_BREAK = re.compile(
    r"[.!?;]+(?=\s|\Z)|[。！？、，]|\n+|,(?=\s)|\s[-–—]+\s"
    r"|\b(?:but|however|although|though|by the way|btw|because|also|so (?=we\b|i\b)|pero|aber|mais)\b"
    r"|แต่|ส่วน|เพราะ|但是|可是",
    re.IGNORECASE,
)


def spoken(text: str, part: Hit) -> str:
    """Return a part for the sentence encoder: short, addresses and long numbers as words."""
    words = text[part.start : part.end][:_MOST_LETTERS]
    for pattern, word in _NOT_WORDS:
        words = pattern.sub(word, words)
    return words


def body(text: str) -> Hit:
    """Return the range of a normalised reply without greeting, signature and device line."""
    start, end = 0, len(text)
    if found := _GREETING.match(text):
        start = found.end()
    for pattern in (_DEVICE, _CLOSING):
        found = pattern.search(text, start, end)
        if found and text[start : found.start()].strip():
            end = found.start()
    return Hit(start, end) if text[start:end].strip() else Hit(0, len(text))


def clauses(text: str, within: Hit) -> Iterator[Hit]:
    """Yield the clauses of a part of a reply, in order; none when it is a single one."""
    found = list(_clauses(text, within))
    if len(found) > 1 or any(_letters(text, h) < _letters(text, within) for h in found):
        yield from found[:MOST_CLAUSES]


def _clauses(text: str, within: Hit) -> Iterator[Hit]:
    start = within.start
    for gap in [*_BREAK.finditer(text, within.start, within.end), None]:
        end = gap.start() if gap else within.end
        clause = text[start:end]
        if _letters(text, Hit(start, end)) >= _FEWEST_LETTERS:
            lead = len(clause) - len(clause.lstrip())
            # The mark that ends it belongs to it: a question is one by its question mark.
            tail = (
                gap.end()
                if gap and gap.group().strip() in {"?", "？"}
                else start + len(clause.rstrip())
            )
            yield Hit(start + lead, tail)
        start = gap.end() if gap else end


def _letters(text: str, part: Hit) -> int:
    return sum(map(str.isalnum, text[part.start : part.end]))
