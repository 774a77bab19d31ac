"""A channel that is not configured: its messages can be written and checked, not sent."""

from collections.abc import Callable
from dataclasses import dataclass

from campaigns.model.customer import Channel
from campaigns.model.delivery import Quota, Reason, ReasonClass, Refused, SendOutcome
from campaigns.model.facts import Facts
from campaigns.model.message import Message, Template
from campaigns.model.text import CohortText, Rendered


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadyCarrier:
    """`model.ports.Carrier` that says what is missing; `form` is the real channel's own."""

    channel: Channel
    quota: Quota
    ready: str
    dresser: Callable[[CohortText, Rendered, Facts], tuple[str | None, Template | None]]
    judge: Callable[[Message], str | None]
    simulated: bool = False

    def dress(
        self, text: CohortText, rendered: Rendered, facts: Facts
    ) -> tuple[str | None, Template | None]:
        """Return the HTML and the template, as the channel will make them."""
        return self.dresser(text, rendered, facts)

    def problem(self, message: Message) -> str | None:
        """Return why the provider would refuse this message's form, or None."""
        return self.judge(message)

    async def send(self, message: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
        """Refuse: nothing can leave."""
        return Refused(reason=Reason(kind=ReasonClass.AUTH, detail=self.ready), halts_channel=True)

    async def probe(self) -> str | None:
        """Return what is missing."""
        return self.ready

    async def close(self) -> None:
        """Hold no connections."""
