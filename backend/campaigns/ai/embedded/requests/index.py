"""The vocabulary made ready for reading: every spelling of every value, and words near them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from campaigns.ai.embedded.requests.lexicon import lexicon, value_words
from campaigns.ai.embedded.requests.lists import lines, table
from campaigns.ai.embedded.requests.near import NearWords
from campaigns.ai.embedded.requests.plain import is_ordinary
from campaigns.ai.embedded.requests.senses import Names, Value
from campaigns.ai.embedded.requests.tokens import PART, WHOLE, key_of, tokenise
from campaigns.ai.embedded.requests.trie import Trie
from campaigns.model.customer import Size
from campaigns.model.fold import fold
from campaigns.model.plan import Attribute
from campaigns.model.vocabulary import Vocabulary

_BRANDS_AND_PLACES = (Attribute.BRAND, Attribute.CITY, Attribute.COUNTRY, Attribute.REGION)
_PLURAL = (Attribute.BRAND, Attribute.BUSINESS_TYPE)
_ISLAND = ("koh", "ko", "kho")
_SHORTEST_FAMILY = 2  # words that several names must share to be asked for by them
_SHORTEST_JOINED = 6
_LIKENESS = 70  # of 100: how like a name must be to be offered as "did you mean"


@dataclass(slots=True)
class Index:
    """Everything the reader looks up in one vocabulary; built once for it."""

    phrases: Trie[Value] = field(default_factory=Trie)
    joined: dict[str, list[Value]] = field(default_factory=lambda: defaultdict(list))
    beginnings: Trie[str] = field(default_factory=Trie)
    customers: dict[Value, int] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)
    thai: dict[str, int] = field(default_factory=dict)
    near: NearWords = field(default_factory=lambda: NearWords(()))

    def is_known(self, word: str) -> bool:
        """Whether `word` is a word of the language lists or of the vocabulary, or a real one."""
        listed = word in self.words or word in lexicon().words
        return listed or word in lines("real_words.txt") or is_ordinary(word)

    def names(self, values: Iterable[Value], *, near: bool = False) -> tuple[Names, ...]:
        """Return one sense per attribute the values belong to, the wider brand or place first."""
        by_attribute: dict[Attribute, list[Value]] = defaultdict(list)
        for value in values:
            if value not in by_attribute[value.attribute]:
                by_attribute[value.attribute].append(value)
        if brands := by_attribute.get(Attribute.BRAND):
            groups = [b for b in brands if not b.parent or b.parent == b.name]
            by_attribute[Attribute.BRAND] = groups[:1] or brands
        if cities := by_attribute.get(Attribute.CITY):
            countries = {c.name for c in by_attribute.get(Attribute.COUNTRY, ())}
            if all(city.parent in countries for city in cities):
                del by_attribute[Attribute.CITY]
        return tuple(Names(tuple(found), near=near) for found in by_attribute.values())

    def exists(self, value: Value) -> bool:
        """Whether some customer of the book has `value`; sizes and regions always count."""
        always = value.attribute in (Attribute.SIZE, Attribute.REGION)
        return always or bool(self.customers.get(value))

    def holds_brand_or_place(self, keys: Sequence[str]) -> bool:
        """Whether a brand or a place is named among `keys`."""
        return any(
            value.attribute in _BRANDS_AND_PLACES
            for start in range(len(keys))
            for _, values in self.phrases.matches(keys, start)
            for value in values
        )

    def nearest(self, words: str, count: int = 3) -> tuple[Value, ...]:
        """Return the values that `words` may have been meant for, best first; maybe none."""
        known = {fold(v.name): v for v in self.customers}
        hits = process.extract(
            fold(words),
            list(known),
            scorer=fuzz.token_set_ratio,
            score_cutoff=_LIKENESS,
            limit=count,
        )
        return tuple(known[name] for name, _, _ in hits)

    def encloses(self, outer: Value, inner: Value) -> bool:
        """Whether `inner` lies within `outer`: a flag in its group, a city in its region."""
        parent = inner.parent
        for _ in range(3):  # city, country, region
            if parent == outer.name and (outer.attribute, outer.name) != (
                inner.attribute,
                inner.name,
            ):
                return True
            parent = self.parents.get(parent, "")
        return False

    def is_city_state(self, country: Value) -> bool:
        """Whether a country is also a city of the same name."""
        return Value(Attribute.CITY, country.name, country.name) in self.customers

    def existing(self, attribute: Attribute, parent: str, count: int = 3) -> list[str]:
        """Return values that customers have, those with the same parent and most customers first."""
        values = [(v, n) for v, n in self.customers.items() if n and v.attribute is attribute]
        values.sort(key=lambda found: (found[0].parent != parent, -found[1], found[0].name))
        return [value.name for value, _ in values[:count]]


def build(vocabulary: Vocabulary) -> Index:
    """Return the index of `vocabulary`."""
    index = Index()
    extra = value_words()
    doubtful = table("doubtful.toml")["narrower"]
    for term in vocabulary.terms:
        value = Value(term.attribute, term.value, term.parent or "")
        if value.attribute is Attribute.COUNTRY:
            index.parents[value.name] = value.parent
        index.customers[value] = max(term.customers, index.customers.get(value, 0))
        for words in {*term.words, *extra.get((term.attribute, term.value), ())}:
            if fold(words) not in doubtful:
                _add(index, value, words)
    _add_sizes_and_regions(index)
    for word, price in lexicon().thai.items():
        index.thai[word] = min(price, index.thai.get(word, price))
    index.near = NearWords(index.words | lexicon().forgivable)
    return index


def _add_sizes_and_regions(index: Index) -> None:
    """Sizes and the five regions are words of the product, whatever the book holds."""
    for (attribute, name), words in value_words().items():
        value = Value(attribute, name)
        if attribute is Attribute.SIZE or attribute is Attribute.REGION:
            index.customers.setdefault(value, 0)
            for spelling in words:
                _add(index, value, spelling)
    for size in Size:
        index.customers.setdefault(Value(Attribute.SIZE, size.value), 0)


def _add(index: Index, value: Value, words: str) -> None:
    for keys in _spellings(value.attribute, words):
        index.phrases.add(keys, value)
        index.words.update(keys)
        for key in keys:
            if not key.isascii():
                price = WHOLE if len(keys) == 1 else PART
                index.thai[key] = min(price, index.thai.get(key, price))
        if value.attribute is Attribute.CUSTOMER:
            for length in range(_SHORTEST_FAMILY, len(keys)):
                index.beginnings.add(keys[:length], value.name)
        elif len(joined := "".join(keys)) >= _SHORTEST_JOINED:
            index.joined[joined].append(value)


def _spellings(attribute: Attribute, words: str) -> Iterator[tuple[str, ...]]:
    keys = key_of(words)
    if not keys:
        return
    yield keys
    if "(" in words:
        yield tuple(t.key for t in tokenise(words, None))
    if "&" in keys:
        yield tuple(k for k in keys if k != "&")
        yield tuple("and" if k == "&" else k for k in keys)
    if attribute is Attribute.CUSTOMER:
        yield from _short_forms(keys, words)
    elif attribute is Attribute.CITY and keys[0] in _ISLAND and len(keys) > 1:
        yield keys[1:]  # "Koh Samui" is also "Samui"
    elif attribute in _PLURAL:
        yield (*keys[:-1], _plural(keys[-1]))
        yield (_plural(keys[0]), *keys[1:])


def _short_forms(keys: tuple[str, ...], words: str) -> Iterator[tuple[str, ...]]:
    """Yield what people leave out of a customer's name."""
    if keys[0] == "the" and len(keys) > 1:
        yield keys[1:]
    if "by" in keys[1:-1]:
        at = keys.index("by")  # "DoubleTree by Hilton Phuket" is also "DoubleTree Phuket"
        yield (*keys[:at], *keys[at + 2 :])
    if "'" in words or "’" in words:
        yield tuple(fold(words).replace("'", "").split())
    if "|" in words:  # "Iron Harbour Fitness | Sathorn" is also "Iron Harbour Sathorn"
        kinds = table("doubtful.toml")["kinds"].split()
        yield tuple(key for key in keys if key not in kinds)


def _plural(word: str) -> str:
    if not word.isascii():
        return word
    if word.endswith(("s", "x", "ch", "sh")):
        return f"{word}es"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}s"
