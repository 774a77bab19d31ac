"""From values with their sides to filters, or to what cannot be told.

A plan's filters are "or" within an attribute and "and" between attributes. A request can say
things that this cannot hold ("Hiltons in Phuket and Marriotts in Krabi", "Hiltons and beach
clubs"); to put such words into filters would reach other customers than were meant, so they are
blocked. Exclusions are a union: whoever matches any excluded value is out; "except the Hiltons in
Bangkok" is narrower than that and is blocked as well.
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

from campaigns.ai.embedded.requests.index import Index
from campaigns.ai.embedded.requests.jobs import PLACES, doubtful
from campaigns.ai.embedded.requests.links import link
from campaigns.ai.embedded.requests.row import Block, Row
from campaigns.ai.embedded.requests.scan import Scan
from campaigns.ai.embedded.requests.senses import Names, Tag, Value, When, Zones
from campaigns.model.customer import Size
from campaigns.model.plan import Attribute, IntRange

_ENDING = (Tag.ENDS, Tag.ENDED)
_WHAT = (Attribute.BRAND, Attribute.BUSINESS_TYPE, Attribute.CUSTOMER)


@dataclass(frozen=True, slots=True)
class Said:
    """Values of one attribute said at `at`."""

    at: int
    values: tuple[Value, ...]

    @property
    def attribute(self) -> Attribute:
        """The attribute of the values."""
        return self.values[0].attribute


class Side:
    """The values on one side: those to include, or those to leave out."""

    def __init__(self, row: Row, index: Index, said: list[Said], *, excluded: bool) -> None:
        self._row = row
        self._index = index
        self._excluded = excluded
        self.blocks: list[Block] = []
        self.notes: list[str] = []
        said = self._without_appositions(said)
        said = self._without_repeats(said)
        said = self._narrowed(said)
        self.said = self._city_states(said)
        for first, second in pairwise(self.said):
            self._check_pair(first, second)
        self._check_order()
        self._check_reach()

    def values(self) -> dict[Attribute, list[Value]]:
        """Return the values by attribute, in the order they were said."""
        found: dict[Attribute, list[Value]] = defaultdict(list)
        for one in self.said:
            found[one.attribute] += [v for v in one.values if v not in found[one.attribute]]
        return found

    # --- words that say the same thing twice -------------------------------------------------------

    def _without_appositions(self, said: list[Said]) -> list[Said]:
        """Drop the kind of business that only repeats a name: "Hilton hotels"."""
        kept: list[Said] = []
        for i, one in enumerate(said):
            around = [said[j] for j in (i - 1, i + 1) if 0 <= j < len(said)]
            if any(self._repeats(one, name) for name in around):
                continue
            kept.append(one)
        return kept

    def _repeats(self, kind: Said, name: Said) -> bool:
        if kind.attribute is not Attribute.BUSINESS_TYPE:
            return False
        first, second = sorted((kind.at, name.at))
        near = link(self._row, first, second).direct or (
            self._row.is_thai(kind.at) and not link(self._row, first, second).joint
        )
        lodging = all(v.name in doubtful("lodging") for v in kind.values)
        brand = name.attribute is Attribute.BRAND and lodging  # "the hotels Accor", too
        if not near or (kind.at < name.at and not (brand or self._row.is_thai(kind.at))):
            return False
        if name.attribute is Attribute.CUSTOMER:
            return True
        return brand

    @staticmethod
    def _without_repeats(said: list[Said]) -> list[Said]:
        seen: set[Value] = set()
        kept = []
        for one in said:
            if not seen.issuperset(one.values):
                kept.append(one)
            seen.update(one.values)
        return kept

    def _narrowed(self, said: list[Said]) -> list[Said]:
        """Keep only the inner of two values that stand together: "Hilton DoubleTrees"."""
        dropped: set[int] = set()
        for first, second in pairwise(said):
            if first.attribute is second.attribute and link(self._row, first.at, second.at).direct:
                for outer, inner in ((first, second), (second, first)):
                    if self._encloses(outer, inner):
                        dropped.add(outer.at)
        return [one for one in said if one.at not in dropped]

    def _encloses(self, outer: Said, inner: Said) -> bool:
        return all(self._index.encloses(o, i) for o in outer.values for i in inner.values)

    def _city_states(self, said: list[Said]) -> list[Said]:
        """Read "Bangkok and Singapore" as two cities."""
        cities = any(one.attribute is Attribute.CITY for one in said)
        countries = [one for one in said if one.attribute is Attribute.COUNTRY]
        both = cities and all(self._index.is_city_state(v) for c in countries for v in c.values)
        if not both:
            return said
        return [
            Said(one.at, tuple(Value(Attribute.CITY, v.name, v.name) for v in one.values))
            if one.attribute is Attribute.COUNTRY
            else one
            for one in said
        ]

    # --- what filters cannot hold --------------------------------------------------------------------

    def _check_pair(self, first: Said, second: Said) -> None:
        if first.attribute is second.attribute:
            why = self._same_attribute(first, second)
        elif self._excluded:
            why = self._two_excluded(first, second)
        else:
            why = self._two_attributes(first, second)
        if why:
            self.blocks += [Block(one.at, one.at + 1, why) for one in (first, second)]

    def _same_attribute(self, first: Said, second: Said) -> str:
        between = link(self._row, first.at, second.at)
        if between.apart:
            return "does each get the same? Ask for one at a time"
        return "" if between.joint else "is it both together, or either of them?"

    def _two_attributes(self, first: Said, second: Said) -> str:
        between = link(self._row, first.at, second.at)
        pair = {first.attribute, second.attribute}
        why = "either of them, or only what is both? Ask for one at a time"
        if between.joint == "or" or self._is_list_of_places(first, second, between.joint):
            return why
        if between.joint == "and" and not between.preposition and not between.apart:
            return why
        return why if between.joint == "comma" and pair <= set(_WHAT) else ""

    def _is_list_of_places(self, first: Said, second: Said, joint: str) -> bool:
        """Whether two places of different size are listed; "Bangkok, Thailand" is no list."""
        if not joint or first.attribute not in PLACES or second.attribute not in PLACES:
            return False
        return joint != "comma" or not self._encloses(second, first)

    def _two_excluded(self, first: Said, second: Said) -> str:
        between = link(self._row, first.at, second.at)
        listed = between.joint == "and" or (between.joint == "comma" and not between.preposition)
        same = any(self._row.tag(i) is Tag.NOT for i in range(first.at, second.at))
        if listed or same:
            return ""
        return "leave out all of both, or only what is both?"

    def _check_reach(self) -> None:
        """Block "Hilton and Marriott restaurants", which could be those of both or of one."""
        for one, kind in pairwise(self.said):
            brands = [s for s in self.said if s.attribute is Attribute.BRAND]
            listed = one.attribute is Attribute.BRAND and len(brands) > 1 and one is not brands[0]
            ends = kind.attribute is Attribute.BUSINESS_TYPE
            if listed and ends and link(self._row, one.at, kind.at).direct:
                why = "of all these brands, or only of the last?"
                self.blocks.append(Block(kind.at, kind.at + 1, why))

    def _check_order(self) -> None:
        """Block an attribute whose values stand on both sides of another's: A B, A B."""
        last: dict[Attribute, int] = {}
        for number, one in enumerate(self.said):
            before = last.get(one.attribute)
            if before is not None and before != number - 1:
                span = self.said[before : number + 1]
                why = "which of these belong together? Ask for one at a time"
                self.blocks += [Block(each.at, each.at + 1, why) for each in span]
            last[one.attribute] = number


