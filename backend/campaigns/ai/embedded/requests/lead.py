"""Unknown words before the address of a message: "slide into | to all gyms", "a vibe check for bars".

What stands between the beginning of an order and "to all …" belongs to the verb or to what is sent.
Only ordinary words are taken so. A word beside customers, a piece without a verb ("rustic: …"), an
adjective before "renewals" (which may be those customers' renewals) and who else may be addressed
("the talkative", "to regulars") are left to be asked about.
"""

from campaigns.ai.embedded.requests import harmless
from campaigns.ai.embedded.requests.plain import is_verb
from campaigns.ai.embedded.requests.row import Row
from campaigns.ai.embedded.requests.senses import (
    Names,
    Occasion,
    Purpose,
    Tag,
    Unknown,
    Zones,
)
from campaigns.model.plan import CampaignType

_CLAUSE = (Tag.STOP, Tag.COLON, Tag.CLOSE, Tag.OPEN, Tag.ASIDE, Tag.COMMA, Tag.DECORATION)
_PEOPLE = (Tag.WHO, Tag.EVERYONE, Tag.THOSE)
_HARD = (Tag.NOT, Tag.NEVER, Tag.BUT, Tag.ONLY, Tag.REL, Tag.WHEN, Tag.UNREAD, Tag.OTHER, Tag.WITH)
_ADDRESS = (Tag.TO, Tag.FOR)
_TO_PEOPLE = (Tag.THE, Tag.FILLER, Tag.NEW, Tag.A)
_SENT = (Tag.MESSAGE, Tag.TOPIC, Tag.NEWS, Tag.KIND)


def leads_to_address(row: Row, at: int) -> bool:
    """Whether the unknown words at `at`, ordinary ones, stand before whom the message goes to."""
    first = _begin(row, at)
    address = _address(row, at)
    if address is None or any(_chooses(row, i) for i in range(first, address)):
        return False
    opens = row.after(first - 1, (Tag.FILLER, Tag.DECORATION))
    verb = isinstance(row.sense(opens), Unknown) and is_verb(row.items[opens].key.split(" ")[0])
    if not (verb or _orders(row, first, address)) or _may_be_addressed(row, at):
        return False
    return not _may_be_theirs(row, at)


def _begin(row: Row, at: int) -> int:
    while at > 0 and row.tag(at - 1) not in _CLAUSE:
        at -= 1
    return at


def _address(row: Row, at: int) -> int | None:
    """Return where "to all hotels" begins behind `at` in the same clause, None where nowhere."""
    while at < len(row) and row.tag(at) not in _CLAUSE:
        if row.tag(at) in _ADDRESS:
            after = row.after(at, (*_TO_PEOPLE, Tag.ALL))
            if isinstance(row.sense(after), Names | Zones) or row.tag(after) in _PEOPLE:
                return at
        if row.tag(at) is Tag.ALL and row.tag(at - 1) in (Tag.OF, Tag.IN):
            return at  # "into the inboxes of every club", "across all gyms"
        at += 1
    return None


def _chooses(row: Row, at: int) -> bool:
    people = isinstance(row.sense(at), Names | Zones) or row.tag(at) in (*_PEOPLE, Tag.ALL)
    return people or row.tag(at) in _HARD


def _orders(row: Row, first: int, last: int) -> bool:
    """Whether what is sent, or a verb that sends it, stands before the address."""
    return any(
        isinstance(row.sense(i), Purpose | Occasion) or row.tag(i) in (Tag.SEND, Tag.MESSAGE)
        for i in range(first, last)
    )


def _may_be_addressed(row: Row, at: int) -> bool:
    """Whether the words may name who gets it as well: "to regulars and …", "the talkative"."""
    before = row.tag(row.before(at, (Tag.THE, Tag.FILLER)))
    if before in _ADDRESS or (before is Tag.AND and row.tag(at + 1) in (*_ADDRESS, Tag.AND)):
        return True
    noun = row.items[at].key.split(" ")[-1]
    if row.tag(at + 1) is Tag.OF:  # "tell the bosses of all hotels", but "into the inboxes of"
        return harmless.is_ours(noun) or not harmless.is_noun(noun)
    nominal = row.tag(at - 1) is Tag.THE and row.tag(at + 1) not in _SENT
    sent = isinstance(row.sense(at + 1), Purpose | Occasion)
    return nominal and not sent and not harmless.is_noun(noun)


def _may_be_theirs(row: Row, at: int) -> bool:
    """Whether it may be an adjective of the customers whose renewals they are."""
    sense = row.sense(row.after(at, (Tag.KIND, Tag.FILLER)))
    renewal = isinstance(sense, Purpose) and sense.type is CampaignType.RENEWAL
    return renewal and row.tag(at - 1) is not Tag.A
