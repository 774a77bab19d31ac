"""Unknown words that cannot reach the audience: they are shown as not used, and not asked about.

A word that nobody knows may choose customers wherever it can belong to their name: beside it,
behind it, or in a piece of a sentence without a verb. It cannot where a preposition and something
that is sent stand between: before the order in a clause with a subject of ours ("Lena begged us to
announce … to …"), as an adjective of the message ("a sparkly Christmas card to …"), as the verb of
a letter that "is to be served on" somebody, or as an adverb that only says how ("respectfully").
Only ordinary words are taken so, never a name and nothing that a customer can be or have.
"""

import re

from campaigns.ai.embedded.requests.doubts import undoes
from campaigns.ai.embedded.requests.lead import leads_to_address
from campaigns.ai.embedded.requests.plain import asks_for_some, listed, says_how
from campaigns.ai.embedded.requests.remarks import are_ordinary, is_said_of_us
from campaigns.ai.embedded.requests.row import BREAKS, Row
from campaigns.ai.embedded.requests.senses import (
    Item,
    Names,
    Occasion,
    Purpose,
    Tag,
    Unknown,
    Via,
    When,
    Word,
    Zones,
)
from campaigns.ai.embedded.requests.subjects import subject_end
from campaigns.model.plan import CampaignType

_LONGEST_LEAD = 30  # items
_LONGEST_NAME = 2  # words
_IS = ("is", "it is", "it's", "this is", "are", "be", "that is", "that's")
_CLAUSE = (*BREAKS, Tag.COMMA, Tag.DECORATION)
_PEOPLE = (Tag.WHO, Tag.THOSE, Tag.EVERYONE, Tag.ALL, Tag.OTHER)
_SENT = (Tag.MESSAGE, Tag.TOPIC, Tag.NEWS)
_ORDERS = (Tag.SEND, Tag.MESSAGE)
_HARD = (Tag.NOT, Tag.NEVER, Tag.BUT, Tag.ONLY, Tag.OR, Tag.REL, Tag.WHEN, Tag.UNREAD)
_ADDRESSES = (Tag.TO, Tag.FOR)
_REQUESTS = re.compile(
    r"(?:please |pls )?(?:can|could|would|will|may|might|shall) (?:you|we|i|someone|somebody)\b"
)
_LEADS_ON = re.compile(r"(?:^| )(?:to|be|been|should|must|will|shall|gets?)$")


def idled(row: Row) -> Row:
    """Return `row` with the unknown words that cannot reach the audience made idle fillers."""
    idle = {at for at, _ in row if isinstance(row.sense(at), Unknown) and _is_idle(row, at)}
    return Row(row.request, [_made_idle(i) if at in idle else i for at, i in row])


def _made_idle(item: Item) -> Item:
    filler = Word(Tag.FILLER, idle=True)
    return Item(item.start, item.end, item.words, item.key, (filler,))


def _is_idle(row: Row, at: int) -> bool:
    if _hands_on(row, at):
        return True
    if not are_ordinary(row, at) or _names_people(row, at + 1):
        return False
    return (
        _leads_in(row, at)
        or _is_of_message(row, at)
        or _is_verb_of_message(row, at)
        or _says_how(row, at)
        or _is_of_occasion(row, at)
        or leads_to_address(row, at)
    )


def _names_people(row: Row, at: int) -> bool:
    people = isinstance(row.sense(at), Names | Zones) or row.tag(at) in _PEOPLE
    return people or (row.tag(at) in (Tag.AND, Tag.OR) and _names_people(row, row.after(at)))


def _is_sent(row: Row, at: int) -> bool:
    """Whether what is sent is named at `at`; a renewal may be of some customers' contracts."""
    sense = row.sense(at)
    if isinstance(sense, Purpose):
        return sense.type is not CampaignType.RENEWAL and not sense.opens
    return isinstance(sense, Occasion) or row.tag(at) in _SENT


def _hands_on(row: Row, at: int) -> bool:
    """Whether somebody hands the request on there: "Lena Berg asked us to announce …"."""
    *name, verb = row.items[at].words.split(" ")
    begins = row.before(at, (Tag.FILLER, Tag.COMMA, Tag.STOP, Tag.DECORATION, Tag.ASIDE)) < 0
    named = 0 < len(name) <= _LONGEST_NAME and all(part[:1].isupper() for part in name)
    hands = verb in listed("handing") and row.tag(at + 1) is Tag.US and at + 2 < len(row)
    return begins and named and hands and row.text.startswith("to ", row.items[at + 2].start)


