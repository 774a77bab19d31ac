"""The outside set of requests (eval_requests.jsonl), told in this project's own words.

Its labels are those of another book: "Hilton Hotels & Resorts" is the group Hilton, customers are
slugs, "followup" is follow_up. Labels are looked up in the vocabulary of the book beside the set;
customers and brands that book does not have are added to the vocabulary. A row that must be asked about
because of a name this vocabulary knows does not apply and is left out.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from tests.evals.requests import Case, Expected, noon

from campaigns.book import load
from campaigns.book import vocabulary as words_of
from campaigns.model.fold import fold
from campaigns.model.plan import Attribute, DateRange, Filters, IntRange
from campaigns.model.vocabulary import Term, Vocabulary


def shared(folder: Path) -> tuple[list[Case], Vocabulary, int]:
    """Return the cases that apply, their vocabulary, and how many rows do not apply."""
    text = (folder / "eval_requests.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    labels = _Labels(_with_names(words_of(load(folder / "venue_book.md")), rows))
    applying = [row for row in rows if not labels.knows(row["unresolved_contains"])]
    return [_case(row, labels) for row in applying], labels.vocabulary, len(rows) - len(applying)


class _Labels:
    """The vocabulary's own name for every label of the set."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._names: dict[tuple[Attribute, str], list[str]] = {}
        for term in vocabulary.terms:
            for word in (*term.words, _slug(term.value)):
                key = (term.attribute, fold(word))
                group = term.attribute is not Attribute.BRAND or not term.parent
                self._names.setdefault(key, []).insert(0 if group else 1, term.value)

    def name(self, attribute: Attribute, label: str) -> str:
        """Return the vocabulary's name for a label, the label itself when there is none."""
        return self._names.get((attribute, fold(label)), [label])[0]

    def knows(self, words: list[str]) -> bool:
        """Whether all of these words, unknown to the set's own book, name something here."""
        return bool(words) and all(
            any((attribute, fold(word)) in self._names for attribute in Attribute) for word in words
        )


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")


def _with_names(vocabulary: Vocabulary, rows: list[Mapping[str, dict]]) -> Vocabulary:
    known = {
        a: {_slug(word) for t in vocabulary.of(a) for word in t.words}
        for a in (Attribute.CUSTOMER, Attribute.BRAND)
    }
    sides = [row["expected"].get(side, {}) for row in rows for side in ("include", "exclude")]
    terms = []
    for attribute, slugs in known.items():
        labels = {label for side in sides for label in side.get(attribute.value, ())}
        for label in sorted(label for label in labels if _slug(label) not in slugs):
            name = label.replace("-", " ").title() if attribute is Attribute.CUSTOMER else label
            words = (name, re.sub(r" Hotels( & Resorts)?$", "", name))
            terms.append(Term(attribute=attribute, value=name, words=words, customers=1))
    return Vocabulary((*vocabulary.terms, *terms))


def _case(row: Mapping, labels: _Labels) -> Case:
    return Case(
        id=row["id"],
        split=row["split"],
        language=row["lang"],
        request=row["request"],
        now=noon(row["today"]),
        expected=None if row["must_ask"] else _expected(row["expected"], labels),
    )


def _expected(row: Mapping, labels: _Labels) -> Expected:
    filters = _filters(row.get("include", {}), labels)
    if "expiry" in row:
        days = [day and noon(day).date() for day in row["expiry"]]
        filters = replace(filters, contract_end=(DateRange(*days),))
    if "zones" in row:
        filters = replace(filters, zones=(IntRange(**row["zones"]),))
    return Expected(
        type={"followup": "follow_up"}.get(row["type"], row["type"]),
        filters=filters,
        exclude=_filters(row.get("exclude", {}), labels),
        everyone=not filters,
    )


def _filters(row: Mapping[str, list[str]], labels: _Labels) -> Filters:
    return Filters(**dict(_named(row, labels)))


def _named(row: Mapping[str, list[str]], labels: _Labels) -> Iterator[tuple[str, tuple[str, ...]]]:
    for key, values in row.items():
        names = (labels.name(Attribute(key), value) for value in values)
        yield key, tuple(dict.fromkeys(names))
