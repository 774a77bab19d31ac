"""Words that do another job in one place only: "4" for "for", "bar" for "except", "up" that rises."""

from collections.abc import Callable, Mapping
from functools import cache

from campaigns.ai.embedded.requests.lists import table
from campaigns.ai.embedded.requests.row import LEADS_ON, Row
from campaigns.ai.embedded.requests.senses import (
    Figure,
    Names,
    Occasion,
    Purpose,
    Sense,
    Speaks,
    Tag,
    Unknown,
    When,
    Word,
)
from campaigns.model.plan import Attribute

PLACES = (Attribute.CITY, Attribute.COUNTRY, Attribute.REGION)
ARTICLES = (Tag.A, Tag.THE)
SENT = (Tag.MESSAGE, Tag.TOPIC, Tag.NEWS)
_BEFORE_TOPIC = (Tag.THE, Tag.A, Tag.NEW, Tag.FILLER, Tag.KIND)
_SHORT = {"4": Tag.FOR, "2": Tag.TO}
_ENDING = (Word(Tag.ENDS), Word(Tag.ENDED))
_OURS = ("we", "i", "we've", "i've", "you", "he", "she")
_NEWS = (Tag.TOPIC, Tag.NEWS)


@cache
def doubtful(name: str) -> frozenset[str]:
    """Return a list of doubtful.toml as a set."""
    content = table("doubtful.toml")[name]
    return frozenset(content.split() if isinstance(content, str) else content)


def small_job(row: Row, at: int) -> Sense | None:
    """Return what a word does that has another job only in one place, None for most."""
    if row.sense(at) == Word(Tag.ENDS) and _ends_ours(row, at):
        return Word(Tag.TOPIC)
    if row.sense(at) in _ENDING and row.items[at - 1].key in _OURS and at:
        return Unknown()  # "we ran out of time last year"
    job = _JOBS.get(row.items[at].key)
    return job(row, at) if job else None


def _bar(row: Row, at: int) -> Sense | None:
    """Read "everyone bar Marriott", "everyone in Thailand bar the malls" as leaving out."""
    if not isinstance(row.sense(row.after(at)), Names):
        return None
    all_but = row.tag(at - 1) in (Tag.ALL, Tag.EVERYONE)
    said = any(row.tag(i) in (Tag.ALL, Tag.EVERYONE) for i in range(at))
    if all_but or (said and row.tag(at + 1) is Tag.THE):
        return Word(Tag.NOT)
    return Unknown() if isinstance(row.sense(at - 1), Names) else None


def _lot(row: Row, at: int) -> Sense | None:
    """Read "the Chiang Mai lot", "not the Westin one" as those customers."""
    one = row.items[at].key == "one"  # "the Hilton one" is one of several
    left_out = any(row.tag(i) is Tag.NOT for i in range(max(0, at - 4), at))
    named = isinstance(row.sense(at - 1), Names) and (left_out or not one)
    return Word(Tag.WHO) if named else None


def _whole(row: Row, at: int) -> Sense | None:
    """Read "the whole Marriott portfolio" as all of it."""
    return Word(Tag.ALL) if isinstance(row.sense(at + 1), Names) else None


def _need(row: Row, at: int) -> Sense | None:
    """Read "need renewals out to all gyms" as an order; "hotels that need help" are only some."""
    begins = row.before(at, (Tag.FILLER, Tag.DECORATION)) < 0 or row.tag(at - 1) is Tag.STOP
    sent = row.after(at, (Tag.A, Tag.THE, Tag.KIND))
    named = isinstance(row.sense(sent), Purpose | Occasion) or row.tag(sent) is Tag.MESSAGE
    return Word(Tag.FILLER) if begins and named else None


def _english(row: Row, at: int) -> Sense | None:
    """Read a language that fills its clause: "survey, hotels, English"."""
    before = at > 0 and row.tag(at - 1) in (Tag.COMMA, Tag.STOP, Tag.COLON)
    ends = at + 1 >= len(row) or row.tag(at + 1) in (Tag.COMMA, Tag.STOP)
    return Speaks("en") if before and ends else None


def _thing(row: Row, at: int) -> Sense | None:
    """Read "the NPS thing" as what is sent."""
    return Word(Tag.MESSAGE) if isinstance(row.sense(at - 1), Purpose | Occasion) else None


