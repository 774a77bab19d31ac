"""Clauses known by their build, not by how they begin: remarks, lead-ins, notes on the writing.

A remark has a subject that is no customer. It goes on to the next pause, to a request ("could you
…") or, as a lead-in, to the order it leads to: "he's desperate for | a renewal push to …". A
fragment ("Ugh Mondays", "on my way to the airport") counts only before everything else; a note on
the writing begins with a verb of writing and has no word in it that could choose anybody.
"""

import re
from collections.abc import Collection
from itertools import pairwise

from campaigns.ai.embedded.requests import harmless
from campaigns.ai.embedded.requests.choosing import is_harmless, is_said_of_ours, is_told_of_named
from campaigns.ai.embedded.requests.plain import WORD, asks_for_some, is_verb, listed, said_plainly
from campaigns.ai.embedded.requests.remarks import are_ordinary, is_remark, is_said_of_us, unnames
from campaigns.ai.embedded.requests.row import Row
from campaigns.ai.embedded.requests.senses import Names, Occasion, Purpose, Tag, Unknown, Zones
from campaigns.ai.embedded.requests.subjects import subject_end

_ENDS = (Tag.STOP, Tag.CLOSE, Tag.COMMA, Tag.COLON, Tag.ASIDE)
_OURS = ("we", "our", "i", "there", "it", "you", "bma")  # what they have or do may be the news
_SAID_OF_NAMED = ("they", "they're", "they've", "he", "she", "he's", "she's", "it", "it's", "both")
# Known words that say nothing of customers, in a piece without a subject.
_LIGHT = (
    *(
        Tag.FILLER,
        Tag.THE,
        Tag.A,
        Tag.BE,
        Tag.AND,
        Tag.US,
        Tag.TO,
        Tag.FOR,
        Tag.WITH,
        Tag.IN,
        Tag.ON,
    ),
    *(Tag.AT, Tag.OF, Tag.FROM, Tag.BY, Tag.KIND, Tag.ALL, Tag.NEVER, Tag.PARTICLE, Tag.THAT),
    *(Tag.WHEN, Tag.DECORATION, Tag.MESSAGE, Tag.ABOUT),
)
_TO_ORDER = (Tag.A, Tag.THE, Tag.KIND, Tag.FILLER, Tag.NEW)
# How a request begins: what stands before is over.
REQUESTS = re.compile(
    r"(?:please|pls|kindly|(?:could|can|may|might|would) (?:you|u|we|i|someone|somebody|one of you)"
    r"|(?:i|we)(?:'d| would) (?:like|be|love))\b"
)
# What stands between a lead-in and its order: "my boss wants |", "he is dying for |".
_LEADS_ON = re.compile(
    r"(?:[\s']+(?:wants?|wanted|needs?|needed|would|like|likes|loves?|d|asks?|asked|for|to|a|an|us|me|after))+\s*$"
)
_WHAT_FOR = re.compile(r"(?:in order |so as )?to ([a-z]+)")
_NEGATED = re.compile(r"(?:do not|don't|dont|never|no need to)\s+")


def remark(row: Row, at: int) -> int | None:
    """Return where the remark ends that begins at `at`, None where none does."""
    ours = subject_end(row, row.items[at].start) is not None
    said_of = row.items[at].key.split(" ")[0] in _SAID_OF_NAMED
    of_named = row.names_each and (ours or said_of)
    if not of_named and not ours:
        return None
    end, orders = _end(row, at, of_named=of_named)
    if end <= at + 1 or says_what_to_send(row, at, end):
        return None
    start, stop = row.items[at].start, row.items[end - 1].end
    if of_named and not orders and not unnames(row.text[start:stop]):
        return end
    if orders and not any(isinstance(row.sense(i), Unknown) for i in range(at, end)):
        return None  # "I would like to": nothing there needs setting aside
    stop = start + len(_LEADS_ON.sub("", row.text[start:stop])) if orders else stop
    return end if is_remark(row, at, end, stop) else None


def _end(row: Row, first: int, *, of_named: bool) -> tuple[int, bool]:
    """Return where a clause of harmless items ends, `first` for none, and whether an order follows."""
    at = first
    while at < len(row) and row.tag(at) not in _ENDS:
        if at > first and REQUESTS.match(row.text, row.items[at].start):
            return at, False
        if at > first and not of_named and _begins_order(row, at):
            return at, True
        if at > first and row.tag(at) is Tag.BUT and _turns_to_request(row, at):
            return at, False
        told = (of_named and is_told_of_named(row, at)) or is_said_of_ours(row, first, at)
        if not told and not is_harmless(row, at, asks=False, first=at == first):
            return first, False
        at += 1
    return at, False


def _turns_to_request(row: Row, at: int) -> bool:
    """Whether "but" only turns from a remark to the request: "it's late but please …"."""
    return at + 1 < len(row) and REQUESTS.match(row.text, row.items[at + 1].start) is not None


