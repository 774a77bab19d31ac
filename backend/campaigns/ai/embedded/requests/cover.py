"""The cheapest explanation of every token: which words belong together, and what they can mean.

Everything that could be said about any stretch of tokens competes: phrases of the lexicon, values
of the vocabulary, periods, numbers of zones, times of day. Exact words are cheap, forgiven typos
dearer, unknown words dearest; long phrases win because each costs the same. Every token ends up
in exactly one item: nothing is skipped.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from campaigns.ai.embedded.requests import timewords
from campaigns.ai.embedded.requests.amounts import Amounts
from campaigns.ai.embedded.requests.dates import Dates
from campaigns.ai.embedded.requests.index import Index
from campaigns.ai.embedded.requests.lexicon import lexicon
from campaigns.ai.embedded.requests.lists import table
from campaigns.ai.embedded.requests.senses import (
    Figure,
    Item,
    Names,
    Sense,
    Tag,
    Unknown,
    Value,
    Via,
    Word,
)
from campaigns.ai.embedded.requests.tokens import Kind, Token, tokenise
from campaigns.ai.embedded.requests.trie import Trie
from campaigns.model.customer import Channel
from campaigns.model.plan import Attribute

_EXACT, _FAMILY, _JOINED, _NEAR, _SLIP, _MARK, _FIGURE, _UNKNOWN = 10, 12, 13, 15, 12, 5, 60, 100
_LONGEST_JOINED = 3
_SHORTEST_THAI = 6  # letters of a Thai word in which a typo is forgiven
_MARKS = {
    ",": Tag.COMMA,
    ".": Tag.STOP,
    "!": Tag.STOP,
    "?": Tag.STOP,
    ";": Tag.STOP,
    "\n": Tag.STOP,
    "&": Tag.AND,
    "+": Tag.AND,
    "/": Tag.COMMA,
    ":": Tag.COLON,
    "→": Tag.COLON,
    "·": Tag.COLON,
    "•": Tag.COLON,
    "-": Tag.COLON,
    ">": Tag.COLON,
    "=": Tag.COLON,
    "(": Tag.OPEN,
    "[": Tag.OPEN,
    ")": Tag.CLOSE,
    "]": Tag.CLOSE,
}


@dataclass(frozen=True, slots=True)
class _Edge:
    end: int
    cost: int
    senses: tuple[Sense, ...]


def cover(request: str, index: Index, today: date) -> list[Item]:
    """Return the items that together cover `request`, in order."""
    tokens = [_month_forgiven(t, index) for t in tokenise(request, index.thai)]
    edges = [_cheapest(found) for found in _edges(tokens, index, today)]
    items = []
    for start, edge in _path(edges):
        first, last = tokens[start].start, tokens[edge.end - 1].end
        key = " ".join(t.key for t in tokens[start : edge.end])
        items.append(Item(first, last, request[first:last], key, edge.senses))
    return _joined_unknowns(items, request)


def _path(edges: Sequence[Sequence[_Edge]]) -> list[tuple[int, _Edge]]:
    best: list[tuple[int, int, _Edge | None]] = [(0, 0, None)]
    best += [(1 << 30, 0, None)] * len(edges)
    for start, outgoing in enumerate(edges):
        for edge in outgoing:
            cost = best[start][0] + edge.cost
            if cost < best[edge.end][0]:
                best[edge.end] = (cost, start, edge)
    path: list[tuple[int, _Edge]] = []
    position = len(edges)
    while position:
        _, start, taken = best[position]
        assert taken is not None  # every token has an edge of its own
        path.append((start, taken))
        position = start
    return path[::-1]


def _cheapest(found: Sequence[_Edge]) -> list[_Edge]:
    """Merge edges over the same tokens: the cheapest, with every sense at that cost."""
    by_end: dict[int, list[_Edge]] = defaultdict(list)
    for edge in found:
        by_end[edge.end].append(edge)
    merged = []
    for end, rivals in by_end.items():
        cost = min(e.cost for e in rivals)
        senses = [s for e in rivals if e.cost == cost for s in e.senses]
        merged.append(_Edge(end, cost, _decided(cost, tuple(dict.fromkeys(senses)))))
    return merged


def _decided(cost: int, senses: tuple[Sense, ...]) -> tuple[Sense, ...]:
    """Return `senses`; a forgiven typo must lead to one, several near ones are none."""
    if cost >= _NEAR + _SLIP and len(senses) > 1:
        nearest = [v for s in senses if isinstance(s, Names) for v in s.values]
        return (Unknown(tuple(nearest)),)
    return senses


def _edges(tokens: Sequence[Token], index: Index, today: date) -> Iterator[list[_Edge]]:
    dates = Dates(tokens, today)
    amounts = Amounts(tokens, dates.words)
    substitutes = [_substitutes(token, index) for token in tokens]
    for start, token in enumerate(tokens):
        found = [replace(_alone(token), end=start + 1), *_codes(token, index, start)]
        for end, cost, senses in _walk(lexicon().phrases, tokens, start, substitutes):
            found.append(_Edge(end, cost, tuple(senses)))
        for end, cost, values in _walk(index.phrases, tokens, start, substitutes):
            found.append(_Edge(end, cost, _names(index, values, near=cost >= _NEAR)))
        found += _joins(tokens, start, index)
        found += _families(tokens, start, index)
        for reading in (
            dates.at(start),
            amounts.zones(start),
            amounts.clock(start),
            amounts.of_topic(start),
        ):
            if reading is not None:
                found.append(_Edge(reading[0], _EXACT, (reading[1],)))
        yield found


_Trie = TypeVar("_Trie")


def _walk(
    trie: Trie[_Trie],
    tokens: Sequence[Token],
    start: int,
    substitutes: Sequence[Sequence[tuple[str, int]]],
) -> Iterator[tuple[int, int, Collection[_Trie]]]:
    """Yield (end, cost, values) of every phrase at `start`, typos forgiven at a price."""
    reached = [(trie, 0)]  # the nodes reached so far, with the slips made
    for position in range(start, len(tokens)):
        words = [(tokens[position].key, 0), *substitutes[position]]
        reached = [
            (found, slips + more)
            for node, slips in reached
            for word, more in words
            if (found := node.next.get(word)) is not None
        ]
        for node, slips in reached:
            if node.values:
                yield position + 1, _NEAR + _SLIP * slips if slips else _EXACT, node.values
        if not reached:
            return


def _substitutes(token: Token, index: Index) -> list[tuple[str, int]]:
    """Return the nearest known words of a word that is unknown; none for a known or real one."""
    if token.kind not in (Kind.WORD, Kind.THAI) or index.is_known(token.key):
        return []
    if token.kind is Kind.THAI and len(token.key) < _SHORTEST_THAI:
        return []
    found = index.near.near(token.key)
    return [(word, slips) for word, slips in found if slips == found[0][1]]


def _names(index: Index, values: Collection[Value], *, near: bool) -> tuple[Sense, ...]:
    """Return what values mean; a typo is forgiven only for values that customers have."""
    if near and not any(index.exists(v) for v in values):
        return (Unknown(tuple(values)),)
    return index.names(values, near=near)


def _month_forgiven(token: Token, index: Index) -> Token:
    """Return the token with a misspelt month or day put right, where nothing else is as near."""
    near = [word for word, _ in _substitutes(token, index)]
    if len(near) == 1 and near[0] in timewords.names_of_days_and_months():
        return replace(token, key=near[0])
    return token


def _joins(tokens: Sequence[Token], start: int, index: Index) -> Iterator[_Edge]:
    """Yield values written apart or together against custom: "Double Tree", "Huahin"."""
    joined = ""
    for end in range(start + 1, min(start + _LONGEST_JOINED, len(tokens)) + 1):
        if tokens[end - 1].kind is not Kind.WORD:
            return
        joined += tokens[end - 1].key
        if joined in index.joined:
            yield _Edge(end, _JOINED, index.names(index.joined[joined]))


def _families(tokens: Sequence[Token], start: int, index: Index) -> Iterator[_Edge]:
    """Yield customers whose names begin with the same two or more words: "Bean There" shops."""
    keys = [t.key for t in tokens]
    for end, names in index.beginnings.matches(keys, start):
        if len(names) > 1 and not index.holds_brand_or_place(keys[start:end]):
            values = tuple(Value(Attribute.CUSTOMER, name) for name in names)
            yield _Edge(end, _FAMILY, (Names(values, family=True),))


def _codes(token: Token, index: Index, start: int) -> Iterator[_Edge]:
    """Yield the country that two capital letters stand for: "SG"."""
    name = table("doubtful.toml")["codes"].get(token.text)
    if name is not None:
        values = [v for v in index.customers if v.attribute is Attribute.COUNTRY and v.name == name]
        if values:
            yield _Edge(start + 1, _EXACT, index.names(values))


def _alone(token: Token) -> _Edge:
    """Return what a token is when no phrase explains it."""
    if token.kind is Kind.NUMBER:
        return _Edge(0, _FIGURE, (Figure(),))
    if token.kind is Kind.MARK and (tag := _mark(token.key)) is not None:
        return _Edge(0, _MARK, (Word(tag),))
    if token.text == "LINE":
        return _Edge(0, _EXACT, (Via(Channel.LINE),))
    return _Edge(0, _UNKNOWN, (Unknown(),))


def _mark(mark: str) -> Tag | None:
    """Return the tag of a punctuation mark; None for signs that mean something unknown (%, $)."""
    if mark in _MARKS:
        return _MARKS[mark]
    category = unicodedata.category(mark[0])
    decorates = category.startswith("P") or category in ("So", "Sk")
    return Tag.DECORATION if decorates and mark not in "%@#{}" else None


def _joined_unknowns(items: Sequence[Item], request: str) -> list[Item]:
    """Return the items with neighbouring unknown words made one."""
    joined: list[Item] = []
    for item in items:
        before = joined[-1] if joined else None
        if (
            before is not None
            and isinstance(item.sense, Unknown)
            and isinstance(before.sense, Unknown)
        ):
            words = request[before.start : item.end]
            key = f"{before.key} {item.key}"
            joined[-1] = Item(before.start, item.end, words, key, (Unknown(),))
        else:
            joined.append(item)
    return joined
