"""Small words must do their work: a preposition without its object hides something unread.

"hotels in our survey", "customers with a discount", "hotels that get offers": every word there is
known, and still a rule on customers would be lost. So each preposition, relative clause,
adjective and article is checked for what may stand behind it.
"""

from collections.abc import Callable, Iterator

from campaigns.ai.embedded.requests.jobs import PLACES, doubtful
from campaigns.ai.embedded.requests.row import BREAKS, LEADS_ON, LIGHT, Block, Row
from campaigns.ai.embedded.requests.scan import Scan
from campaigns.ai.embedded.requests.senses import (
    Clock,
    Figure,
    Names,
    Occasion,
    Purpose,
    Sounds,
    Speaks,
    Tag,
    Unknown,
    Via,
    When,
    Word,
    Zones,
)
from campaigns.ai.embedded.requests.topics import Topics
from campaigns.model.plan import Attribute, CampaignType

_PEOPLE = (Tag.WHO, Tag.THOSE, Tag.EVERYONE)
_SKIPPED = (*LIGHT, Tag.ALL, Tag.OTHER, Tag.ONLY, Tag.A, Tag.OF)
_SENT = (Tag.MESSAGE, Tag.SEND, Tag.TOPIC, Tag.NEWS, Tag.NEW)
# Words for a purpose that are verbs: "we want to survey hotels".
_VERBS = (
    "survey",
    "renew",
    "poll",
    "chase",
    "upsell",
    "follow",
    "check",
    "remind",
    "announce",
    "invite",
    "email",
    "whatsapp",
    "mail",
    "rate",
    "introduce",
)
# Behind these a purpose or an occasion can only be an adjective of what follows.
_ADJECTIVE_AFTER = (Tag.ALL, Tag.THE, Tag.A, Tag.FOR, Tag.IN, Tag.WITH, Tag.FROM, Tag.OF, Tag.NOT)
_ADDRESSED = (Tag.TO, Tag.FOR, Tag.ALL, Tag.THE)
_TO_NARROWED = (
    *(*LIGHT, Tag.ALL, Tag.A, Tag.IN, Tag.AT, Tag.ON, Tag.FOR, Tag.TO, Tag.BY, Tag.WITH),
    *(Tag.FROM, Tag.USE, Tag.REL, Tag.BE, Tag.CONTRACT, Tag.COLON, Tag.OF, Tag.LABEL),
)
_NARROWS = (Names, When, Zones, Via, Speaks, Clock, Purpose, Occasion)
_NOUNS = (Tag.WHO, Tag.MESSAGE, Tag.TOPIC, Tag.NEWS)
_CLAUSE = (*LIGHT, Tag.ALL, Tag.ONLY, Tag.A, Tag.IN, Tag.AT, Tag.ON, Tag.OF, Tag.NOT, Tag.BE)
_IN_CLAUSE = (*_CLAUSE, Tag.USE, Tag.WITH, Tag.AND, Tag.OR, Tag.WHO, Tag.CONTRACT, Tag.FROM)
_CLAUSE_ENDS = (*BREAKS, Tag.COMMA, Tag.TO, Tag.FOR, Tag.SEND, Tag.ABOUT, Tag.BY, Tag.NEVER)


def _always(at: int) -> bool:
    return True


def _never(at: int) -> bool:
    return False


