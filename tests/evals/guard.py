"""How well the fact guard tells good messages from bad ones.

    python -m tests.evals.guard [--shared DIR] [--show] [--speed]

Judges `messages.jsonl` (own; "tuned" splits may be looked at, "unseen" ones never are), the single
sentences of `guard_sentences.txt` (all looked at) and `guard_sentences_unseen.txt` (none) and, where
present, `DIR/eval_messages.jsonl`. Prints recall on bad and false alarms on good messages, per
split and kind. `--show` prints the rows judged wrongly, of tuned splits only;
`--speed` how long composing and judging a library message takes.
"""

import argparse
import json
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from campaigns.ai.embedded.texts import TextLibrary
from campaigns.flow.compose import SLOTS, render
from campaigns.flow.compose.render import PHRASES
from campaigns.flow.guard import check, check_prose, passes
from campaigns.model.customer import Channel
from campaigns.model.facts import Facts
from campaigns.model.ids import ContactId, CustomerId
from campaigns.model.message import Check
from campaigns.model.money import Money
from campaigns.model.plan import CampaignType, Tone
from campaigns.model.text import Cohort, CohortText, Rendered

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("CAMPAIGNS_EVAL_DATA", HERE.parents[2] / "shared" / "data"))
TODAY = date(2025, 9, 15)
TOPIC = {"en": "new playlists", "th": "เพลย์ลิสต์ใหม่"}
# The only splits whose rows may be looked at.
TUNED = frozenset({"tuned", "tuned4", "sentences", "shared/first"})


