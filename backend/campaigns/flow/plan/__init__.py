"""The plan: what a structured request means, what days words mean, and a plan in plain words.

Requests in words are read by the AI layer, which uses the same rules: `period` for days and
`wording` for what a person reads.
"""

from campaigns.flow.plan.difference import difference
from campaigns.flow.plan.fields import customer_ids
from campaigns.flow.plan.phrasing import phrase
from campaigns.flow.plan.structured import amend, filters_json, plan_json, structured

__all__ = [
    "amend",
    "customer_ids",
    "difference",
    "filters_json",
    "phrase",
    "plan_json",
    "structured",
]