class Structure:
    """The blocks of a row that come from small words without their work."""

    def __init__(self, row: Row, topics: Topics, scan: Scan) -> None:
        self._row = row
        self._topics = topics
        self._scan = scan
        # What has to hold for a small word, and what is asked where it does not.
        complete = (self._is_complete, "which customers, or what, is meant here?")
        clause = (self._is_clause, "what do these customers have in common?")
        self._rules: dict[Tag, tuple[Callable[[int], bool], str]] = {
            **dict.fromkeys((Tag.IN, Tag.AT, Tag.FROM, Tag.WITH, Tag.ON, Tag.USE), complete),
            **dict.fromkeys((Tag.REL, Tag.THAT), clause),
            Tag.UNREAD: (_never, "customers cannot be chosen by this"),
            Tag.WHEN: (_never, "a condition cannot be read"),
            Tag.ONLY: (self._is_narrowing, "only which customers?"),
            Tag.OTHER: (self._is_rest, "other than whom?"),
            Tag.KIND: (self._is_of_message, "which customers are these?"),
            Tag.FIRST: (self._is_in_order, "the first of what?"),
            Tag.PARTICLE: (self._is_particle, "what does it belong to?"),
            Tag.PLACE: (self._is_beside_place, "which place?"),
            Tag.CONTRACT: (self._is_not_of_people, "customers under contract, or what else?"),
            Tag.OF: (self._is_named, "called what?"),
            Tag.FILLER: (self._is_padding, "which customers are these?"),
            Tag.WHO: (self._is_apart, "which customers are these?"),
            Tag.THOSE: (self._describes, "which ones?"),
            Tag.SEND: (self._is_ours_to_do, clause[1]),
        }
        self.blocks = [
            block
            for at, _ in row
            if at not in topics.inside | topics.openers
            for block in self._check(at)
        ]

    def _check(self, at: int) -> Iterator[Block]:
        row = self._row
        sense = row.sense(at)
        if isinstance(sense, Unknown):
            yield Block(at, at + 1, nearest=sense.nearest)
        elif isinstance(sense, Figure) or row.tag(at) is Tag.TOPIC_FIGURE:
            yield Block(at, at + 1, "what does the number mean?")
        elif isinstance(sense, Names):
            yield from self._name(at, sense)
        elif isinstance(sense, Sounds | Purpose | Occasion | Via) and self._is_adjective(at):
            yield Block(at, at + 2, "does it describe customers, or the message?")
        elif isinstance(sense, Word):
            yield from self._word(at, sense.tag)

    # --- small words -------------------------------------------------------------------------------

    def _word(self, at: int, tag: Tag) -> Iterator[Block]:
        holds, why = self._rules.get(tag, (_always, ""))
        if not holds(at):
            yield Block(at, self._end(at), why)

    def _end(self, at: int) -> int:
        """Return the end of the few words from `at` on that a person should look at."""
        end = at + 1
        while end < min(len(self._row), at + 4) and self._row.tag(end) not in _CLAUSE_ENDS:
            end += 1
        return end

    def _qualifies_people(self, at: int) -> bool:
        """Whether it stands as an adjective before customers: "to all Christmas hotels".

        As the first word of its clause it is the verb or the headline: "Survey hotels", "Email
        all Hiltons".
        """
        row = self._row
        words = row.items[at].key.split(" ")
        if words[-1] in LEADS_ON or row.is_thai(at) or row.is_thai(at + 1):
            return False
        led = row.tag(at - 1) in (Tag.TO, Tag.FOR) or (
            at > 0 and row.items[at - 1].key.split(" ")[-1] in LEADS_ON
        )
        if led and words[0] not in _VERBS:
            return row.names(at + 1) is not None or row.tag(at + 1) is Tag.WHO
        after = row.names(at + 1)
        kinds = (Attribute.BUSINESS_TYPE, Attribute.SIZE)
        people = row.tag(at + 1) is Tag.WHO or (after is not None and after.attribute in kinds)
        behind = isinstance(row.sense(at - 1), Names | Purpose)
        return people and (behind or row.tag(at - 1) in _ADJECTIVE_AFTER)

    def _is_adjective(self, at: int) -> bool:
        if isinstance(self._row.sense(at), Sounds):
            return self._is_manner_of_people(at)
        return self._qualifies_people(at)

    def _is_manner_of_people(self, at: int) -> bool:
        """Whether a word of tone stands before people: "casual restaurants", "official partners"."""
        row = self._row
        after = row.names(at + 1)
        kind = after is not None and after.attribute in (Attribute.BUSINESS_TYPE, Attribute.SIZE)
        addressed = after is not None and row.tag(at - 1) in _ADDRESSED
        return not row.is_thai(at) and (kind or addressed or row.tag(at + 1) is Tag.WHO)

    def _is_padding(self, at: int) -> bool:
        """Whether a filler chooses nobody: "priority hotels" are only some."""
        row = self._row
        ranks = row.items[at].key in doubtful("ranks")
        return not ranks or (row.names(at + 1) is None and row.tag(at + 1) is not Tag.WHO)

    def _is_not_of_people(self, at: int) -> bool:
        """Whether "contract" is no adjective: "contract hotels" have something not recorded."""
        return self._row.is_thai(at) or not (
            self._row.names(at + 1) is not None or self._row.tag(at + 1) is Tag.WHO
        )

    def _is_named(self, at: int) -> bool:
        named = self._row.items[at].key in ("called", "named")
        return not named or self._row.names(at + 1) is not None

    def _is_rest(self, at: int) -> bool:
        return any(m.excluded and m.at < at for m in self._scan.mentions)

    def _is_in_order(self, at: int) -> bool:
        return self._is_last_word(at) or self._is_of_message(at)

    def _is_complete(self, at: int) -> bool:
        row = self._row
        tag = row.tag(at)
        after = row.after(at, _SKIPPED)
        if after in self._topics.opened or at in self._topics.opened:
            return True
        sense = row.sense(after)
        if tag in (Tag.WITH, Tag.USE):
            return self._is_had(after, tag) or self._topics.accompanies(at)
        if row.is_thai(at) and self._is_clause(at):
            return True
        if isinstance(sense, Names | When | Speaks | Sounds | Clock | Via):
            return True
        if row.tag(after) in (Tag.CONTRACT, Tag.WHOLE_WORLD, Tag.NOT):
            return True
        described = row.tag(after) in _PEOPLE and tag in (Tag.AT, Tag.FROM, Tag.ON, Tag.IN)
        return described or (tag is Tag.ON and self._is_follow_up_topic(at))

    def _is_had(self, at: int, tag: Tag | None) -> bool:
        """Whether something a customer can be known to have stands at `at`."""
        row = self._row
        sense = row.sense(at)
        if isinstance(sense, Zones) or row.tag(at) in (Tag.CONTRACT, Tag.ENDS, Tag.ENDED):
            return True
        if isinstance(sense, When):
            return row.tag(at + 1) in (Tag.ENDS, Tag.CONTRACT)
        if isinstance(sense, Names):
            # "follow up with Hiltons", "share with all hotels", "using Beat Breeze"
            return tag is Tag.WITH or sense.attribute is Attribute.PLATFORM
        return tag is Tag.WITH and row.tag(at) in _PEOPLE and self._is_shared(at)

    def _is_shared(self, at: int) -> bool:
        return any(self._row.tag(i) is Tag.SEND for i in range(at))

    def _is_follow_up_topic(self, at: int) -> bool:
        return isinstance(self._row.sense(at - 1), Purpose)

    def _is_clause(self, at: int) -> bool:
        """Whether a relative clause says only things that a filter can hold, and at least one."""
        row = self._row
        said = False
        position = at + 1
        while position < len(row) and row.tag(position) not in _CLAUSE_ENDS:
            sense = row.sense(position)
            if isinstance(sense, Names | Zones | When) or row.tag(position) in (
                Tag.ENDS,
                Tag.ENDED,
            ):
                said = True
            elif row.tag(position) not in _IN_CLAUSE:
                break
            position += 1
        return said

    def _is_particle(self, at: int) -> bool:
        """Whether a verb stands before and its object or the end behind: "get the letters out to"."""
        row = self._row
        verb = any(row.tag(i) in (Tag.SEND, Tag.FILLER) for i in range(at))
        after = row.sense(at + 1)
        goes_on = row.tag(at + 1) in (None, Tag.TO, Tag.FOR, *_CLAUSE_ENDS)
        return verb and (after is None or isinstance(after, When | Via) or goes_on)

    def _is_beside_place(self, at: int) -> bool:
        row = self._row
        after = row.after(at, (*LIGHT, Tag.OF))
        beside = (row.names(at - 1), row.names(after) if after > at + 1 else None)
        return any(n is not None and n.attribute in PLACES for n in beside)

    def _is_last_word(self, at: int) -> bool:
        """Whether "first" ends a request for a test, as in "send a test to ... first"."""
        ends = at + 1 >= len(self._row) or self._row.tag(at + 1) in _CLAUSE_ENDS
        return ends and any("test" in item.key.split() for _, item in self._row)

    def _is_of_message(self, at: int) -> bool:
        """Whether an adjective such as "monthly" stands before what is sent."""
        after = self._row.after(at, (Tag.KIND, Tag.FILLER, Tag.FIRST))
        sense = self._row.sense(after)
        noun = isinstance(sense, Occasion) or (isinstance(sense, Purpose) and not sense.opens)
        if isinstance(sense, Purpose) and not sense.strong:
            noun = sense.type is CampaignType.RENEWAL  # "a second reminder", but not "second tell"
        if isinstance(sense, Via):
            noun = self._row.items[after].key.split(" ")[0] in ("email", "mail", "whatsapp", "line")
        return noun or self._row.tag(after) in _SENT

    def _is_ours_to_do(self, at: int) -> bool:
        """Whether a verb is no clause about customers: "hotels we target" are only some hotels."""
        row = self._row
        behind = row.names(at - 2) is not None or row.tag(at - 2) in _PEOPLE
        if row.items[at].key in doubtful("chosen") and row.tag(at - 1) in _ADDRESSED:
            said = any(isinstance(row.sense(i), Purpose | Occasion) for i in range(at))
            people = row.names(at + 1) is not None or row.tag(at + 1) is Tag.WHO
            if said and people:
                return False  # "announce the app to select hotels"
        return not (behind and row.items[at - 1].key in ("we", "i", "you", "they"))

    def _describes(self, at: int) -> bool:
        """Whether "those" is followed by what tells them: "those in Phuket", "those expiring"."""
        before = self._row.sense(at - 1)
        told = isinstance(before, Names | Zones | When) or self._row.tag(at - 1) is Tag.ENDED
        if told and self._row.items[at].key in (
            "ones",
            "those",
        ):
            return True  # "the Bean There ones", "October ones", "expired ones"
        after = self._row.after(at, (*_CLAUSE, Tag.REL, Tag.THAT, Tag.WITH, Tag.USE, Tag.CONTRACT))
        sense = self._row.sense(after)
        tells = isinstance(sense, Names | When | Zones)
        return tells or self._row.tag(after) in (Tag.ENDS, Tag.ENDED)

    # --- names ---------------------------------------------------------------------------------------

    def _name(self, at: int, names: Names) -> Iterator[Block]:
        if names.attribute is Attribute.SIZE and not self._is_size_of_people(at):
            yield Block(at, at + 1, "the size of what?")
        if self._is_cuisine(at, names):
            yield Block(at, at + 2, "from that country, or its cuisine?")
        if self._is_one_of_many(at, names):
            yield Block(max(at - 1, 0), at + 1, "which one is meant?", names.values[:1])

    def _is_size_of_people(self, at: int) -> bool:
        row = self._row
        after = at + 1
        while row.tag(after) in (Tag.AND, Tag.OR, Tag.COMMA, Tag.FILLER) or self._is_passed(after):
            after += 1
        names = row.names(after)
        if names is not None:
            return not self._says_kind_of_message(after)
        if row.tag(after) is Tag.WHO and self._is_many_or_part(after):
            return False
        if row.is_thai(at) or row.is_thai(at - 1):
            return row.names(at - 1) is not None or row.tag(at - 1) in _PEOPLE
        thanked = row.tag(at + 1) is Tag.FILLER and "thank" in row.items[at + 1].key
        behind = (Tag.LABEL, Tag.BE, Tag.COLON, Tag.COMMA, Tag.AND)
        stands_alone = row.tag(row.before(at)) in behind and not thanked
        plural = row.items[at].key.endswith("s")
        return row.tag(after) in _PEOPLE or stands_alone or plural

    def _says_kind_of_message(self, at: int) -> bool:
        """Whether a name only says what is sent: "a big Hilton push"."""
        row = self._row
        sent = isinstance(row.sense(at + 1), Purpose | Occasion) or row.tag(at + 1) in _SENT[:1]
        return sent and not row.is_thai(at) and not row.items[at].key.endswith("s")

    def _is_many_or_part(self, at: int) -> bool:
        """Whether a word for people means more or less than one: "big brands", "business plan"."""
        row = self._row
        if row.items[at].key in doubtful("bodies"):
            return True
        noun = row.tag(at + 1) in (Tag.SEND, *_NOUNS) and row.tag(at + 1) is not Tag.WHO
        return noun and not row.items[at].key.removesuffix("business").endswith("s")

    def _is_apart(self, at: int) -> bool:
        """Whether people are named, and do not only say what kind: "family run", "chain hotels"."""
        row = self._row
        one = not row.items[at].key.endswith("s") and not row.is_thai(at)
        after = row.names(at + 1)
        kind = after is not None and after.attribute is Attribute.BUSINESS_TYPE
        following = row.items[at + 1].key if at + 1 < len(row) else ""
        return not one or not (kind or following in ("run", "runs", "owned", "managed", "operated"))

    def _is_narrowing(self, at: int) -> bool:
        """Whether "only" stands beside what it narrows to: a value, a period, a channel, "those"."""
        row = self._row
        after = row.after(at, _TO_NARROWED)
        beside = (after, row.before(at, (*LIGHT, Tag.CONTRACT)))
        held = any(isinstance(row.sense(i), _NARROWS) for i in beside)
        clause = row.tag(after) in (Tag.ENDS, Tag.ENDED, *_PEOPLE)
        return held or clause or after in self._topics.opened

    def _is_passed(self, at: int) -> bool:
        """Whether a size reaches over the name at `at`: another size, or a place."""
        names = self._row.names(at)
        return names is not None and names.attribute in (Attribute.SIZE, *PLACES)

    def _is_cuisine(self, at: int, names: Names) -> bool:
        """Whether a country's adjective stands before a kind of kitchen: "Italian restaurants"."""
        following = self._row.names(at + 1)
        if following is None or names.attribute is not Attribute.COUNTRY or self._row.is_thai(at):
            return False
        adjective = self._row.items[at].key != names.values[0].name.lower()
        kitchen = any(v.name in doubtful("kitchens") for v in following.values)
        return adjective and kitchen

    def _is_one_of_many(self, at: int, names: Names) -> bool:
        """Whether one of several is meant and nobody can say which: "the mall", "a hotel"."""
        row = self._row
        kinds = (Attribute.BUSINESS_TYPE, Attribute.BRAND)
        if names.attribute not in kinds or row.is_thai(at) or row.items[at].key.endswith("s"):
            return False
        article = row.tag(at - 1)
        single = article is Tag.A or (article is Tag.THE and names.attribute is kinds[0])
        if article is Tag.THE and names.attribute is Attribute.BRAND:
            single = row.items[at - 1].key == "the"
        end = at + 1
        while row.tag(end) in (Tag.AND, Tag.OR, Tag.COMMA) and row.names(end + 1) is not None:
            end += 2  # "the Novotel and Mercure renewals"
        following = row.sense(end)
        modifies = isinstance(following, Purpose | Occasion | Names) or row.tag(end) in _NOUNS
        if article is Tag.THE and at + 1 < len(row) and row.items[at + 1].key in doubtful("staff"):
            modifies = False  # "the mall folks" are people at one mall
        if isinstance(following, Names) and following.attribute in PLACES:
            modifies = False
        return single and not modifies and not self._scan.side(at)
