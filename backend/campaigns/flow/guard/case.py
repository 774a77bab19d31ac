"""What is judged: one part of one message, the facts it may state and what was found so far."""

from dataclasses import dataclass, field

from campaigns.flow.guard.reading import Reading
from campaigns.model.facts import Facts
from campaigns.model.plan import CampaignType


@dataclass(slots=True)
class Case:
    """One part under judgement.

    `found` holds the names of the facts it states, `zones` the zones it names, `told` the words
    of the record that have their verdict.
    """

    facts: Facts
    type: CampaignType
    reading: Reading
    found: set[str] = field(default_factory=set)
    zones: set[str] = field(default_factory=set)
    told: set[tuple[str, str]] = field(default_factory=set)

    def source(self, fact: str) -> str | None:
        """Return where the record says `fact`."""
        return self.facts.sources.get(fact)
