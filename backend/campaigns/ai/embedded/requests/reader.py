"""One request read from end to end: items, topic, sides, purpose, times, audience."""

from dataclasses import dataclass, field
from datetime import datetime

from campaigns.ai.embedded.requests import audience
from campaigns.ai.embedded.requests.asides import merged
from campaigns.ai.embedded.requests.asking import asked
from campaigns.ai.embedded.requests.audience import Said, Side
from campaigns.ai.embedded.requests.corrected import corrected
from campaigns.ai.embedded.requests.cover import cover
from campaigns.ai.embedded.requests.doubts import doubts
from campaigns.ai.embedded.requests.heard import unsaid
from campaigns.ai.embedded.requests.idle import idled
from campaigns.ai.embedded.requests.index import Index
from campaigns.ai.embedded.requests.purpose import Aim
from campaigns.ai.embedded.requests.row import LIGHT, Block, Row
from campaigns.ai.embedded.requests.scan import Scan
from campaigns.ai.embedded.requests.senses import Names, Purpose, Tag, Value
from campaigns.ai.embedded.requests.settle import settle
from campaigns.ai.embedded.requests.spared import spared
from campaigns.ai.embedded.requests.structure import Structure
from campaigns.ai.embedded.requests.times import Times
from campaigns.ai.embedded.requests.topics import Topics
from campaigns.model.customer import Size
from campaigns.model.plan import Attribute, DateRange, Filters, IntRange

_AFTER_ALL = (Tag.STOP, Tag.COLON, Tag.COMMA, Tag.CLOSE, Tag.NOT, Tag.BUT, Tag.SEND, Tag.BY)
_BEFORE_ALL = (Tag.TO, Tag.FOR, Tag.SEND)


@dataclass(slots=True)
class Reading:
    """Everything that was read in one request.

    `blocks` are what was not understood. `everyone` is whether somebody said all, every or
    everyone of the customers as a whole.
    """

    row: Row
    topics: Topics
    aim: Aim
    times: Times
    included: Side
    excluded: Side
    zones: tuple[IntRange, ...]
    excluded_zones: tuple[IntRange, ...]
    everyone: bool
    blocks: list[Block] = field(default_factory=list)

    @property
    def filters(self) -> Filters:
        """The rules on who is in."""
        return _filters(self.included, self.times.expiry, self.zones)

    @property
    def exclude(self) -> Filters:
        """The rules on who is out."""
        return _filters(self.excluded, self.times.excluded_expiry, self.excluded_zones)


def read(request: str, index: Index, now: datetime) -> Reading:
    """Read `request`; every word of it ends in the reading or in its blocks."""
    settled = settle(request, cover(request, index, now.date()))
    row = idled(merged(asked(spared(corrected(settled)))))
    topics = Topics(row)
    scan = Scan(row, topics)
    aim = Aim(row, topics, scan)
    times = Times(row, topics, scan, aim, now)
    explained, size_blocks = audience.sizes_and_zones(row, scan)
    said, left_out = _sides(row, scan)
    said = [one for one in said if one.at not in explained]
    included = Side(row, index, said, excluded=False)
    excluded = Side(row, index, left_out, excluded=True)
    zones, zone_blocks = audience.zones(row, scan, excluded=False)
    excluded_zones, more_blocks = audience.zones(row, scan, excluded=True)
    blocks = [
        *Structure(row, topics, scan).blocks,
        *topics.blocks,
        *scan.blocks,
        *aim.blocks,
        *times.blocks,
        *included.blocks,
        *excluded.blocks,
        *size_blocks,
        *zone_blocks,
        *more_blocks,
        *audience.contradictions(index, included.said, excluded.said),
        *audience.alternatives(row, scan),
        *audience.mixed_exclusions(row, scan),
        *_everyone_and_somebody(row, topics, scan),
        *_undone(row, times),
        *doubts(row, topics),
        *unsaid(row),
    ]
    return Reading(
        row=row,
        topics=topics,
        aim=aim,
        times=times,
        included=included,
        excluded=excluded,
        zones=zones,
        excluded_zones=excluded_zones,
        everyone=_said_everyone(row, topics),
        blocks=blocks,
    )


def _sides(row: Row, scan: Scan) -> tuple[list[Said], list[Said]]:
    said = audience.said_by(row, scan, excluded=False)
    left_out = audience.said_by(row, scan, excluded=True)
    return said, audience.without_known(left_out, said)


def _filters(side: Side, ends: tuple[DateRange, ...], zones: tuple[IntRange, ...]) -> Filters:
    values = side.values()

    def names(attribute: Attribute) -> tuple[str, ...]:
        found: list[Value] = values.get(attribute, [])
        return tuple(v.name for v in found)

    return Filters(
        brand=names(Attribute.BRAND),
        region=names(Attribute.REGION),
        country=names(Attribute.COUNTRY),
        city=names(Attribute.CITY),
        business_type=names(Attribute.BUSINESS_TYPE),
        platform=names(Attribute.PLATFORM),
        size=tuple(Size(name) for name in names(Attribute.SIZE)),
        customer=names(Attribute.CUSTOMER),
        contract_end=ends,
        zones=zones,
    )


def _said_everyone(row: Row, topics: Topics) -> bool:
    return any(
        item.has(Tag.EVERYONE) or (item.has(Tag.ALL) and _is_everyone(row, at))
        for at, item in row
        if at not in topics.inside
    )


def _is_everyone(row: Row, at: int) -> bool:
    """Whether "all" alone means all customers: "renewal to all except malls"."""
    before = row.before(at)
    leads = row.tag(before) in _BEFORE_ALL or isinstance(row.sense(before), Purpose)
    after = row.after(at, LIGHT)
    ends = after >= len(row) or row.tag(after) in _AFTER_ALL
    return leads and (ends or (row.is_thai(at) and row.names(after) is None))


def _everyone_and_somebody(row: Row, topics: Topics, scan: Scan) -> list[Block]:
    """Block "all customers and the Hiltons", which could be everybody or only some."""
    blocks = []
    for at, item in row:
        if not item.has(Tag.EVERYONE) or at in topics.inside:
            continue
        joint = row.tag(at + 1) in (Tag.AND, Tag.OR, Tag.COMMA)
        after = row.after(at, (*LIGHT, Tag.AND, Tag.OR, Tag.COMMA, Tag.ALL))
        if joint and isinstance(row.sense(after), Names):
            blocks.append(Block(at, after + 1, "everybody, or only some?"))
        blocks += [
            Block(some, some + 1, "everybody, or only some?")
            for some, one in row
            if isinstance(one.sense, Names)
            and not scan.side(some)
            and _is_addressed(row, topics, some)
        ]
    return blocks


def _undone(row: Row, times: Times) -> list[Block]:
    """Block "who have not renewed" where no date says which contracts."""
    if times.expiry:
        return []
    return [
        Block(at, at + 1, "whose contract ended, or ends, by when?")
        for at, item in row
        if isinstance(item.sense, Purpose) and item.sense.undone
    ]


def _is_addressed(row: Row, topics: Topics, at: int) -> bool:
    """Whether a value is one the message goes to: "to Hiltons", "for all Hiltons"."""
    leads = row.tag(row.before(at, (*LIGHT, Tag.ALL))) in (Tag.TO, Tag.FOR)
    return at not in topics.inside and leads and not row.is_thai(at)
