"""How two values of a request are joined: by nothing, a comma, "and", "or", a preposition."""

from dataclasses import dataclass

from campaigns.ai.embedded.requests.row import LIGHT, Row
from campaigns.ai.embedded.requests.senses import Tag

_NEUTRAL = (
    *LIGHT,
    Tag.WHO,
    Tag.ALL,
    Tag.OTHER,
    Tag.THOSE,
    Tag.BE,
    Tag.REL,
    Tag.THAT,
    Tag.ONLY,
    Tag.A,
    Tag.LABEL,
    Tag.CONTRACT,
)
_JOINTS = {Tag.AND: "and", Tag.OR: "or", Tag.COMMA: "comma"}
_PREPOSITIONS = (
    Tag.IN,
    Tag.AT,
    Tag.ON,
    Tag.OF,
    Tag.FOR,
    Tag.TO,
    Tag.WITH,
    Tag.FROM,
    Tag.USE,
)


@dataclass(frozen=True, slots=True)
class Link:
    """What stands between two values.

    `joint` is "", "comma", "and" or "or" (the strongest there); `preposition` is True when one
    stands right before the second; `apart` when anything else stands between them.
    """

    joint: str = ""
    preposition: bool = False
    apart: bool = False

    @property
    def direct(self) -> bool:
        """Whether nothing that matters stands between."""
        return not (self.joint or self.preposition or self.apart)


def link(row: Row, first: int, second: int) -> Link:
    """Return how the items at `first` and `second` are joined."""
    joint, preposition, apart = "", False, False
    for at in range(first + 1, second):
        tag = row.tag(at)
        if tag in _JOINTS:
            joint = max(joint, _JOINTS[tag], key=("", "comma", "and", "or").index)
        elif tag in _PREPOSITIONS:
            preposition = True
        elif tag not in _NEUTRAL:
            apart = True
    return Link(joint, preposition, apart)
