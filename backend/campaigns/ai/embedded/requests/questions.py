"""What has to be asked about a reading, each with two or three ways on."""

from collections.abc import Iterable, Iterator, Sequence

from campaigns.ai.embedded.requests.index import Index
from campaigns.ai.embedded.requests.reader import Reading
from campaigns.ai.embedded.requests.row import Block
from campaigns.ai.embedded.requests.senses import Unknown, Value
from campaigns.flow.plan import wording
from campaigns.model.plan import CampaignType, Choice, Plan, Question

_MOST_QUESTIONS = 3
_SAY_OTHERWISE = "not known. Say it in other words, or leave it out"
_TYPE_LEADS = {
    CampaignType.RENEWAL: "Renewal",
    CampaignType.ANNOUNCEMENT: "Announcement",
    CampaignType.SURVEY: "Survey",
    CampaignType.FOLLOW_UP: "Follow-up",
    CampaignType.SEASONAL: "Seasonal",
}
_OFFERED = (CampaignType.RENEWAL, CampaignType.ANNOUNCEMENT, CampaignType.SURVEY)


def unread(reading: Reading, blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the request's own words of `blocks`, overlapping ones once, in order."""
    for first, last in _spans(blocks):
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


def questions(
    reading: Reading, blocks: Iterable[Block], drawn: Plan, index: Index
) -> list[Question]:
    """Return what to ask about `blocks`, and about a type or an audience that `drawn` lacks."""
    asked = [*_about_words(reading, blocks, index)][:_MOST_QUESTIONS]
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
        text = wording.ASK_TYPE
        offered = _OFFERED
    choices = [
        Choice(wording.TYPE_NAMES[kind], f"{_TYPE_LEADS[kind]}: {request}") for kind in offered
    ]
    return Question(text, tuple(choices))


def _about_audience(reading: Reading) -> Question:
    request = reading.row.request.strip()
    text = wording.ASK_WHO
    if not request:
        return Question(text)
    return Question(text, (Choice("All customers", f"{request}, to all customers"),))


def _about_words(reading: Reading, blocks: Iterable[Block], index: Index) -> Iterator[Question]:
    row = reading.row
    told: set[str] = set()
    for block in blocks:
        words = row.words(block.first, block.last)
        if words in told:
            continue
        told.add(words)
        nearest = block.nearest
        if not block.why and not nearest and isinstance(row.sense(block.first), Unknown):
            nearest = index.nearest(words)
        if nearest:
            yield _did_you_mean(reading, block, nearest)
        else:
            yield Question(f"“{words}”: {block.why or _SAY_OTHERWISE}")


def _did_you_mean(reading: Reading, block: Block, nearest: Sequence[Value]) -> Question:
    row = reading.row
    first, last = row.items[block.first].start, row.items[block.last - 1].end
    words = row.request[first:last]
    choices = tuple(
        Choice(value.name, f"{row.request[:first]}{value.name}{row.request[last:]}".strip())
        for value in nearest[:_MOST_QUESTIONS]
    )
    return Question(f"“{words}” is not known. Did you mean one of these?", choices)