def _begins_order(row: Row, at: int) -> bool:
    """Whether what is sent begins at `at`, and to whom follows before the next pause."""
    sent = row.after(at - 1, _TO_ORDER)
    sense = row.sense(sent)
    if not (isinstance(sense, Purpose | Occasion) or row.tag(sent) in (Tag.MESSAGE, Tag.SEND)):
        return False
    if row.tag(sent) is Tag.SEND and row.items[sent].key.split(" ")[0] not in listed("sending"):
        return False
    behind = sent + 1
    while behind < len(row) and row.tag(behind) not in _ENDS:
        if isinstance(row.sense(behind), Names | Zones) or row.tag(behind) is Tag.EVERYONE:
            return True
        behind += 1
    return False


def says_what_to_send(row: Row, first: int, last: int) -> bool:
    """Whether a clause may be what is sent, or alone says what kind of message it is."""
    inside, outside = range(first, last), (i for i in range(len(row)) if not first <= i < last)
    if any(isinstance(row.sense(i), Occasion) or row.tag(i) is Tag.NEWS for i in inside):
        return True
    ours = row.items[first].key.split(" ")[0].split("'")[0] in _OURS
    trade = (Tag.TOPIC, Tag.NEW, Tag.TOPIC_FIGURE)
    if ours and any(row.tag(i) in trade and not harmless.holds(row.items[i].key) for i in inside):
        return True
    cued = any(isinstance(row.sense(i), Purpose) for i in inside)
    kinds = (Purpose, Occasion)
    return cued and not any(
        isinstance(row.sense(i), kinds) or row.tag(i) in (Tag.ENDS, Tag.ENDED) for i in outside
    )


def fragment(row: Row, at: int, taken: Collection[int]) -> int | None:
    """Return where a harmless piece without a subject ends that stands before everything else."""
    if not all(i in taken or row.tag(i) in (*_ENDS, Tag.FILLER) for i in range(at)):
        return None
    end, _ = _end(row, at, of_named=False)
    if end <= at or end >= len(row):
        return None
    return end if _is_all_harmless(row, at, end) else None


def _is_all_harmless(row: Row, first: int, last: int) -> bool:
    """Whether every unknown word of these items is in the lists, and no known one is of the trade."""
    start, end = row.items[first].start, row.items[last - 1].end
    unknown = [i for i in range(first, last) if isinstance(row.sense(i), Unknown)]
    known = all(
        i in unknown
        or row.tag(i) in _LIGHT
        or harmless.is_time(row.items[i].key)
        or harmless.is_noun(row.items[i].key)
        for i in range(first, last)
    )
    words = [
        said_plainly(word[0])
        for i in unknown
        for word in WORD.finditer(row.text, row.items[i].start, row.items[i].end)
    ]
    small = listed("small") | listed("hedges") | listed("prepositions") | listed("determiners")
    small |= listed("joins") | listed("counting") | listed("numbers")
    enough = last - first > 1 or len(words) > 1 or any(map(harmless.is_time, words))  # "Mondays!"
    plain = all(word in small or harmless.holds(word) for word in words)
    if not (words and known and enough and plain):
        return False
    return not (is_addressed(row.text, start, end) or asks_for_some(row.text, start, end))


def is_addressed(text: str, start: int, end: int) -> bool:
    """Whether somebody is told to get it: "the message is for managers"."""
    words = [said_plainly(word[0]) for word in WORD.finditer(text, start, end)]
    return any(led in ("for", "to") and harmless.is_ours(word) for led, word in pairwise(words))


def purpose(row: Row, at: int) -> int | None:
    """Return where "to drive retention," ends: what for, set off from the order by a pause."""
    start = row.items[at].start
    found = _WHAT_FOR.match(row.text, start)
    if found is None or not is_verb(found[1]) or found[1] in listed("sending"):
        return None
    end, orders = _end(row, at, of_named=False)
    if end <= at or orders or (at == 0 and end >= len(row)):
        return None
    stop = row.items[end - 1].end
    if asks_for_some(row.text, found.end(), stop) or says_what_to_send(row, at, end):
        return None
    ordinary = all(
        are_ordinary(row, i) for i in range(at, end) if isinstance(row.sense(i), Unknown)
    )
    return end if ordinary else None


def note(row: Row, at: int) -> int | None:
    """Return where a note on the writing ends: "use our letterhead", "don't oversell it"."""
    start = row.items[at].start
    refused = _NEGATED.match(row.text, start)
    verb = WORD.match(row.text, refused.end() if refused else start)
    if verb is None or verb[0] not in listed("writing"):
        return None
    end = at
    while end < len(row) and row.tag(end) not in _ENDS:
        denies = refused is not None and row.items[end].start < refused.end()
        if not denies and not is_harmless(row, end, asks=False, first=False):
            return None
        end += 1
    stop = row.items[end - 1].end
    if asks_for_some(row.text, verb.end(), stop) or says_what_to_send(row, at, end):
        return None
    return end if is_said_of_us(row, at, end, verb.end()) else None
