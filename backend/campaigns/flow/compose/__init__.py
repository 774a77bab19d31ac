"""Compose: one customer's facts, the cohort whose text they get, and the text with facts in it.

Words come from a writer, once per cohort; every fact is put in here, by code, from the
customer's record. What the record does not say is never said: its sentence goes.
"""

from campaigns.flow.compose.cohort import cohort_for, language_for, tone_for
from campaigns.flow.compose.gather import gather
from campaigns.flow.compose.prose import prose_faults
from campaigns.flow.compose.render import SLOTS, render
from campaigns.flow.compose.slotted import middle

__all__ = [
    "SLOTS",
    "cohort_for",
    "gather",
    "language_for",
    "middle",
    "prose_faults",
    "render",
    "tone_for",
]
