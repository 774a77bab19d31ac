"""Which column of a table is which field: guessed from its heading, confirmed by a person."""

from collections.abc import Mapping, Sequence
from functools import cache

from campaigns.book.keys import contact_key, contact_names, entry_key, ordered_keys
from campaigns.book.lists import rows, split
from campaigns.model.errors import EditRefused
from campaigns.model.fold import fold

PERSON = ("person", "first", "last", "role")
SKIP = "-"  # a column that is to be left out


@cache
def _words() -> Mapping[str, str]:
    listed = rows("import_columns.csv")
    return {fold(w): r["field"] for r in listed for w in (r["field"], *split(r["words"]))}


@cache
def fields() -> tuple[str, ...]:
    """Return every field a column can be."""
    return ("name", *PERSON, *contact_names(), *(field for field, _ in ordered_keys()))


def guess(header: Sequence[str]) -> Mapping[str, str]:
    """Return the field of each column whose heading is known; the first of two alike counts.

    "Name" alone is the customer's, unless another column is: then it is the contact's.
    """
    found: dict[str, str] = {}
    for heading in sorted(header, key=lambda h: fold(h) == "name"):
        field = _words().get(fold(heading)) or entry_key(heading) or contact_key(heading)
        if field == "name" and field in found.values():
            field = "person"
        if field is not None and field not in found.values():
            found[heading] = field
    return {h: found[h] for h in header if h in found}


def chosen(header: Sequence[str], said: Mapping[str, str]) -> Mapping[str, str]:
    """Return the guess with what a person said over it; "-" leaves a column out.

    Raises EditRefused for a column or a field that does not exist, a field given twice, or when
    no column names the customer.
    """
    unknown = [h for h in said if h not in header]
    if unknown:
        raise EditRefused(f"There is no column '{unknown[0]}'. There are: {', '.join(header)}.")
    wrong = [f for f in said.values() if f != SKIP and f not in fields()]
    if wrong:
        raise EditRefused(f"There is no field '{wrong[0]}'. There are: {', '.join(fields())}.")
    taken = set(said.values())
    mapping = {h: f for h, f in guess(header).items() if h not in said and f not in taken}
    mapping |= {h: f for h, f in said.items() if f != SKIP}
    twice = [f for f in mapping.values() if list(mapping.values()).count(f) > 1]
    if twice:
        raise EditRefused(f"Two columns are given as '{twice[0]}'. Leave one out with '{SKIP}'.")
    if "name" not in mapping.values():
        raise EditRefused(
            f"No column names the customer. The columns are: {', '.join(header)}. "
            'Say which one it is, such as --map "Hotel=name".'
        )
    return {h: mapping[h] for h in header if h in mapping}
