"""What the book's routes are given. `expected` is the digest of the book the caller looked at."""

from typing import Annotated

from pydantic import Field

from campaigns.api.models import Body, Short

Value = Annotated[str, Field(max_length=2_000)]
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class FixIn(Body):
    """Nothing need be said."""

    expected: Digest | None = None


class EntryIn(Body):
    """Exactly one of `fields`, `accept` and `is_customer`."""

    fields: Annotated[dict[Short, Value], Field(min_length=1, max_length=40)] | None = Field(
        default=None, description="Keys of the book, such as Contract End, and their new values"
    )
    accept: Short | None = Field(default=None, description="The inferred field to write down")
    is_customer: bool | None = None
    expected: Digest | None = None


class ContactIn(Body):
    """A contact as it is to stand in the book; what is not given stays as it is."""

    role: Short
    name: Short | None = None
    email: Value | None = None
    phone: Value | None = None
    whatsapp: Value | None = None
    line: Value | None = None
    preferred: Value | None = None
    notes: Value | None = None
    replaces: Short | None = Field(default=None, description="Whose place this person takes")
    expected: Digest | None = None

    def lines(self) -> dict[str, str]:
        """Return the lines given below the contact."""
        keys = ("email", "phone", "whatsapp", "line", "preferred", "notes")
        return {key: value for key in keys if (value := getattr(self, key)) is not None}


class MergeIn(Body):
    """`other` is the entry that goes into the one of the path."""

    other: Short
    dry_run: bool = False
    contradicting: bool = Field(
        default=False, description="Merge also where both say something else; this one's stays"
    )
    expected: Digest | None = None
