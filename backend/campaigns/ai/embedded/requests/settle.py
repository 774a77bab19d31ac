"""Words with two jobs: what stands beside them decides, and where nothing does, nobody guesses."""

from collections.abc import Sequence

from campaigns.ai.embedded.requests.jobs import ARTICLES, PLACES, SENT, doubtful, small_job
from campaigns.ai.embedded.requests.lists import lines, table
from campaigns.ai.embedded.requests.plain import listed
from campaigns.ai.embedded.requests.row import Row
from campaigns.ai.embedded.requests.senses import (
    Item,
    Names,
    Occasion,
    Purpose,
    Sense,
    Speaks,
    Tag,
    Unknown,
    Value,
    Word,
)
from campaigns.model.plan import Attribute

_PLACE_AHEAD = (Tag.IN, Tag.AT, Tag.FROM, Tag.NOT)
_LONGEST_NAME = 2  # words of somebody greeted
_PAUSES = (Tag.COMMA, Tag.STOP, Tag.DECORATION)
_BRACKETS = (Tag.OPEN, Tag.CLOSE)
_PAUSED = (Word(Tag.STOP), Word(Tag.COMMA))
_LIST = (Tag.AND, Tag.OR, Tag.COMMA)


def settle(request: str, items: Sequence[Item]) -> Row:
    """Return the row with one sense for every item."""
    row = Row(request, items)
    return Row(request, [_settled(row, at) for at in range(len(items))])


def _settled(row: Row, at: int) -> Item:
    item = row.items[at]
    sense = _chosen(row, at, item.senses) if len(item.senses) > 1 else item.sense
    if (role := _role(row, at)) is not None:
        sense = role
    if item.words in table("doubtful.toml")["codes"]:
        sense = _code(row, at, sense)
    if isinstance(sense, Names) and not _is_trusted(row, at, sense):
        sense = _other_job(item, sense)
    if isinstance(sense, Speaks) and " " in item.key and _goes_on_with_noun(row, at + 1):
        sense = Unknown()  # "in Thai hotels", "in Thai style": the language or the country?
    return Item(item.start, item.end, item.words, item.key, (sense,))


def _role(row: Row, at: int) -> Sense | None:
    """Return what a word does that has another job only in one place, None for most."""
    ours = isinstance(row.sense(at), Unknown) and (
        _is_somebody_of_ours(row, at) or _is_best(row, at) or _is_first_verb(row, at)
    )
    return Word(Tag.FILLER) if ours else small_job(row, at)


def _code(row: Row, at: int, sense: Sense) -> Sense:
    """Return what two capitals mean: a country in a list or behind "in"; "MY hotels" may be ours."""
    names = [s for s in row.items[at].senses if isinstance(s, Names)]
    if not names or row.request.isupper():
        return sense
    placed = row.tag(at - 1) in _PLACE_AHEAD or _lists_with(row, at, PLACES)
    word = any(not isinstance(s, Names) for s in row.items[at].senses)
    return names[0] if placed or not word else Unknown(_first(names[0].values))


def _is_first_verb(row: Row, at: int) -> bool:
    """Whether a real word begins the request as its verb: "Concoct a Christmas offer for …".

    An article and what is sent follow it, so it can be no name and describe no customers.
    """
    if any(row.tag(i) is not Tag.FILLER for i in range(at)) or row.tag(at + 1) not in ARTICLES:
        return False
    sent = row.after(at + 1, (*ARTICLES, Tag.KIND, Tag.FILLER, Tag.NEW))
    names_it = isinstance(row.sense(sent), Purpose | Occasion) or row.tag(sent) in SENT
    return names_it and row.items[at].key in lines("real_words.txt")


def _is_somebody_of_ours(row: Row, at: int) -> bool:
    """Whether unknown words are who is greeted or who signs: "Hi Keith, …", "… Thanks, Som"."""
    if row.is_thai(at):
        return _hands_on_in_thai(row, at)
    before = row.before(at, _PAUSES)
    if row.tag(before) is Tag.FILLER and row.items[before].key.split(" ")[0] in doubtful("greets"):
        short = len(row.items[at].key.split(" ")) <= _LONGEST_NAME
        return before == 0 and short and row.tag(at + 1) in _PAUSES
    marks = (*_PAUSES, *_BRACKETS)
    while (row.tag(before) in marks or _is_name(row, before)) and not _is_best(row, before):
        before -= 1  # "P. Novak"
    behind = range(before + 1, len(row))
    signature = all(row.tag(i) in (*marks, Tag.FILLER) or _is_name(row, i) for i in behind)
    return signature and (_signs_off(row, before) or _is_best(row, before))


def _signs_off(row: Row, at: int) -> bool:
    words = row.items[at].key.split(" ") if at >= 0 else []
    return row.tag(at) is Tag.FILLER and not doubtful("signs_off").isdisjoint(words)


def _is_best(row: Row, at: int) -> bool:
    """Whether "Best," stands on a line of its own."""
    alone = row.tag(at - 1) is Tag.STOP and row.tag(at + 1) in (Tag.COMMA, Tag.STOP)
    return at > 0 and row.items[at].key == "best" and alone


def _hands_on_in_thai(row: Row, at: int) -> bool:
    """Whether a name behind a title is of who hands the request on: "พี่นกฝากมา"."""
    titled = at > 0 and row.items[at - 1].key in doubtful("thai_titles")
    apart = at < 2 or row.items[at - 2].end < row.items[at - 1].start
    verb = row.items[at + 1].key if at + 1 < len(row) else ""
    return titled and apart and verb in doubtful("thai_handing")


