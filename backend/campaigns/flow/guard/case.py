"""What is judged: one part of one message, the facts it may state and what was found so far."""

from dataclasses import dataclass, field

from campaigns.flow.guard.reading import Reading
from campaigns.model.facts import Facts
from campaigns.model.plan import CampaignType


@dataclass(slots=True)
class Case:
    """One part under judgement. `found` holds the fact names it states, `zones` zones it names."""

    facts: Facts
    type: CampaignType
    reading: Reading
    found: set[str] = field(default_factory=set)
    zones: set[str] = field(default_factory=set)

    def source(self, fact: str) -> str | None:
        """Return where the record says `fact`."""
        return self.facts.sources.get(fact)
