"""What customers are to be asked: "find out if the hotels in Krabi are happy with the sound".

Behind a verb of asking, "if", "whether" and "how" begin the question, and no condition. Its subject
names the customers; what is asked of them says whether it is a survey or a follow-up, and chooses
nobody. Where the question holds anything that could choose customers it is left as it stands.
"""

from campaigns.ai.embedded.requests.choosing import is_part_of_verb
from campaigns.ai.embedded.requests.lists import phrases, table
from campaigns.ai.embedded.requests.row import Row
from campaigns.ai.embedded.requests.senses import (
    Clock,
    Figure,
    Item,
    Occasion,
    Purpose,
    Sense,
    Tag,
    Unknown,
    Via,
    When,
    Word,
    Zones,
)
from campaigns.model.plan import Attribute, CampaignType

_ENDS = (Tag.STOP, Tag.CLOSE, Tag.COLON, Tag.COMMA, Tag.DECORATION)
_NOT_ASKED = (
    *(Tag.REL, Tag.NOT, Tag.BUT, Tag.ONLY, Tag.ENDS, Tag.ENDED, Tag.CONTRACT, Tag.THOSE, Tag.OTHER),
    *(Tag.UNREAD, Tag.THAT, Tag.ALL, Tag.EVERYONE, Tag.OR, Tag.SEND),
)
_OF_SUBJECT = (
    Tag.THE,
    Tag.IN,
    Tag.AT,
    Tag.ALL,
    Tag.WHO,
    Tag.AND,
    Tag.COMMA,
    Tag.EVERYONE,
    Tag.ON,
    Tag.FROM,
)
_WORDS = ("if", "whether", "how")


def asked(row: Row) -> Row:
    """Return `row` with each question to customers made a purpose, its words no rule."""
    at = next((i for i in range(len(row)) if _begins(row, i)), None)
    if at is None:
        return row
    first = _behind_subject(row, at + 1)
    last = first
    while last < len(row) and row.tag(last) not in _ENDS:
        if not _may_be_asked(row, last):
            return row
        last += 1
    if last == first:
        return row
    items = list(row.items)
    items[first:last] = [_question(row, first, last)]
    for i, item in enumerate(items[: at + 1]):
        unknown = isinstance(item.sense, Unknown) and item.key in _verbs()
        if i == at or unknown:
            items[i] = Item(item.start, item.end, item.words, item.key, (Word(Tag.FILLER),))
    return Row(row.request, items)


def _begins(row: Row, at: int) -> bool:
    """Whether "if" or "how" stands behind a verb of asking, whoever is asked between the two."""
    key = row.items[at].key
    if key not in _WORDS:
        return key.endswith(" how") and isinstance(row.sense(at), Purpose)
    before = at - 1
    while before >= 0 and (
        row.names(before) is not None or row.tag(before) in (*_OF_SUBJECT, Tag.FILLER)
    ):
        if row.items[before].key in _verbs():
            return True
        before -= 1
    return before >= 0 and row.items[before].key in _verbs()


def _verbs() -> frozenset[str]:
    return frozenset(phrases(table("asking.toml")["verbs"]))


def _behind_subject(row: Row, at: int) -> int:
    """Return where the question's predicate begins, behind "the hotels in Krabi" or "they"."""
    if row.items[at].key in ("they", "it", "they're", "things") if at < len(row) else False:
        return at
    end = at
    while end < len(row) and (row.names(end) is not None or row.tag(end) in _OF_SUBJECT):
        end += 1
    return (
        end
        if any(row.names(i) is not None or row.tag(i) is Tag.WHO for i in range(at, end))
        else at
    )


def _may_be_asked(row: Row, at: int) -> bool:
    names = row.names(at)
    if names is not None:
        return names.attribute is Attribute.PLATFORM
    kinds = When | Zones | Clock | Via | Figure | Occasion
    plain = row.tag(at) not in _NOT_ASKED or is_part_of_verb(row, at)
    return plain and not isinstance(row.sense(at), kinds)


def _question(row: Row, first: int, last: int) -> Item:
    start, end = row.items[first].start, row.items[last - 1].end
    words = row.request[start:end]
    heard = {word.strip(".,!?") for word in words.lower().split()}
    sense: Sense = Word(Tag.TOPIC)  # neither of the two: the kind is asked about
    if not heard.isdisjoint(table("asking.toml")["opinions"].split()):
        sense = Purpose(type=CampaignType.SURVEY)
    elif not heard.isdisjoint(table("asking.toml")["dealings"].split()):
        sense = Purpose(type=CampaignType.FOLLOW_UP, strong=False)
    return Item(start, end, words, words.lower(), (sense,))