def without_known(excluded: list[Said], included: list[Said]) -> list[Said]:
    """Drop from exclusions what everybody in the audience is: "all hotels but hotels in Krabi"."""
    everybody = {v for one in included for v in one.values}
    kept = [one for one in excluded if not everybody.issuperset(one.values)]
    return kept if len(kept) < len(excluded) and kept else excluded


def contradictions(index: Index, included: list[Said], excluded: list[Said]) -> list[Block]:
    """Return blocks for values that are both wanted and left out, themselves or as part of more."""
    wanted = {v for one in included for v in one.values}
    return [
        Block(one.at, one.at + 1, "both wanted and left out?")
        for one in excluded
        if any(out == v or index.encloses(out, v) for out in one.values for v in wanted)
    ]


def alternatives(row: Row, scan: Scan) -> list[Block]:
    """Return blocks for "or" between rules of different kinds: "in Krabi or ending in May"."""
    kinds = {m.at: _kind(row, m.at) for m in scan.mentions}
    blocks = []
    for at, item in row:
        if not item.has(Tag.OR):
            continue
        before = max((m for m in kinds if m < at), default=None)
        after = min((m for m in kinds if m > at), default=None)
        if before is None or after is None or kinds[before] == kinds[after]:
            continue
        if not link(row, before, after).apart:
            blocks.append(Block(before, after + 1, "either of them, or only what is both?"))
    return blocks


