"""The values a request may name: from the book, and from the word lists around it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from campaigns.model.fold import fold
from campaigns.model.plan import Attribute


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One value of one attribute and the words that mean it.

    `value` is canonical ("Hilton", "DoubleTree by Hilton", "Thailand"). `words` are the
    spellings and synonyms, the value itself included, in any language, unfolded. `customers`
    is how many customers of the book have it: 0 for values known only to the word lists.
    `parent` is the enclosing value: the brand group of a brand, the country of a city, the
    region of a country.
    """

    attribute: Attribute
    value: str
    words: tuple[str, ...]
    customers: int = 0
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many customers have each value; the order of values is that of the book.

    `cities` are keyed by city and the country it is in, None where that is not known.
    """

    brand_groups: Mapping[str, int]
    brands: Mapping[str, int]
    regions: Mapping[str, int]
    countries: Mapping[str, int]
    cities: Mapping[tuple[str, str | None], int]
    business_types: Mapping[str, int]
    platforms: Mapping[str, int]
    names: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All terms, most used first within an attribute."""

    terms: tuple[Term, ...]
    _by_word: dict[Attribute, Mapping[str, Term]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def named(self, attribute: Attribute) -> Mapping[str, Term]:
        """Return the terms of one attribute by folded word; made once, for it may be many.

        Where two have one word, a group outranks a flag, and what more customers have the rest.
        """
        if attribute not in self._by_word:
            found: dict[str, Term] = {}
            ordered = sorted(self.of(attribute), key=lambda t: (t.parent is not None, -t.customers))
            for term in ordered:
                for word in (term.value, *term.words):
                    found.setdefault(fold(word), term)
            self._by_word[attribute] = found
        return self._by_word[attribute]

    def of(self, attribute: Attribute) -> Iterator[Term]:
        """Yield the terms of one attribute."""
        return (t for t in self.terms if t.attribute is attribute)
