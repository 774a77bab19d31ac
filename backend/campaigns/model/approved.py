"""What was approved once, beside what is there now: which words changed, who came and who went."""

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.model.customer import Channel
from campaigns.model.ids import ContactId, CustomerId
from campaigns.model.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedText:
    """A message as it was when it was approved."""

    customer_id: CustomerId
    customer: str
    contact_id: ContactId
    channel: Channel
    address: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A message that says something else, or goes elsewhere, than what was approved."""

    before: ApprovedText
    now: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class SinceApproval:
    """What became of an approved campaign since.

    `rewritten` are messages that changed, `added` and `gone` customers by name, `more` and `fewer`
    messages to customers who were and are in it.
    """

    rewritten: Sequence[Rewritten]
    added: Sequence[str]
    gone: Sequence[str]
    more: Sequence[Message]
    fewer: Sequence[ApprovedText]

    def __bool__(self) -> bool:
        return any((self.rewritten, self.added, self.gone, self.more, self.fewer))
