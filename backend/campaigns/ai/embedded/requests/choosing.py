"""What in a clause could choose customers, or leave some out."""

from collections.abc import Mapping

from campaigns.ai.embedded.requests import harmless
from campaigns.ai.embedded.requests.row import Row
from campaigns.ai.embedded.requests.senses import (
    Clock,
    Names,
    Speaks,
    Tag,
    Unknown,
    Via,
    When,
    Zones,
)

_CHOOSES = (
    *(Tag.ALL, Tag.EVERYONE, Tag.THOSE, Tag.ONLY, Tag.BUT, Tag.NOT, Tag.OTHER, Tag.UNREAD),
    *(Tag.WHO, Tag.ENDS, Tag.ENDED, Tag.WHOLE_WORLD, Tag.LABEL, Tag.FIRST, Tag.WHEN, Tag.OR),
)
_PERSONAL = ("who", "whom", "whose", "where")  # "which" may tell of a thing
_HARMLESS_CONDITIONS = ("because", "while", "until", "although", "once")
# Ends of a contract that are parts of a verb as well: "marketing came up with it".
_PARTICLES = (
    "up",
    "over",
    "is over",
    "out",
    "run out",
    "runs out",
    "running out",
    "due",
    "coming up",
)
# What may begin a clause of ours: "if you get a minute", "nobody told me", "nothing urgent".
_BEGINS: Mapping[Tag | None, tuple[str, ...]] = {
    Tag.NEVER: ("nobody", "nothing"),
    Tag.WHEN: ("since", "if", "when", "once", "whenever"),
}
_TODAY = ("today", "this morning", "tonight", "this afternoon", "this evening")


def is_harmless(row: Row, at: int, *, asks: bool, first: bool) -> bool:
    """Whether the item at `at` chooses nobody; `asks` is whether its clause is a question to them."""
    sense, key = row.sense(at), row.items[at].key
    if isinstance(sense, Names | Zones | When | Clock | Via | Speaks):
        return False
    match row.tag(at):
        case Tag.WHEN:
            return asks or key in _HARMLESS_CONDITIONS
        case Tag.NOT:
            return key in ("no", "not") and row.tag(at - 1) is Tag.BE
        case Tag.NEVER:
            return not first and row.tag(at - 1) not in (Tag.AND, Tag.COMMA)
        case Tag.REL:
            return key not in _PERSONAL
        case Tag.TO | Tag.FOR:
            return not leads_to_some(row, at + 1)
        case tag:
            return tag not in _CHOOSES


def leads_to_some(row: Row, at: int) -> bool:
    """Whether "to" or "for" leads to what may be some of them: "a discount for VIPs"."""
    at = row.after(at - 1)
    unknown = isinstance(row.sense(at), Unknown) and row.items[at].key.endswith("s")
    return unknown and not harmless.is_noun(row.items[at].key)


def is_said_of_ours(row: Row, first: int, at: int) -> bool:
    """Whether what may choose customers elsewhere chooses none where ours is the subject.

    "Legal signed it", "time is running out", "this is not working", "all night", "last week".
    `first` is where its clause begins.
    """
    sense, key = row.sense(at), row.items[at].key
    if isinstance(sense, When):
        return sense.past or key.startswith(_TODAY)
    if at == first:
        return key in _BEGINS.get(row.tag(at), ())
    return row.tag(at) is Tag.UNREAD or key == "everything" or is_part_of_verb(row, at)


def is_part_of_verb(row: Row, at: int) -> bool:
    """Whether a word that could choose belongs to the verb or to a time: "up", "not", "all night"."""
    key = row.items[at].key
    after = row.items[at + 1].key.split(" ")[0] if at + 1 < len(row) else ""
    match row.tag(at):
        case Tag.ENDS:
            return key in _PARTICLES and not isinstance(row.sense(at + 1), When)
        case Tag.NOT:
            no = key == "no" and harmless.is_noun(after)  # "I have no idea"
            return no or (key.endswith("not") and isinstance(row.sense(at + 1), Unknown))
        case Tag.ALL:
            return harmless.is_time(after)
        case tag:
            verb = harmless.is_verb(after) or after == "just"
            return tag is Tag.ONLY and key == "only" and verb


def is_told_of_named(row: Row, at: int) -> bool:
    """Whether a word may stand in a remark on customers named by name: it cannot narrow them."""
    ours = isinstance(row.sense(at), Via) and row.tag(at - 1) in (Tag.KIND, Tag.THE, Tag.A)
    return ours or row.tag(at) in (Tag.NEVER, Tag.UNREAD)
