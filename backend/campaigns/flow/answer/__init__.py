"""Answers: what to do about a reply, and who wrote it.

`suggest` turns a reading into an action and a draft; `normalise_identifier` brings the address
of a reply into the form the customer book is searched in. A suggestion is all that comes of a
reply: no price, contract or setting is ever changed by one.
"""

from campaigns.flow.answer.identify import normalise_identifier
from campaigns.flow.answer.suggest import Situation, suggest

__all__ = ["Situation", "normalise_identifier", "suggest"]
