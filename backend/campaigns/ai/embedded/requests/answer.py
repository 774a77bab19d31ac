"""A reading told to a person: what was understood, what was assumed, what has to be asked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from campaigns.ai.embedded.requests.index import Index
from campaigns.ai.embedded.requests.reader import Reading
from campaigns.ai.embedded.requests.row import Block
from campaigns.ai.embedded.requests.senses import (
    Names,
    Occasion,
    Purpose,
    Sounds,
    Speaks,
    Unknown,
    Value,
    Via,
    Zones,
)
from campaigns.flow.plan import wording
from campaigns.model.customer import Size
from campaigns.model.plan import (
    Attribute,
    CampaignType,
    Choice,
    Plan,
    Question,
    Understood,
)

_ANY_EXPIRY = "any expiry date"
_MOST_QUESTIONS = 3
_TYPE_LEADS = {
    CampaignType.RENEWAL: "Renewal",
    CampaignType.ANNOUNCEMENT: "Announcement",
    CampaignType.SURVEY: "Survey",
    CampaignType.FOLLOW_UP: "Follow-up",
    CampaignType.SEASONAL: "Seasonal",
}
_OFFERED = (CampaignType.RENEWAL, CampaignType.ANNOUNCEMENT, CampaignType.SURVEY)


def plan(reading: Reading, index: Index) -> Plan:
    """Return the plan of `reading`."""
    aim, times = reading.aim, reading.times
    filters = reading.filters
    drawn = Plan(
        type=aim.type,
        filters=filters,
        exclude=reading.exclude,
        everyone=reading.everyone and not filters,
        context=reading.topics.words,
        occasion=aim.occasion,
        channels=aim.channels,
        language=aim.language,
        tone=aim.tone,
        send_at=times.send_at,
        understood=tuple(_understood(reading)),
        assumptions=tuple(dict.fromkeys(_assumptions(reading, index))),
        not_understood=tuple(_not_understood(reading)),
    )
    return replace(drawn, questions=tuple(_questions(reading, drawn, index)))


# --- understood ------------------------------------------------------------------------------------


def _understood(reading: Reading) -> Iterator[Understood]:
    found = [*_meanings(reading)]
    found.sort(key=lambda one: one[0])
    for first, last, meaning in found:
        yield Understood(reading.row.words(first, last), meaning)


def _meanings(reading: Reading) -> Iterator[tuple[int, int, str]]:
    yield from _purposes(reading)
    for side, lead in ((reading.included, ""), (reading.excluded, "Leave out: ")):
        for one in side.said:
            names = [v.name for v in one.values]
            yield one.at, one.at + 1, lead + wording.rule(one.attribute, names)
    for at, (first, last) in reading.times.bound.items():
        span = reading.times.span(at)
        lead = "Leave out: " if reading.times.is_excluded(at) else ""
        yield first, last, lead + wording.rule(Attribute.CONTRACT_END, [span])
    for at, item in reading.row:
        if isinstance(item.sense, Zones):
            yield at, at + 1, wording.zones(item.sense.range)
    if reading.times.send_at is not None:
        at = min(reading.times.sending)
        moment = reading.times.send_at
        yield at, max(reading.times.sending) + 1, f"Send on {moment.day} {moment:%B %Y at %H:%M}"


def _purposes(reading: Reading) -> Iterator[tuple[int, int, str]]:
    for at, item in reading.row:
        match item.sense:
            case Purpose(type=kind) if kind is reading.aim.type:
                yield at, at + 1, wording.TYPE_NAMES[kind]
            case Occasion(key=key):
                yield at, at + 1, f"Occasion: {key.replace('_', ' ') or item.words}"
            case Via(channel=channel):
                wanted = channel in reading.aim.channels
                yield at, at + 1, f"{'By' if wanted else 'Not by'} {_CHANNEL_NAMES[channel]}"
            case Speaks(language=language):
                yield at, at + 1, f"Language: {language}"
            case Sounds(tone=tone):
                yield at, at + 1, f"Tone: {tone}"
            case _:
                pass


_CHANNEL_NAMES = {"email": "e-mail", "whatsapp": "WhatsApp", "line": "LINE"}


# --- assumed -----------------------------------------------------------------------------------------


def _assumptions(reading: Reading, index: Index) -> Iterator[str]:
    if not reading.times.expiry and not reading.times.excluded_expiry:
        yield _ANY_EXPIRY
    yield from reading.times.notes
    for side in (reading.included, reading.excluded):
        yield from side.notes
        for one in side.said:
            item = reading.row.items[one.at]
            names = item.sense
            if isinstance(names, Names) and names.near:
                yield f"“{item.words}” read as {' or '.join(v.name for v in names.values)}"
            if isinstance(names, Names) and names.family:
                count = len(names.values)
                yield f"“{item.words}” read as the {count} customers whose names begin so"
            yield from _nobody(one.values, index)
    if Attribute.PLATFORM in reading.included.values():
        yield "Customers without a recorded platform are not in the audience"


def _nobody(values: Sequence[Value], index: Index) -> Iterator[str]:
    """Say that no customer has a value, and which values nearby customers have."""
    known = [v for v in values if v.attribute is not Attribute.SIZE]
    if not known or any(index.customers.get(v) for v in known):
        return
    value = known[0]
    nearest = ", ".join(index.existing(value.attribute, value.parent))
    shown = wording.rule(value.attribute, [value.name])
    yield f"No customer in the book has {shown}; the nearest are {nearest or 'none'}"


# --- not understood ----------------------------------------------------------------------------------


def _not_understood(reading: Reading) -> Iterator[str]:
    for first, last in _spans(reading.blocks):
        yield reading.row.words(first, last)


def _spans(blocks: Iterable[Block]) -> list[tuple[int, int]]:
    """Return the spans of the blocks, overlapping ones made one, in order."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted({(b.first, b.last) for b in blocks}):
        if joined and first < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


