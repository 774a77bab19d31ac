"""Judge a text in slot form: what stands around the slots may state nothing at all."""

import re
from collections.abc import Collection, Iterator

from campaigns.flow.guard.amounts import strike_amounts
from campaigns.flow.guard.case import Case
from campaigns.flow.guard.claims import strike_claims, strike_idioms
from campaigns.flow.guard.dates import strike_dates
from campaigns.flow.guard.links import strike_intruders
from campaigns.flow.guard.literals import strike_literals
from campaigns.flow.guard.reading import Mark, Reading
from campaigns.flow.guard.wording import strike_words
from campaigns.model.facts import Facts
from campaigns.model.ids import ContactId, CustomerId
from campaigns.model.message import Check
from campaigns.model.plan import CampaignType

_SLOT = re.compile(r"\{\{?([a-z_]+)\}\}?")
# Alternatives become sentences of their own; the brackets of optional parts go.
_BRACKETS = str.maketrans("[]", "  ")
_NOTHING = Facts(customer_id=CustomerId(""), customer="", contact_id=ContactId(""))


def check_prose(
    prose: str, slots: Collection[str], required: Collection[str] = ()
) -> tuple[Check, ...]:
    """Return what is wrong with `prose`, a text in slot form ("{greeting} ... {zones} ...").

    `slots` are the slots there are, `required` those that must be used. Empty when the prose
    is clean: it states no fact and makes no claim, so it is true of every customer.
    """
    reading = Reading(prose.replace("||", " \n").translate(_BRACKETS))
    case = Case(facts=_NOTHING, type=CampaignType.ANNOUNCEMENT, reading=reading)
    case.reading.report_hidden()
    used = set(_strike_slots(case, slots))
    strike_literals(case)
    strike_intruders(case)
    strike_idioms(case)
    strike_dates(case)
    strike_amounts(case)
    strike_claims(case)
    strike_words(case)
    absent = (Check(check="slot", ok=False, expected=name) for name in required if name not in used)
    return (*(verdict for verdict in case.reading.checks if not verdict.ok), *absent)


def _strike_slots(case: Case, slots: Collection[str]) -> Iterator[str]:
    """Account for known slots; unknown slots stay, as placeholders."""
    for m in list(_SLOT.finditer(case.reading.left)):
        if m[1] in slots:
            case.reading.strike(m.start(), m.end(), Mark.RECORD)
            yield m[1]
