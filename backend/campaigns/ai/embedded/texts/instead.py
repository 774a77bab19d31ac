"""The house's language in place of one that nobody here writes."""

from collections.abc import Sequence
from dataclasses import replace

from campaigns.ai.embedded.texts.library import TextLibrary
from campaigns.model.ids import CampaignId
from campaigns.model.locales import name_of
from campaigns.model.text import Cohort, CohortText


class HouseLanguage:
    """`model.ports.Writer` over the library: for other languages the house's, with the reason."""

    def __init__(self, library: TextLibrary, house: str) -> None:
        self._library = library
        self._house = house
        self.name = library.name

    def occasions(self) -> Sequence[str]:
        """Return the keys of the occasions there are texts for."""
        return self._library.occasions()

    def write(
        self, cohort: Cohort, context: str | None, charge: CampaignId | None = None
    ) -> CohortText:
        """Return the library's text of `cohort`, in the house's language where it has no other."""
        if cohort.language in self._library.languages:
            return self._library.write(cohort, context, charge)
        text = self._library.write(replace(cohort, language=self._house), context, charge)
        reason = f"no model is configured to write in {name_of(cohort.language)}"
        return replace(text, fallback=reason)
