"""A reading told to a person: what was understood, what was assumed, what has to be asked."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from campaigns.ai.embedded.requests.index import Index
from campaigns.ai.embedded.requests.questions import questions, unread
from campaigns.ai.embedded.requests.reader import Reading
from campaigns.ai.embedded.requests.senses import (
    Item,
    Names,
    Occasion,
    Purpose,
    Sounds,
    Speaks,
    Tag,
    Value,
    Via,
    Word,
    Zones,
)
from campaigns.flow.plan import wording
from campaigns.model.plan import (
    Attribute,
    Plan,
    Understood,
)


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
        understood=tuple(understood(reading)),
        assumptions=tuple(dict.fromkeys(_assumptions(reading, index))),
        not_understood=tuple(dict.fromkeys(unread(reading, reading.blocks))),
    )
    return replace(drawn, questions=tuple(questions(reading, reading.blocks, drawn, index)))


# --- understood ------------------------------------------------------------------------------------


def understood(reading: Reading) -> Iterator[Understood]:
    """Yield what the rules understood, in the request's order."""
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
    plain = any(cue.strong and cue.type is reading.aim.type for cue in reading.aim.cues)
    for at, item in reading.row:
        match item.sense:
            case Purpose(type=kind, strong=strong) if kind is reading.aim.type and (
                strong or not plain
            ):
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
            case Word(tag=tag, idle=idle) if idle or tag is Tag.ASIDE:
                lead = "Not used" if idle else "A note for the writer"
                yield at, at + 1, f"{lead}: it chooses no customers"
            case _:
                pass


_CHANNEL_NAMES = {"email": "e-mail", "whatsapp": "WhatsApp", "line": "LINE"}


# --- assumed -----------------------------------------------------------------------------------------


def _assumptions(reading: Reading, index: Index) -> Iterator[str]:
    if not reading.times.expiry and not reading.times.excluded_expiry:
        yield wording.ANY_EXPIRY
    yield from reading.times.notes
    for side in (reading.included, reading.excluded):
        yield from side.notes
        for one in side.said:
            yield from _named(reading.row.items[one.at])
            yield from _nobody(one.values, index)
    yield from _remarks(reading)
    yield from _figures(reading)
    if Attribute.PLATFORM in reading.included.values():
        yield "Customers without a recorded platform are not in the audience"


def _named(item: Item) -> Iterator[str]:
    """Say what is assumed where words name values otherwise than the book writes them."""
    names = item.sense
    if not isinstance(names, Names):
        return
    if names.note:
        yield names.note
    if names.near:
        yield f"“{item.words}” read as {' or '.join(v.name for v in names.values)}"
    if names.family:
        yield f"“{item.words}” read as the {len(names.values)} customers whose names begin so"


def _remarks(reading: Reading) -> Iterator[str]:
    for _, item in reading.row:
        if item.sense == Word(Tag.ASIDE, idle=True):
            yield f"“{item.words}” taken for a remark that chooses nobody"


def _figures(reading: Reading) -> Iterator[str]:
    """Say that a percentage is not written: messages state only what the record or house says."""
    for at, item in reading.row:
        if item.has(Tag.TOPIC_FIGURE) and item.key.endswith("%"):
            words = reading.row.words(at, at + 1)
            yield f"“{words}” will not be written: offers come from the house's own list"


def _nobody(values: Sequence[Value], index: Index) -> Iterator[str]:
    """Say that no customer has a value, and which values nearby customers have."""
    known = [v for v in values if v.attribute is not Attribute.SIZE]
    if not known or any(index.customers.get(v) for v in known):
        return
    value = known[0]
    nearest = ", ".join(index.existing(value.attribute, value.parent))
    shown = wording.rule(value.attribute, [value.name])
    near = f"; the nearest are {nearest}" if nearest else ""
    yield f"No customer in the book has {shown}{near}"