# --- questions ---------------------------------------------------------------------------------------


def _questions(reading: Reading, drawn: Plan, index: Index) -> list[Question]:
    asked = [*_about_words(reading, index)][:_MOST_QUESTIONS]
    if drawn.type is None:
        asked.append(_about_type(reading))
    if not drawn.filters and not drawn.everyone:
        asked.append(_about_audience(reading))
    return asked


def _about_type(reading: Reading) -> Question:
    request = reading.row.request.strip()
    if reading.aim.rivals:
        text = "These look like two campaigns. Which one first?"
        offered = reading.aim.rivals[:3]
    else:
        text = "What kind of campaign is it?"
        offered = _OFFERED
    choices = [
        Choice(wording.TYPE_NAMES[kind], f"{_TYPE_LEADS[kind]}: {request}") for kind in offered
    ]
    return Question(text, tuple(choices))


def _about_audience(reading: Reading) -> Question:
    request = reading.row.request.strip()
    text = "Who should get it? Name a brand, a place, a kind of business or a date, or say all."
    if not request:
        return Question(text)
    return Question(text, (Choice("All customers", f"{request}, to all customers"),))


def _about_words(reading: Reading, index: Index) -> Iterator[Question]:
    row = reading.row
    told: set[str] = set()
    for block in reading.blocks:
        words = row.words(block.first, block.last)
        if words in told:
            continue
        told.add(words)
        nearest = block.nearest
        if not block.why and not nearest and isinstance(row.sense(block.first), Unknown):
            nearest = index.nearest(words)
        if nearest:
            yield _did_you_mean(reading, block, nearest)
        elif block.why:
            yield Question(f"“{words}”: {block.why}")


def _did_you_mean(reading: Reading, block: Block, nearest: Sequence[Value]) -> Question:
    row = reading.row
    first, last = row.items[block.first].start, row.items[block.last - 1].end
    words = row.request[first:last]
    choices = tuple(
        Choice(value.name, f"{row.request[:first]}{value.name}{row.request[last:]}".strip())
        for value in nearest[:_MOST_QUESTIONS]
        if value.attribute is not Attribute.SIZE or value.name in tuple(Size)
    )
    return Question(f"“{words}” is not known. Did you mean one of these?", choices)
