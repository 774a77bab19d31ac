"""What a run of words can mean: the small closed set of senses the reader works with."""

from dataclasses import dataclass, field
from enum import StrEnum

from campaigns.model.customer import Channel
from campaigns.model.plan import Attribute, CampaignType, DateRange, IntRange, Tone


class Tag(StrEnum):
    """Senses that carry no value of their own."""

    FILLER = "filler"  # politeness and padding: explained, without effect
    SEND = "send"  # a verb of sending
    MESSAGE = "message"  # what is sent: message, note, campaign
    ALL = "all"
    EVERYONE = "everyone"  # the whole audience in one word
    WHO = "who"  # customers, clients, venues
    THOSE = "those"
    UNREAD = "unread"  # a rule on customers that no filter can hold
    NOT = "not"  # begins an exclusion, or denies
    NEVER = "never"  # denies; never begins an exclusion
    BUT = "but"
    ONLY = "only"
    AND = "and"
    OR = "or"
    IN = "in"
    AT = "at"
    ON = "on"
    OF = "of"
    TO = "to"
    FOR = "for"
    WITH = "with"
    FROM = "from"
    BY = "by"
    THE = "the"
    A = "a"
    REL = "rel"  # who, which, whose
    BE = "be"
    USE = "use"  # uses, runs, plays
    WHEN = "when"  # if, unless, while: a condition
    THAT = "that"
    US = "us"
    THEM = "them"
    CONTRACT = "contract"
    ENDS = "ends"  # ends, expires: wants a period
    ENDED = "ended"  # expired, lapsed: before today
    ABOUT = "about"  # what follows is the topic
    TOPIC = "topic"  # a word of the trade, fit for a topic
    NEWS = "news"  # a topic word that makes an announcement
    NEW = "new"
    KIND = "kind"  # "second", "monthly": says which message, never which customers
    OTHER = "other"  # "all other hotels": behind an exclusion the rest
    FIRST = "first"  # "... first": in this order; nothing else is said with it
    TOPIC_FIGURE = "topic_figure"  # a version or a percentage: part of a topic or not understood
    PARTICLE = "particle"  # "get the letters out to": belongs to a verb before
    PLACE = "place"  # "the Bangkok area", "the city of Bangkok": repeats a place beside it
    LABEL = "label"  # "brand", "country" before a value
    WHOLE_WORLD = "whole_world"  # "all countries", "worldwide"
    COMMA = "comma"
    STOP = "stop"
    COLON = "colon"
    OPEN = "open"
    CLOSE = "close"
    DECORATION = "decoration"  # quotes, bullets, emoji
    ASIDE = "aside"  # a clause about the writing, or for the writer: it chooses no customers


@dataclass(frozen=True, slots=True)
class Word:
    """A word that carries no value of its own; `idle` ones nobody knows, and they reach nobody.

    An idle aside is one taken for a remark by ear.
    """

    tag: Tag
    idle: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """A word that says what the campaign is for.

    `strong` words decide the type; weak ones only where nothing stronger stands. `opens` means
    the words after it are a topic ("announce ..."). `undone` words also choose customers ("who
    have not renewed yet"), which only a date of the contract can hold.
    """

    type: CampaignType
    strong: bool = True
    opens: bool = False
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Occasion:
    """An occasion of the text library; an empty key is an occasion without texts of its own."""

    key: str


@dataclass(frozen=True, slots=True)
class Via:
    channel: Channel


@dataclass(frozen=True, slots=True)
class Speaks:
    language: str


@dataclass(frozen=True, slots=True)
class Sounds:
    tone: Tone


@dataclass(frozen=True, slots=True, order=True)
class Value:
    """One value of one attribute; `parent` is the enclosing value's name, empty for none."""

    attribute: Attribute
    name: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """Words that name values: all of them are meant.

    `near` means a typo was forgiven, `family` that the words only begin these customers' names.
    `note` is an assumption to show.
    """

    values: tuple[Value, ...]
    near: bool = False
    family: bool = False
    note: str = ""

    @property
    def attribute(self) -> Attribute:
        """The attribute of the values; they share one."""
        return self.values[0].attribute


class Grain(StrEnum):
    """How long a period is, as it was worded."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    SPAN = "span"  # next 30 days, A to B
    BOUND = "bound"  # by, before, after, from


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A period. `note` is an assumption to show; `fault` says why it cannot be understood.

    `elapsed` is what the period means behind "expired": its days before today, of a month
    without a year those of the latest one begun.
    """

    span: DateRange
    grain: Grain
    note: str = ""
    fault: str = ""
    this_quarter: bool = False
    past: bool = False
    elapsed: DateRange | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    hour: int
    minute: int


@dataclass(frozen=True, slots=True)
class Zones:
    range: IntRange


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that nothing around it explains."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Words that mean nothing known; `nearest` are values they may have been meant for."""

    nearest: tuple[Value, ...] = field(default=())


Sense = (
    Word
    | Purpose
    | Occasion
    | Via
    | Speaks
    | Sounds
    | Names
    | When
    | Clock
    | Zones
    | Figure
    | Unknown
)


@dataclass(frozen=True, slots=True)
class Item:
    """A stretch of the request, in characters `start` to `end`, and what it can mean.

    `senses` holds more than one only until the words around it have decided.
    """

    start: int
    end: int
    words: str
    key: str
    senses: tuple[Sense, ...]

    @property
    def sense(self) -> Sense:
        """The first sense; after reading in context the only one."""
        return self.senses[0]

    def has(self, *tags: Tag) -> bool:
        """Whether the item is a word with one of `tags`."""
        sense = self.senses[0]
        return isinstance(sense, Word) and sense.tag in tags