# The slots of the shared set's texts in slot form, and of the project's own.
SHARED_SLOTS = frozenset({"greeting", "fact_block", "cta", "optout"})
HOUSE_SLOTS = SLOTS | PHRASES | {"scale"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One message to judge, and whether it is good."""

    id: str
    split: str
    kind: str
    language: str
    type: CampaignType
    facts: Facts | None  # None: a text in slot form that is judged as prose alone
    text: str
    prose: str = ""  # the same text in slot form, where somebody wrote it so
    subject: str = ""
    composed: Rendered | None = None  # what the library made of it before it was corrupted
    good: bool
    defect: str | None

    def passed(self) -> bool:
        verdicts = self.judged()
        return passes(verdicts) if self.facts else not verdicts

    def judged(self) -> tuple[Check, ...]:
        if self.facts is None:
            return check_prose(self.text, SHARED_SLOTS, required=SHARED_SLOTS)
        return check_prose(self.prose, HOUSE_SLOTS) + check(
            self.text,
            self.facts,
            type_=self.type,
            language=self.language,
            composed=self.composed,
            headings=(self.subject,),
        )


def own_cases() -> Iterator[Case]:
    """Yield the cases of `messages.jsonl`."""
    book = json.loads((HERE / "customers.json").read_text(encoding="utf-8"))["customers"]
    for row in _rows(HERE / "messages.jsonl"):
        facts = _own_facts(book[row["customer"]])
        text, subject, composed = row.get("text"), row.get("subject", ""), None
        prose = text if row["kind"] == "slots" else ""
        if prose:
            text, composed = _filled(row, facts)
        if row["kind"] == "library":
            text, subject, composed = _from_library(row, facts)
        yield Case(
            id=row["id"],
            split=row["split"],
            kind=row["kind"],
            language=row["language"],
            type=CampaignType(row["type"]),
            facts=facts,
            text=text,
            prose=prose,
            subject=subject,
            composed=composed,
            good=row["good"],
            defect=row["defect"],
        )


# What a sentence is judged in: greeting, term, price, the sentence, what to do.
FRAME = {
    "en": "Hi Rudolf,\n\n{term} {price} {}\n\nReply YES. Reply STOP to opt out.",
    "th": "เรียน คุณ Rudolf {term} {price} {} ตอบ YES เพื่อต่ออายุ ตอบ STOP เพื่อหยุดรับข้อความ",
}
TERM = {
    "en": "Your 4 zones (Edge, Drift Bar, Horizon, Shore) at Hilton Pattaya expire on October 31, 2025.",
    "th": "สัญญาของ Hilton Pattaya ทั้ง 4 โซน (Edge, Drift Bar, Horizon, Shore) หมดอายุ 31 ตุลาคม 2568",
}
PRICE = {
    "en": "THB 12,000 per zone, THB 48,000.",
    "th": "ราคา 12,000 บาทต่อโซน รวม 48,000 บาทต่อปี",
}


def sentence_cases() -> Iterator[Case]:
    """Yield every sentence of the two files in a renewal that is right without it."""
    book = json.loads((HERE / "customers.json").read_text(encoding="utf-8"))["customers"]
    facts = _own_facts(book["hilton-pattaya"])
    lines = [
        (split, line)
        for split, name in (("sentences", "guard_sentences"), ("unseen5", "guard_sentences_unseen"))
        for line in (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    for n, (split, line) in enumerate(lines, 1):
        language, verdict, sentence = line.split("|", 2)
        verdict, _, place = verdict.partition("-")
        parts = {"term": TERM[language], "price": PRICE[language]}
        text = FRAME[language].format("" if place else sentence, **parts | {place: sentence})
        yield Case(
            id=f"S{n:04}",
            split=split,
            kind=language,
            language=language,
            type=CampaignType.RENEWAL,
            facts=facts,
            text=text,
            good=verdict == "ok",
            defect=None if verdict == "ok" else sentence,
        )


def shared_cases(folder: Path) -> Iterator[Case]:
    """Yield the cases of the shared set; none when it is not there."""
    file = folder / "eval_messages.jsonl"
    for row in _rows(file) if file.exists() else ():
        in_slots = row["facts"] is None
        yield Case(
            id=row["id"],
            split=f"shared/{row['split']}",
            kind=row["lang"] if row["lang"] in {"en", "th"} else "other language",
            language=row["lang"],
            type=CampaignType.ANNOUNCEMENT if in_slots else CampaignType(row["type"]),
            facts=None if in_slots else _shared_facts(row["facts"]),
            text=row["text"],
            good=row["label"] == "good",
            defect=row["defect"],
        )


def _rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _own_facts(row: Mapping[str, Any]) -> Facts:
    price = Money(Decimal(row["price"]), row["currency"]) if "price" in row else None
    end = date.fromisoformat(row["contract_end"]) if "contract_end" in row else None
    named = ("brand", "brand_group", "city", "country", "business_type", "platform", "greeting")
    return Facts(
        customer_id=CustomerId("c"),
        customer=row["customer"],
        contact_id=ContactId("k"),
        contact=row.get("contact"),
        zone_count=row["zone_count"],
        zone_names=tuple(row["zone_names"]),
        price_per_zone=price,
        total=price.times(row["zone_count"]) if price else None,
        contract_end=end,
        lapsed=end is not None and end < TODAY,
        offers=("rate_locked",),
        unsubscribe_url="https://u.example/x",
        **{field: row.get(field) for field in named},
    )


def _shared_facts(row: Mapping[str, Any]) -> Facts:
    price = Money(Decimal(str(row["price"])), row["currency"])
    end = date.fromisoformat(row["expiry"])
    return Facts(
        customer_id=CustomerId(row["id"]),
        customer=row["name"],
        contact_id=ContactId("k"),
        contact=row["contact"],
        greeting=row["contact"].split()[0],
        zone_count=len(row["zones"]),
        zone_names=tuple(row["zones"]),
        price_per_zone=price,
        total=price.times(len(row["zones"])),
        contract_end=end,
        lapsed=end < TODAY,
        platform=row["platform"],
        business_type=row["business_type"],
        brand=row["brand"],
        city=row["city"],
        country=row["country"],
        offers=("rate_locked",),
    )


def _from_library(row: Mapping[str, Any], facts: Facts) -> tuple[str, str, Rendered]:
    """Render the row's library text and corrupt it as the row says."""
    rendered = render(_library_text(row, row.get("topic")), facts)
    text = rendered.text
    for old, new in row.get("replace", ()):
        if old not in text:
            raise ValueError(f"{row['id']}: the library no longer says {old!r}")
        text = text.replace(old, new)
    return text, rendered.subject, rendered


def _filled(row: Mapping[str, Any], facts: Facts) -> tuple[str, Rendered]:
    """Fill the row's text in slot form, and the house's text of its cohort it stands in for."""
    house = _library_text(row, TOPIC[row["language"]])
    own = replace(house, paragraphs=tuple((p,) for p in row["text"].split("\n\n")))
    return render(own, facts).text, render(house, facts)


def _library_text(row: Mapping[str, Any], topic: str | None) -> CohortText:
    cohort = Cohort(
        type=CampaignType(row["type"]),
        tone=Tone(row.get("tone", Tone.WARM)),
        language=row["language"],
        channel=Channel(row["channel"]),
        occasion=row.get("occasion", ""),
    )
    return TextLibrary().write(cohort, topic)


@dataclass(slots=True)
class Score:
    """Counts of one group of cases."""

    bad: int = 0
    caught: int = 0
    good: int = 0
    alarms: int = 0

    def add(self, case: Case, *, passed: bool) -> None:
        if case.good:
            self.good += 1
            self.alarms += not passed
        else:
            self.bad += 1
            self.caught += not passed

    def __str__(self) -> str:
        recall = f"{self.caught / self.bad:6.1%}" if self.bad else "     -"
        alarms = f"{self.alarms / self.good:6.1%}" if self.good else "     -"
        return (
            f"recall {recall} ({self.caught}/{self.bad})"
            f"   false alarms {alarms} ({self.alarms}/{self.good})"
        )


def measure(cases: Iterator[Case], *, show: bool = False) -> dict[tuple[str, str], Score]:
    """Return a score per (split, kind), kind "all" for the whole split."""
    scores: dict[tuple[str, str], Score] = defaultdict(Score)
    for case in cases:
        passed = case.passed()
        scores[case.split, "all"].add(case, passed=passed)
        scores[case.split, case.kind].add(case, passed=passed)
        if show and case.split in TUNED and passed != case.good:
            failed = [(v.check, v.found, v.expected) for v in case.judged() if not v.ok]
            print(case.id, case.kind, case.defect, failed, "\n   ", repr(case.text))
    return scores


def speed_ms() -> float:
    """Return the median processor time, in ms, to render and judge a library message."""
    texts = [
        TextLibrary().write(
            Cohort(type=CampaignType.RENEWAL, tone=tone, language=language, channel=channel), None
        )
        for tone in Tone
        for language in ("en", "th")
        for channel in Channel
    ]
    known = next(c.facts for c in own_cases() if c.facts)
    times = []
    for text in texts * 30:
        start = process_time()
        made = render(text, known)
        check(
            made.text,
            known,
            type_=text.cohort.type,
            language=text.cohort.language,
            composed=made,
            headings=(made.subject, made.preheader),
        )
        times.append(process_time() - start)
    return median(times) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the fact guard.")
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--speed", action="store_true")
    options = parser.parse_args()
    if options.speed:
        print(f"render and check: {speed_ms():.2f} ms a message (processor time, median)")
        return
    cases = (*own_cases(), *sentence_cases(), *shared_cases(options.shared))
    for (split, kind), score in sorted(measure(iter(cases), show=options.show).items()):
        print(f"{split:16}{kind:16}{score}")


if __name__ == "__main__":
    main()
