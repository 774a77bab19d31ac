"""Clauses found whole by how they are built, whoever is named in them and whatever the period.

Lists of them are data (spared.toml, corrected.toml), one a line: "(a|b)" is one of them, "[a ]" may be
left out.
"""

from campaigns.ai.embedded.requests.row import Row
from campaigns.ai.embedded.requests.senses import Grain, Names, When

# Stand in the text for every letter of a name, and of a period.
NAME, PERIOD = "\ue000", "\ue001"


def masked(row: Row) -> str:
    """Return the text of `row`, as long as it is, with every letter of names and periods replaced.

    A bound ("by Friday") is no period.
    """
    letters = [*row.text]
    for _, item in row:
        named = isinstance(item.sense, Names)
        if named or (isinstance(item.sense, When) and item.sense.grain is not Grain.BOUND):
            letters[item.start : item.end] = (NAME if named else PERIOD) * (item.end - item.start)
    return "".join(letters)


def spelled(phrase: str) -> str:
    """Return a phrase as a pattern, whatever spaces it is written with."""
    pattern = phrase.strip().replace("(", "(?:").replace("[", "(?:").replace("]", ")?")
    return pattern.replace(" ", r"\s+")


def inside(row: Row, start: int, end: int) -> list[int]:
    """Return the items that stand from character `start` to `end`, none where one stands across."""
    found = [i for i, item in row if start < item.end and item.start < end]
    whole = found and row.items[found[0]].start >= start and row.items[found[-1]].end <= end
    return found if whole else []
