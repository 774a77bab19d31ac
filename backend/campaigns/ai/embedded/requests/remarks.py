"""Remarks: clauses with a subject of their own that speak of us or of the time, never of customers.

"It's been ages", "the printer died again", "I was chatting to Khun Som": whatever ordinary words
stand in them, no customer is chosen. A clause is a remark only where its subject is no customer
(subjects.py), each word is an ordinary one in its place (plain.py), and none asks for anybody ("we
want luxury", "it must have …") or is something that a customer can be or have ("five star", "a pool").
"""

from campaigns.ai.embedded.requests.plain import (
    TITLES,
    WORD,
    asks_for_some,
    counts_time,
    is_ordinary,
    is_plain,
    listed,
)
from campaigns.ai.embedded.requests.row import Row
from campaigns.ai.embedded.requests.senses import Figure, Tag, Unknown
from campaigns.ai.embedded.requests.subjects import subject_end


def are_ordinary(row: Row, at: int, subject: int = 0) -> bool:
    """Whether the unknown words at `at` are ordinary ones that no customer can be or have.

    A capital may only begin the sentence; behind a title it is somebody's name. Words before
    character `subject` are those of a known subject.
    """
    item = row.items[at]
    begins = at == 0 or row.tag(at - 1) in (Tag.STOP, Tag.COLON, Tag.ASIDE, Tag.DECORATION)
    title = row.items[at - 1].key.split(" ")[-1] in TITLES if at else False
    previous = ""
    for number, found in enumerate(WORD.finditer(item.words)):
        word = found[0].lower() if begins and not number else found[0]
        led = row.items[at - 1].key.split(" ")[-1] if at and not number else previous
        somebody = led in ("by", "with", "told", "asked") and not is_ordinary(found[0].lower())
        named = found[0].lower() in TITLES or (found[0][0].isupper() and (title or somebody))
        previous = found[0].lower()
        known = item.start + found.start() < subject
        start, end = item.start + found.start(), item.start + found.end()
        if not (named or known) and (not is_ordinary(word) or asks_for_some(row.text, start, end)):
            return False
        title = word.lower() in TITLES
    return not row.is_thai(at)


def unnames(text: str) -> bool:
    """Whether a word of `text` takes some of the named customers out, or asks for a way to write."""
    return not {word[0] for word in WORD.finditer(text)}.isdisjoint(listed("unnaming"))


def is_remark(row: Row, first: int, last: int, stop: int) -> bool:
    """Whether items `first` to `last` (exclusive), all harmless, are a remark.

    Up to character `stop` no word of it may ask for anybody.
    """
    frame = subject_end(row, row.items[first].start, row.items[last - 1].end)
    if frame is None or asks_for_some(row.text, frame, stop):
        return False
    return is_said_of_us(row, first, last, frame)


def is_said_of_us(row: Row, first: int, last: int, subject: int) -> bool:
    """Whether the unknown words of a clause whose subject ends at character `subject` are plain."""
    if any(
        isinstance(row.sense(i), Figure) and not counts_time(row.text, row.items[i].end)
        for i in range(first, last)
    ):
        return False
    unknown = [i for i in range(first, last) if isinstance(row.sense(i), Unknown)]
    return all(are_ordinary(row, i, subject) for i in unknown) and all(
        is_plain(row.text, word, subject)
        for i in unknown
        for word in WORD.finditer(row.text, row.items[i].start, row.items[i].end)
        if word.start() >= subject
    )