def _is_of_occasion(row: Row, at: int) -> bool:
    """Whether it is all that is said of an occasion: "Christmas is coming!"."""
    of = row.tag(at - 1) is Tag.BE and isinstance(row.sense(at - 2), Occasion)
    return of and row.tag(at + 1) in (Tag.STOP, Tag.COMMA, Tag.COLON)


def _clause_start(row: Row, at: int) -> int:
    while at > 0 and row.tag(at - 1) not in _CLAUSE:
        at -= 1
    return at


def _leads_in(row: Row, at: int) -> bool:
    """Whether nothing before it in its clause orders or names anything, and its subject is ours."""
    first = _clause_start(row, at)
    start = row.items[first].start
    if at - first > _LONGEST_LEAD or not (
        subject_end(row, start) or _REQUESTS.match(row.text, start)
    ):
        return False
    for i in range(first, at):
        sense = row.sense(i)
        if isinstance(sense, Names | Zones | When | Purpose | Occasion | Via):
            return False
        if row.tag(i) in (*_PEOPLE, *_HARD, *_ORDERS):
            return False
    if _names_people(row, row.after(at, (Tag.THE, Tag.A, Tag.FILLER))):
        return False
    # "we want to dazzle", but not "we want luxury"
    last = row.items[at].start
    said = max(start, row.text.rfind(" to ", start, last) + 4)
    subject = subject_end(row, start) or row.items[first].end
    return not asks_for_some(row.text, said, last) and is_said_of_us(row, first, at + 1, subject)


def _is_of_message(row: Row, at: int) -> bool:
    """Whether it is an adjective of what is sent: "a sparkly Christmas card to all malls"."""
    told = row.tag(at - 1) is Tag.A and row.items[at - 2].key in _IS  # "it is a rustic thing"
    determined = (row.tag(at - 1) in (Tag.A, Tag.KIND) and not told) or (
        row.tag(at - 1) is Tag.SEND and row.items[at - 1].key.split(" ")[0] in listed("sending")
    )
    noun = row.after(at, (Tag.KIND, Tag.FILLER))
    return determined and _is_sent(row, noun) and not _names_people(row, noun + 1)


def _is_verb_of_message(row: Row, at: int) -> bool:
    """Whether it is done with what is sent: "concoct a Christmas offer", "notices be served on"."""
    before = row.tag(at - 1)
    verb = at == 0 or before in (*_CLAUSE, Tag.TO, Tag.FILLER)
    if verb and row.tag(at + 1) is Tag.A and not undoes(row, at):
        return _is_sent(row, row.after(at + 1, (Tag.A, Tag.KIND, Tag.FILLER, Tag.NEW)))
    led = before is Tag.BE or (
        before in (Tag.FILLER, Tag.TO) and _LEADS_ON.search(row.items[at - 1].key)
    )
    subject = _clause_start(row, at)
    kinds = [row.sense(i) for i in range(subject, at)]
    named = any(isinstance(k, Names | Zones) for k in kinds) or any(
        row.tag(i) in _PEOPLE for i in range(subject, at)
    )
    sent = any(isinstance(k, Purpose | Occasion) for k in kinds) or any(
        row.tag(i) is Tag.MESSAGE for i in range(subject, at)
    )
    return bool(led) and sent and not named and row.tag(at + 1) in (*_ADDRESSES, Tag.ON)


def _says_how(row: Row, at: int) -> bool:
    """Whether it is an adverb that says how something is done, beside no customer."""
    words = row.items[at].key.split(" ")
    if not all(says_how(word) for word in words):
        return words == ["aside"] and not isinstance(row.sense(at - 1), Names | Zones)
    beside = _names_people(row, at + 1) or isinstance(row.sense(at + 1), Unknown)
    behind = isinstance(row.sense(at - 1), Names | Zones | When) or row.tag(at - 1) in (
        *_PEOPLE,
        *_HARD,
        Tag.ENDS,
        Tag.BE,
    )
    return not beside and not behind
