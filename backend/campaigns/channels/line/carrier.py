"""LINE by its Messaging API: one personal push a message, never a broadcast.

LINE has an idempotency key, sent from the first attempt on: whatever breaks can be tried again
with the same key and the same bytes for 24 hours, and 409 says that it was taken before. So an
unclear answer is in doubt only until the same request is repeated.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import httpx2
import structlog

from campaigns.channels.line import account, payload
from campaigns.channels.line.answers import judge
from campaigns.channels.wire import Endpoint, Wire
from campaigns.model.customer import Channel
from campaigns.model.delivery import Quota, ReasonClass, Refused, SendOutcome
from campaigns.model.facts import Facts
from campaigns.model.ids import BatchId
from campaigns.model.message import Message, Template
from campaigns.model.text import CohortText, Rendered

PUSH = "/v2/bot/message/push"
MULTICAST = "/v2/bot/message/multicast"
KEY_HEADER = "X-Line-Retry-Key"

Dress = Callable[[CohortText, Rendered, Facts], tuple[str | None, Template | None]]
Problem = Callable[[Message], str | None]

log = structlog.get_logger(__name__)


class LineCarrier:
    """`model.ports.Carrier` for LINE."""

    channel = Channel.LINE
    simulated = False
    ready = None

    def __init__(self, endpoint: Endpoint, quota: Quota, *, dress: Dress, problem: Problem) -> None:
        self.quota = quota
        self._endpoint = endpoint
        self._dress = dress
        self._problem = problem
        self._wire = Wire(endpoint)

    def dress(
        self, text: CohortText, rendered: Rendered, facts: Facts
    ) -> tuple[str | None, Template | None]:
        """Return what a rendered text is sent with, beside its words."""
        return self._dress(text, rendered, facts)

    def problem(self, message: Message) -> str | None:
        """Return why LINE would refuse this message's form, or None."""
        return self._problem(message)

    async def send(self, message: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
        """Push one message; `Unknown` is for trying again with the same key, see the module."""
        request = self._wire.request(
            "POST",
            PUSH,
            body=payload.push(message),
            headers={KEY_HEADER: payload.retry_key(message.id)},
        )
        if not leaving():
            return None
        return await self._judged(request, f"{message.id}:{message.attempt}")

    def alike(self, message: Message) -> str:
        """Return a key that is equal for messages that may go in one request."""
        return payload.alike(message)

    async def send_together(self, batch_id: BatchId, messages: Sequence[Message]) -> SendOutcome:
        """Multicast one text to all whose messages these are; they must have left.

        LINE gives no message ids for it.
        """
        request = self._wire.request(
            "POST",
            MULTICAST,
            body=payload.multicast(messages),
            headers={KEY_HEADER: payload.retry_key(batch_id)},
        )
        return await self._judged(request, batch_id)

    async def probe(self) -> str | None:
        """Ask LINE who this token belongs to and whether it takes our messages; nothing is sent."""
        return await account.probe(self._endpoint, payload.sample())

    async def close(self) -> None:
        """Give the connections back."""
        await self._wire.close()

    async def _judged(self, request: httpx2.Request, subject: str) -> SendOutcome:
        answer = await self._wire.exchange(request)
        if not isinstance(answer, httpx2.Response):
            return answer
        _note(subject, answer)
        outcome = judge(answer.status_code, answer.content)
        if isinstance(outcome, Refused) and outcome.reason.kind is ReasonClass.QUOTA:
            return await self._out_of_quota(outcome)
        return outcome

    async def _out_of_quota(self, refused: Refused) -> Refused:
        """Ask whether the month is really used up: then the channel stops until that changes.

        A broadcast under way reserves more than it may use, so the refusal alone does not tell.
        Until the next look the channel rests and no request is made in vain.
        """
        quota = await self._wire.exchange(self._wire.request("GET", account.QUOTA))
        used = await self._wire.exchange(self._wire.request("GET", account.CONSUMPTION))
        if isinstance(quota, httpx2.Response) and isinstance(used, httpx2.Response):
            spent = account.left_of(quota.content, used.content) == 0
            return replace(refused, halts_channel=spent, rests_channel=not spent)
        return replace(refused, rests_channel=True)


def _note(subject: str, answer: httpx2.Response) -> None:
    log.info(
        "line_answered",
        of=subject,
        status=answer.status_code,
        request=answer.headers.get("x-line-request-id"),
        accepted_request=answer.headers.get("x-line-accepted-request-id"),
    )
