"""A text on trial: whether what a model wrote holds, before anybody's facts are put into it.

The model sees no customer, so its text is tried on invented ones: everything known, the contract
over, a single zone, hardly anything known. What the guard says there is told to the model.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product

from campaigns.ai.openai.question import Refused
from campaigns.flow import guard
from campaigns.flow.compose import prose_faults, render
from campaigns.model.customer import Channel
from campaigns.model.facts import Facts
from campaigns.model.ids import ContactId, CustomerId
from campaigns.model.money import Money
from campaigns.model.slots import slots_in
from campaigns.model.text import CohortText, Rendered

# Characters of a text with its facts in; WhatsApp takes 1,024 with the longest names.
LONGEST = {Channel.WHATSAPP: 850, Channel.LINE: 1_500, Channel.EMAIL: 4_000}
# What only the house says; it is put around the model's paragraphs by code.
_HOUSE = frozenset({"hello", "cta", "sign", "way_out", "unsubscribe", "sender", "greeting"})
_MOST_REASONS = 6
_TOPIC = {"en": "new playlists", "th": "เพลย์ลิสต์ใหม่"}

_FULL = Facts(
    customer_id=CustomerId("trial"),
    customer="Casa Trialto",
    contact_id=ContactId("trial"),
    contact="Maria Trialto",
    greeting="Maria",
    zone_count=2,
    zone_names=("Lobby", "Poolside"),
    price_per_zone=Money(Decimal(9000), "THB"),
    total=Money(Decimal(18000), "THB"),
    contract_end=date(2030, 10, 31),
    offers=("rate_locked",),
    unsubscribe_url="https://campaigns.example/u/trial",
)
_BARE = replace(
    _FULL,
    contact=None,
    greeting=None,
    zone_count=None,
    zone_names=(),
    price_per_zone=None,
    total=None,
    contract_end=None,
    offers=(),
)
CUSTOMERS = (
    _FULL,
    replace(_FULL, lapsed=True),
    replace(_FULL, zone_count=1, zone_names=("Lobby",), total=Money(Decimal(9000), "THB")),
    _BARE,
)


def hold(text: CohortText, base: CohortText, customers: Sequence[Facts] = CUSTOMERS) -> None:
    """Raise Refused with the reasons when `text` may not stand in for `base`.

    `base` is the house's own text of the cohort: the model's must carry the same facts. It is
    tried on `customers`, by default invented ones.
    """
    reasons = [*_form(text, base)] or [*dict.fromkeys(_judged(text, customers))]
    if reasons:
        raise Refused("Write it again without these faults: " + "; ".join(reasons[:_MOST_REASONS]))


def _form(text: CohortText, base: CohortText) -> Iterator[str]:
    yield from prose_faults(text)
    written = slots_in(s for p in own_paragraphs(text) for s in p)
    for name in sorted(written & _HOUSE):
        yield f"leave {{{name}}} out: it is added around your paragraphs"
    wanted = slots_in(s for p in own_paragraphs(base) for s in p)
    for name in sorted(wanted - written):
        yield f"the slot {{{name}}} is missing"
    if not own_paragraphs(text):
        yield "there are no paragraphs"
    if bool(text.subject) != bool(base.subject):
        yield "an e-mail needs a subject, other messages have none"


def own_paragraphs(text: CohortText) -> tuple[tuple[str, ...], ...]:
    """Return the paragraphs between greeting and call to action."""
    return tuple(p for p in text.paragraphs if not (len(p) == 1 and p[0][1:-1] in _HOUSE))


def _judged(text: CohortText, customers: Sequence[Facts]) -> Iterator[str]:
    longest = LONGEST[text.cohort.channel]
    # The sender's own topic is judged in the message; here is only what the model wrote.
    for facts, topic in product(customers, (None, _TOPIC.get(text.cohort.language, _TOPIC["en"]))):
        rendered = render(replace(text, topic=topic), facts)
        if len(rendered.text) > longest:
            yield f"it is too long: {len(rendered.text)} characters of {longest}"
        vetted = _vouched(text, rendered, facts, topic)
        for check in guard.check(
            rendered.text,
            facts,
            type_=text.cohort.type,
            language=text.cohort.language,
            composed=vetted,
            headings=(rendered.subject, rendered.preheader),
        ):
            if not check.ok:
                found = f"“{check.found}” " if check.found else ""
                yield f"{found}{_WHY.get(check.check, check.check)} ({check.expected or 'not known'})"


def _vouched(text: CohortText, rendered: Rendered, facts: Facts, topic: str | None) -> Rendered:
    """Return what the guard may take for the house's own; in other languages the text itself."""
    if text.cohort.language not in guard.LANGUAGES:
        return rendered
    return render(replace(text, paragraphs=text.vetted or (), topic=topic), facts)


_WHY = {
    "language": "is not in the language asked for",
    "number": "is a figure outside the slots",
    "link": "is a link",
    "date": "is a date outside the slots",
    "currency": "is a currency outside the slots",
    "statement": "states what the customer's record does not say",
    "claim": "promises or claims something",
    "wording": "uses a word outside the plain vocabulary",
    "negation": "denies something",
    "name": "holds a name",
}
