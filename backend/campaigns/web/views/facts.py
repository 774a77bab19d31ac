"""A message's facts as a reader sees them: numbered, named, tied to their source and its words."""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from campaigns.model.message import Check, Message
from campaigns.model.wording import plural
from campaigns.orchestrator.words import is_confirmable

LABELS = {
    "contact": "Contact",
    "customer": "Customer",
    "zone_count": "Zone count",
    "zones": "Zones",
    "contract_start": "Contract start",
    "contract_end": "Contract end",
    "price_per_zone": "Price per zone",
    "total": "Total",
    "offer": "House offer",
    "occasion": "Occasion",
    "scale": "Survey scale",
    "platform": "Music platform",
    "business_type": "Business type",
    "brand": "Brand",
    "brand_group": "Brand group",
    "city": "City",
    "country": "Country",
    "sender": "Sender",
    "cta": "What to do",
    "way_out": "Way to opt out",
    "unsubscribe_url": "Unsubscribe link",
    "claim": "Claim",
    "wording": "Words without a source",
    "number": "Number",
    "amount": "Amount",
    "date": "Date",
    "period": "Period",
    "link": "Link",
    "name": "Name",
    "negation": "Negation",
    "placeholder": "Unfilled slot",
    "slot": "Missing part",
    "template": "WhatsApp template",
    "hidden": "Hidden character",
    "language": "Language",
    "guard": "Fact guard",
    "form": "Form",
}
# True of every message, so not worth a number while they are right.
FURNITURE = frozenset({"sender", "cta", "way_out", "unsubscribe_url", "template"})
HOUSE_SOURCES = {"house": "House wording"}
NEAR = 3  # characters between two unfounded spans that are one claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of the fact check.

    `verdict` is read out before the label. `mood` is "ok", "warn" where its author may confirm it,
    else "bad". `start` and `end` are its span in the text, -1 when it is about something absent or
    in the subject.
    """

    number: int
    label: str
    mood: str
    verdict: str
    detail: str
    quote: str
    start: int
    end: int

    @property
    def ok(self) -> bool:
        """Whether the record, or a person, stands behind it."""
        return self.mood == "ok"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the text; with a fact when the run states one."""

    text: str
    fact: Fact | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSheet:
    """Everything the fact panel and the marked text need."""

    facts: Sequence[Fact]
    pieces: Sequence[Piece]
    heading: str
    mood: str

    @property
    def ok(self) -> bool:
        """Whether nothing is left to fix or to confirm."""
        return self.mood == "ok"


def sheet(message: Message) -> FactSheet:
    """Return the facts of a message, numbered in the order of its text, missing ones last."""
    found = [*_true(message.checks), *_unfounded(message.checks, message.text)]
    found.sort(key=lambda f: (f.start < 0, f.start))
    facts = [replace(f, number=n) for n, f in enumerate(found, start=1)]
    moods = Counter(f.mood for f in facts)
    return FactSheet(
        facts=facts,
        pieces=list(_pieces(message.text, facts)),
        heading=_heading(len(facts), moods["bad"], moods["warn"], checked=bool(message.checks)),
        mood=_worst(moods) if message.checks else "bad",
    )


def _worst(moods: Mapping[str, int]) -> str:
    return next((mood for mood in ("bad", "warn") if moods.get(mood)), "ok")


def _heading(all_of_them: int, bad: int, warn: int, *, checked: bool) -> str:
    if not checked:
        return "Not checked yet"
    if bad:
        said = f"{plural(bad, 'claim')} {'has' if bad == 1 else 'have'} no source"
        return f"{said}, {warn} to confirm" if warn else said
    return f"{warn} to confirm" if warn else f"All {plural(all_of_them, 'fact')} match"


def _true(checks: Iterable[Check]) -> Iterator[Fact]:
    seen: set[tuple[str, str | None]] = set()
    for check in checks:
        key = (check.check, check.found)
        if check.ok and check.check not in FURNITURE and key not in seen:
            seen.add(key)
            yield _fact(check, "Confirmed" if check.by else "Matches", _source(check))