def _is_name(row: Row, at: int) -> bool:
    """Whether unknown words are spelt as a name; "Thanks, luxury" may be a rule."""
    if not isinstance(row.sense(at), Unknown) or row.is_thai(at):
        return False
    words = row.items[at].words.split()
    capitals = all(word[0].isupper() for word in words)
    return (
        capitals
        and len(words) <= _LONGEST_NAME
        and not listed("theirs").intersection(row.items[at].key.split(" "))
    )


def _chosen(row: Row, at: int, senses: Sequence[Sense]) -> Sense:
    names = [s for s in senses if isinstance(s, Names)]
    others = [s for s in senses if not isinstance(s, Names)]
    if names and others:
        return _word_or_value(row, at, others[0], names)
    if not names:
        return others[0]
    return _value(row, at, names)


def _word_or_value(row: Row, at: int, word: Sense, names: Sequence[Names]) -> Sense:
    """Choose between a word of the language and a value of the vocabulary."""
    if word == Word(Tag.US):
        return names[0] if _is_the_country(row, at) else word
    types = [n for n in names if n.attribute is Attribute.BUSINESS_TYPE]
    if word == Word(Tag.WHO) and types:
        before = row.names(row.before(at))
        named = before is not None and before.attribute in (Attribute.BRAND, Attribute.CUSTOMER)
        return word if named else types[0]
    if types and isinstance(word, Word) and word.tag in (Tag.TOPIC, Tag.NEWS):
        return word if _is_topic_here(row, at) else types[0]
    return word


def _is_the_country(row: Row, at: int) -> bool:
    capitals = row.items[at].words.replace(".", "").isupper()
    placed = row.tag(at - 1) in (Tag.IN, Tag.AT)
    return placed or _names_people(row, at + 1) or (capitals and not row.request.isupper())


def _is_topic_here(row: Row, at: int) -> bool:
    """Whether a word such as "office" is a topic here and no kind of customer."""
    after = row.sense(at + 1)
    if isinstance(after, Purpose | Occasion) or row.tag(at + 1) in (Tag.TOPIC, Tag.NEWS):
        return True
    return row.tag(at - 1) in (Tag.ABOUT, Tag.NEW, Tag.TOPIC, Tag.NEWS)


def _goes_on_with_noun(row: Row, at: int) -> bool:
    return _names_people(row, at) or row.tag(at) in (Tag.TOPIC, Tag.NEWS)


def _names_people(row: Row, at: int) -> bool:
    names = row.items[at].senses if at < len(row) else ()
    return any(
        s == Word(Tag.WHO) or (isinstance(s, Names) and s.attribute not in PLACES) for s in names
    )


def _value(row: Row, at: int, names: Sequence[Names]) -> Sense:
    """Choose between values of different attributes with the same word."""
    by_attribute = {n.attribute: n for n in names}
    places = [by_attribute[p] for p in PLACES if p in by_attribute]
    if len(places) == 1 and row.tag(at - 1) in _PLACE_AHEAD:
        return places[0]
    if Attribute.PLATFORM in by_attribute and row.tag(at - 1) in (Tag.USE, Tag.ON):
        return by_attribute[Attribute.PLATFORM]
    if Attribute.BRAND in by_attribute and by_attribute.keys() <= {
        Attribute.BRAND,
        Attribute.CUSTOMER,
    }:
        return by_attribute[Attribute.BRAND]  # a brand word means the group
    return Unknown(tuple(v for n in names for v in n.values))


def _is_trusted(row: Row, at: int, names: Names) -> bool:
    """Whether an everyday word that is also a value stands where only the value can."""
    key = row.items[at].key
    if names.attribute in PLACES and key in doubtful("places"):
        return row.tag(at - 1) in _PLACE_AHEAD or _lists_with(row, at, PLACES)
    if names.attribute is Attribute.PLATFORM and key in doubtful("platforms"):
        used = row.tag(row.before(at)) in (Tag.USE, Tag.ON, Tag.WITH, Tag.NOT, Tag.LABEL)
        listed = _lists_with(row, at, (Attribute.PLATFORM,))
        thai = row.is_thai(at - 1) and row.tag(at - 1) is Tag.WHO  # "ลูกค้า Soundtrack"
        last = row.tag(at + 1) in (None, Tag.STOP, Tag.COMMA) and row.sense(at + 1) in (
            None,
            *_PAUSED,
        )
        behind = row.tag(at - 1) is Tag.WHO and last  # "the customers USB"
        return used or listed or thai or behind or _names_people(row, at + 1)
    return True


def _lists_with(row: Row, at: int, attributes: Sequence[Attribute]) -> bool:
    """Whether a neighbour in a list is a value of one of `attributes`."""
    for step in (-1, 1):
        if row.tag(at + step) in _LIST:
            neighbour = row.names(at + 2 * step)
            if neighbour is not None and neighbour.attribute in attributes:
                return True
    return False


def _other_job(item: Item, names: Names) -> Sense:
    """Return the everyday meaning of a doubtful word: a topic for "soundtrack", else nothing."""
    if item.key == "soundtrack":
        return Word(Tag.TOPIC)
    return Unknown(_first(names.values))


def _first(values: Sequence[Value]) -> tuple[Value, ...]:
    return tuple(values[:1])