def _up(row: Row, at: int) -> Sense | None:
    return Word(Tag.TOPIC) if _rises(row, at) else _over_there(row, at)


def _over_there(row: Row, at: int) -> Sense | None:
    """Read "hotels up in Chiang Mai", "down in Phuket" as the place alone."""
    names = row.names(row.after(at, (Tag.IN, Tag.AT, Tag.THE)))
    place = names is not None and names.attribute in PLACES
    return Word(Tag.FILLER) if place and row.tag(at + 1) in (Tag.IN, Tag.AT) else None


def _this(row: Row, at: int) -> Sense | None:
    """Read "this" behind an occasion in Thai as the coming one."""
    return Word(Tag.FILLER) if isinstance(row.sense(at - 1), Occasion) else None


def _enough(row: Row, at: int) -> Sense | None:
    """Read "enough" behind a name in Thai as "only": "เอาแค่ภูเก็ตพอ"."""
    return Word(Tag.FILLER) if row.names(at - 1) is not None else None


def _night(row: Row, at: int) -> Sense | None:
    """Read "night" before a day in Thai as part of it."""
    return Word(Tag.KIND) if isinstance(row.sense(at + 1), When) else None


def _short(row: Row, at: int) -> Sense | None:
    short = isinstance(row.sense(at), Figure) and _is_short_for(row, at)
    return Word(_SHORT[row.items[at].key], idle=True) if short else None


def _is_short_for(row: Row, at: int) -> bool:
    """Whether "4" or "2" is a word: "an offer 4 all malls"; "renewals 4 hotels" may be four."""
    sent = isinstance(row.sense(at - 1), Purpose | Occasion) or row.tag(at - 1) in SENT
    leads = at > 0 and row.items[at - 1].key.split(" ")[-1] in LEADS_ON
    whole = row.tag(at + 1) in (Tag.ALL, Tag.EVERYONE, Tag.THE, Tag.CONTRACT)
    names = row.names(at + 1)  # "renewals 4 accor": nobody counts by a name
    one = names is not None and names.attribute in (Attribute.BRAND, *PLACES)
    one = one and not (row.items[at + 1].key.endswith("s") or _names_people(row, at + 2))
    return sent and not leads and (whole or one)


def _rises(row: Row, at: int) -> bool:
    """Whether what goes up is a price and no contract's end: "our fees are up in January"."""
    moved = row.items[at - 1].key.split(" ")[-1] in doubtful("moves") if at else False
    risen = at - 2 if moved or row.tag(at - 1) is Tag.BE else at - 1
    return moved or row.tag(risen) in _NEWS


def _ends_ours(row: Row, at: int) -> bool:
    """Whether what ends is what the message is about: "the promo ends in May", "closed over Songkran".

    A service, a plan or a deal that ends may as well be the contract.
    """
    key = row.items[at].key
    if key.endswith("over") and isinstance(row.sense(at + 1), Occasion):
        return True
    if key.split(" ")[-1] == "end" and row.tag(at + 1) is Tag.OF:
        ended = row.after(at + 1, (*_BEFORE_TOPIC, Tag.PARTICLE))
        return row.tag(at - 1) in ARTICLES and row.tag(ended) in _NEWS
    thing = row.before(at, (Tag.BE, Tag.FILLER))
    return row.tag(thing) in _NEWS and row.items[thing].key not in doubtful("terms")


def _names_people(row: Row, at: int) -> bool:
    names = row.items[at].senses if at < len(row) else ()
    return any(
        s == Word(Tag.WHO) or (isinstance(s, Names) and s.attribute not in PLACES) for s in names
    )


_JOBS: Mapping[str, Callable[[Row, int], Sense | None]] = {
    "bar": _bar,
    "lot": _lot,
    "one": _lot,
    "whole": _whole,
    "entire": _whole,
    "english": _english,
    "thing": _thing,
    "things": _thing,
    "stuff": _thing,
    "need": _need,
    "needed": _need,
    "up": _up,
    **dict.fromkeys(("down", "over", "out", "back"), _over_there),
    "นี้": _this,
    "คืน": _night,
    "พอ": _enough,
    "4": _short,
    "2": _short,
}