def _source(check: Check) -> str:
    """Return where the record says it: "Contract End, line 21"."""
    if check.check == "total":
        return check.source or "Price × zones"
    if not check.source:
        return "Customer record"
    if known := HOUSE_SOURCES.get(check.source):
        return known
    line, comma, key = check.source.partition(", ")
    if key == "heading":
        key = "Record title"
    elif check.check == "contact":
        key = f"Contacts › {key}"
    return (
        f"{key[:1].upper()}{key[1:]}, {line}"
        if comma and line.startswith("line ")
        else check.source
    )


def _unfounded(checks: Iterable[Check], text: str) -> Iterator[Fact]:
    """Yield what does not pass; runs that stand side by side are one claim."""
    run: list[Check] = []
    for check in sorted((c for c in checks if not c.ok), key=lambda c: (c.start < 0, c.start)):
        beside = run and check.start >= 0 and check.start - run[-1].end <= NEAR
        if run and not (beside and check.expected is None and run[-1].expected is None):
            yield _claim(run, text)
            run = []
        run.append(check)
    if run:
        yield _claim(run, text)


def _claim(run: Sequence[Check], text: str) -> Fact:
    first, last = run[0], run[-1]
    if len(run) == 1:
        return _fact(first, *_verdict(first))
    confirmable = all(map(is_confirmable, run))
    whole = Check(
        check="wording" if confirmable else "claim",
        ok=False,
        found=text[first.start : last.end],
        start=first.start,
        end=last.end,
    )
    return _fact(whole, *_verdict(whole))


def _verdict(check: Check) -> tuple[str, str]:
    if check.found is None:
        return "Missing", f"The message must say {check.expected}" if check.expected else "Missing"
    if check.expected:
        return "Wrong", f"The record says {check.expected}"
    if is_confirmable(check):
        return "To confirm", "No record says this; confirm it if it states nothing, or what is true"
    return "No source", "Not in the customer record or the house's offers"


def _fact(check: Check, verdict: str, detail: str) -> Fact:
    return Fact(
        number=0,
        label=LABELS.get(check.check, check.check.replace("_", " ").capitalize()),
        mood="ok" if check.ok else "warn" if is_confirmable(check) else "bad",
        verdict=verdict,
        detail=detail,
        quote=check.found or "",
        start=check.start,
        end=check.end,
    )


def _pieces(text: str, facts: Sequence[Fact]) -> Iterator[Piece]:
    at = 0
    for fact in facts:
        if fact.start < at or fact.end <= fact.start:
            continue
        if fact.start > at:
            yield Piece(text[at : fact.start])
        yield Piece(text[fact.start : fact.end], fact)
        at = fact.end
    if at < len(text):
        yield Piece(text[at:])


_TAG = re.compile(r"(<[^>]*>)")


def marked_html(body: str, facts: Iterable[Fact]) -> str:
    """Return an e-mail's HTML with its facts marked, in the order of the text.

    A fact whose words are not found after those before it stays unmarked.
    """
    tokens = _TAG.split(body)
    at = 0
    for fact in facts:
        words = html.escape(fact.quote, quote=False)
        place = next((i for i in range(at, len(tokens)) if _says(tokens[i], words)), None)
        if not words or fact.start < 0 or place is None:
            continue
        before, _, after = tokens[place].partition(words)
        mark = f'<mark class="{fact.mood}">{words}<sup>{fact.number}</sup></mark>'
        tokens[place : place + 1] = [before, mark, after]
        at = place + 2
    return "".join(tokens)


def _says(token: str, words: str) -> bool:
    return not token.startswith("<") and words in token


def marked(pieces: Iterable[Piece]) -> Markup:
    """Return a text with its facts marked, escaped."""
    parts = []
    for piece in pieces:
        if piece.fact is None:
            parts.append(Markup.escape(piece.text))
        else:
            parts.append(
                Markup(
                    '<mark class="{}" data-f="{}">{}<sup aria-hidden="true">{}</sup></mark>'
                ).format(
                    piece.fact.mood,
                    piece.fact.number,
                    piece.text,
                    piece.fact.number,
                )
            )
    return Markup("").join(parts)
