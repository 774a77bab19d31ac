"""The wire: pydantic-ai over the OpenAI format. The only module that imports either."""

import queue
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from typing import Any, TypeVar

import openai
from anyio.from_thread import start_blocking_portal
from pydantic import ValidationError
from pydantic_ai import Agent, ModelRetry, NativeOutput, PromptedOutput, ToolOutput
from pydantic_ai import exceptions as ex
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.settings import ModelSettings
from pydantic_ai.usage import RunUsage, UsageLimits

from campaigns.ai.openai.question import TRIES, Output, Question, Refused, Server, Unavailable
from campaigns.model.spending import Tokens

T = TypeVar("T")

_FORMS: dict[Output, Any] = {
    Output.NATIVE: NativeOutput,
    Output.TOOL: ToolOutput,
    Output.PROMPTED: PromptedOutput,
}
_DENIED = (401, 403)
_SHOWN = 200  # characters of a library's own words in a reason


class BrokenOffError(Exception):
    """A stream ended without saying that it was at its end."""


class Wire:
    """Connections to one server, on an event loop of their own."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._open = ExitStack()
        self._loop = self._open.enter_context(start_blocking_portal())
        self._client = openai.AsyncOpenAI(
            api_key=server.key or "none",  # servers of one's own ask for no key, the client does
            base_url=server.base_url,
            timeout=server.timeout_s,
            max_retries=server.resends,
        )
        self._model = OpenAIChatModel(
            server.model, provider=OpenAIProvider(openai_client=self._client)
        )

    def close(self) -> None:
        """End the connections and their loop."""
        self._loop.call(self._client.close)
        self._open.close()

    def ask(self, question: Question[T]) -> tuple[T, Tokens | None]:
        """Return the accepted answer and what it used, if known; raises Unavailable."""
        return self._loop.call(self._ask, question)

    def stream(self, question: Question[Any], used: list[Tokens]) -> Iterator[str]:
        """Yield the answer's words as they come; `used` then holds what it used."""
        words: queue.SimpleQueue[str | Unavailable | None] = queue.SimpleQueue()
        task = self._loop.start_task_soon(self._stream, question, words, used)
        try:
            while (part := words.get()) is not None:
                if isinstance(part, Unavailable):
                    raise part
                yield part
        finally:
            task.cancel()

    async def _ask(self, question: Question[T]) -> tuple[T, Tokens | None]:
        usage = RunUsage()
        agent = self._agent(question)
        accepted: list[T] = []

        @agent.output_validator
        def check(answer: Any) -> Any:
            try:
                accepted[:] = [question.accept(answer)]
            except Refused as why:
                raise ModelRetry(str(why)) from why
            return answer

        try:
            await agent.run(
                question.prompt,
                usage=usage,
                usage_limits=_LIMITS,
                timeout=self._server.timeout_s,
            )
        # The words a person typed must go on to the other engine whatever a library meets here.
        except Exception as failure:
            raise _reason(failure, usage, self._server) from failure
        return accepted[0], _counted(usage)

    async def _stream(
        self,
        question: Question[Any],
        words: "queue.SimpleQueue[str | Unavailable | None]",
        used: list[Tokens],
    ) -> None:
        usage = RunUsage()
        try:
            async for part in self._parts(question, usage):
                words.put(part)
            if (counted := _counted(usage)) is not None:
                used.append(counted)
        except Exception as failure:  # noqa: BLE001 - as in `_ask`: told to the caller, whatever it is
            words.put(_reason(failure, usage, self._server))
        else:
            words.put(None)

    async def _parts(self, question: Question[Any], usage: RunUsage) -> AsyncIterator[str]:
        agent = self._agent(question)
        async with agent.run_stream(
            question.prompt, usage=usage, usage_limits=_LIMITS, timeout=self._server.timeout_s
        ) as run:
            async for part in run.stream_text(delta=True, debounce_by=None):
                yield part
            # The library takes any end for a good one; the server's own word is here.
            if "finish_reason" not in (run.response.provider_details or {}):
                raise BrokenOffError

    def _agent(self, question: Question[Any]) -> "Agent[Any, Any]":
        form = _FORMS[self._server.output]
        shape = str if question.shape is str else form(question.shape, name="answer")
        return Agent(
            self._model,
            output_type=shape,
            instructions=question.instructions,
            retries=TRIES - 1,
            model_settings=ModelSettings(max_tokens=question.longest),
        )


_LIMITS = UsageLimits(request_limit=TRIES)


def _tokens(usage: RunUsage) -> Tokens:
    return Tokens(usage.input_tokens, usage.output_tokens)


def _counted(usage: RunUsage) -> Tokens | None:
    """Return what the server says was used; None when it does not say."""
    return _tokens(usage) if usage.input_tokens else None


def _reason(failure: Exception, usage: RunUsage, server: Server) -> Unavailable:
    """Return what went wrong in words a person can act on."""
    used = _tokens(usage)
    match failure:
        case ex.ModelHTTPError(status_code=status):
            return Unavailable(_refusal(status, server), outage=_lasts(status), tokens=used)
        case ex.RunTimedOut() | ex.ModelTimeoutError() | TimeoutError() | openai.APITimeoutError():
            reason = f"no answer within {server.timeout_s:g} s"
            return Unavailable(reason, outage=True)
        case ex.ModelConnectionError(phase="pool" | "connect"):
            where = server.base_url or "api.openai.com"
            return Unavailable(f"{where} cannot be reached", outage=True, tokens=used)
        case BrokenOffError() | ex.ModelConnectionError() | openai.APIConnectionError():
            return Unavailable("the connection to the model's server broke", outage=True)
        case ex.ContentFilterError():
            return Unavailable("the model refused to answer", tokens=used)
        case ex.UnexpectedModelBehavior() | ex.UsageLimitExceeded():
            return Unavailable(f"no usable answer in {TRIES} tries: {_last(failure)}", tokens=used)
        case _:
            kind = type(failure).__name__
            return Unavailable(f"the answer broke off or cannot be read ({kind})")


def _refusal(status: int, server: Server) -> str:
    if status in _DENIED:
        return f"the key was refused ({status}): check OPENAI_API_KEY"
    if status == 404:
        return f"there is no model {server.model!r} there (404): check CAMPAIGNS_MODEL"
    if status == 429:
        return "too many requests, or the account's quota is used up (429)"
    return f"the model's server answered {status}"


def _lasts(status: int) -> bool:
    return status in (*_DENIED, 404, 429) or status >= 500


def _last(failure: BaseException) -> str:
    """Return the innermost reason, shortened: it may quote the model."""
    while failure.__cause__ is not None:
        failure = failure.__cause__
    if isinstance(failure, ValidationError):
        return "not in the form asked for"
    words = " ".join(str(failure).split())
    return words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…"
