"""LINE by its Messaging API: one personal push a message, never a broadcast.

LINE has an idempotency key, sent from the first attempt on: whatever breaks can be tried again
with the same key and the same bytes for 24 hours, and 409 says that it was taken before. So an
unclear answer is in doubt only until the same request is repeated.
"""

import asyncio
from collections.abc import Callable

import httpx2
import structlog

from campaigns.channels.line import account, payload
from campaigns.channels.line.answers import judge
from campaigns.channels.wire import Endpoint, Wire
from campaigns.model.customer import Channel
from campaigns.model.delivery import Quota, ReasonClass, Refused, SendOutcome
from campaigns.model.facts import Facts
from campaigns.model.message import Message, Template
from campaigns.model.text import CohortText, Rendered

PUSH = "/v2/bot/message/push"
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
        self._spent: Refused | None = None
        self._spent_until = 0.0

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
        if self._spent is not None and asyncio.get_running_loop().time() < self._spent_until:
            return self._spent
        request = self._wire.request(
            "POST",
            PUSH,
            body=payload.push(message),
            headers={KEY_HEADER: payload.retry_key(message.id)},
        )
        if not leaving():
            return None
        answer = await self._wire.exchange(request)
        if not isinstance(answer, httpx2.Response):
            return answer
        _note(message, answer)
        outcome = judge(answer.status_code, answer.content)
        if isinstance(outcome, Refused) and outcome.reason.kind is ReasonClass.QUOTA:
            return await self._out_of_quota(outcome)
        return outcome

    async def probe(self) -> str | None:
        """Ask LINE who this token belongs to and whether it takes our messages; nothing is sent."""
        return await account.probe(self._endpoint, payload.sample())

    async def close(self) -> None:
        """Give the connections back."""
        await self._wire.close()

    async def _out_of_quota(self, refused: Refused) -> Refused:
        """Ask whether the month is really used up: then the channel stops until that changes.

        A broadcast under way reserves more than it may use, so the refusal alone does not tell.
        Until the next look no request is made in vain.
        """
        quota = await self._wire.exchange(self._wire.request("GET", account.QUOTA))
        used = await self._wire.exchange(self._wire.request("GET", account.CONSUMPTION))
        if isinstance(quota, httpx2.Response) and isinstance(used, httpx2.Response):
            spent = account.left_of(quota.content, used.content) == 0
            refused = Refused(
                reason=refused.reason, retry_after_s=refused.retry_after_s, halts_channel=spent
            )
        if not refused.halts_channel:
            self._spent = refused
            wait_s = refused.retry_after_s or 0.0
            self._spent_until = asyncio.get_running_loop().time() + wait_s
        return refused


def _note(message: Message, answer: httpx2.Response) -> None:
    log.info(
        "line_answered",
        message=message.id,
        attempt=message.attempt,
        status=answer.status_code,
        request=answer.headers.get("x-line-request-id"),
        accepted_request=answer.headers.get("x-line-accepted-request-id"),
    )