def mixed_exclusions(row: Row, scan: Scan) -> list[Block]:
    """Return blocks for a value and a period left out together: "except Hiltons ending in May"."""
    out = [m for m in scan.mentions if m.excluded]
    blocks = []
    for first, second in pairwise(out):
        kinds = {_kind(row, first.at), _kind(row, second.at)}
        values = isinstance(row.sense(first.at), Names) and isinstance(row.sense(second.at), Names)
        same = first.inverted_by == second.inverted_by
        if same and len(kinds) > 1 and not values and not link(row, first.at, second.at).joint:
            why = "leave out all of them, or only what is both?"
            blocks.append(Block(first.at, second.at + 1, why))
    return blocks


def _kind(row: Row, at: int) -> str:
    sense = row.sense(at)
    if isinstance(sense, Names):
        return sense.attribute.value
    return "time" if isinstance(sense, When) or row.tag(at) in _ENDING else type(sense).__name__


def zones(row: Row, scan: Scan, *, excluded: bool) -> tuple[tuple[IntRange, ...], list[Block]]:
    """Return the ranges of zone counts of one side: "or" in a list, "and" of two bounds."""
    positions = [
        m.at for m in scan.mentions if m.excluded is excluded and isinstance(row.sense(m.at), Zones)
    ]
    ranges = []
    for at in positions:
        sense = row.sense(at)
        if isinstance(sense, Zones) and sense.range not in ranges:
            ranges.append(sense.range)
    if len(ranges) != 2:
        why = "more than one number of zones" if len(ranges) > 2 else ""
        return tuple(ranges), [Block(at, at + 1, why) for at in positions if why]
    low, high = sorted(ranges, key=lambda r: r.min is None)
    if low.max is None and high.min is None and (low.min or 0) <= (high.max or 0):
        return (IntRange(low.min, high.max),), []
    closed = all(r.min is not None and r.max is not None for r in ranges)
    if closed and link(row, positions[0], positions[1]).joint:
        return tuple(ranges), []
    return tuple(ranges), [Block(at, at + 1, "more than one number of zones") for at in positions]


def sizes_and_zones(row: Row, scan: Scan) -> tuple[set[int], list[Block]]:
    """Return sizes that a number in brackets explains, and blocks for those it contradicts.

    "Big hotels (10+ zones)" are those with ten or more; "big hotels with 8 zones" is asked about.
    """
    explained: set[int] = set()
    blocks = []
    sizes = [(m.at, names) for m in scan.mentions if (names := row.names(m.at))]
    sizes = [(at, names) for at, names in sizes if names.attribute is Attribute.SIZE]
    for mention in scan.mentions:
        sense = row.sense(mention.at)
        if not isinstance(sense, Zones):
            continue
        for at, names in sizes:
            if all(_fits(sense.range, Size(value.name)) for value in names.values):
                continue
            if row.tag(mention.at - 1) is Tag.OPEN and at < mention.at:
                explained.add(at)
            else:
                why = "the size, or this number of zones?"
                blocks.append(Block(min(at, mention.at), max(at, mention.at) + 1, why))
    return explained, blocks


def _fits(counts: IntRange, size: Size) -> bool:
    """Whether everybody with so many zones has that size."""
    low, high = {Size.SMALL: (1, 3), Size.MEDIUM: (4, 10), Size.ENTERPRISE: (11, None)}[size]
    above = (counts.min is not None and counts.min >= low) or low == 1
    below = high is None or (counts.max is not None and counts.max <= high)
    return above and below


def said_by(row: Row, scan: Scan, *, excluded: bool) -> list[Said]:
    """Return the values of one side, in order."""
    found = []
    for mention in scan.mentions:
        sense = row.sense(mention.at)
        if mention.excluded is excluded and isinstance(sense, Names):
            found.append(Said(mention.at, sense.values))
    return found
