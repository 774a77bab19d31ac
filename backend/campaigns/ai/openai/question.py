"""A question to a model and what can become of it; and the server it goes to."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from campaigns.ai.openai.tariff import most_of
from campaigns.model.spending import Job, Tokens

T = TypeVar("T")

TRIES = 3  # one answer and two retries with the reason


class Output(StrEnum):
    """How the server is told the shape of an answer; not every server knows every way."""

    NATIVE = "native"  # response_format json_schema
    TOOL = "tool"  # a function call
    PROMPTED = "prompted"  # the schema in the prompt, for servers that know neither


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where the model is. `timeout_s` is for a whole question, its retries included."""

    model: str
    key: str | None = None
    base_url: str | None = None
    output: Output = Output.NATIVE
    timeout_s: float = 60.0
    resends: int = 2  # of a request that met 429, 5xx or a broken connection


class Unavailable(Exception):
    """The model gave no usable answer; the message says why, for people.

    `outage` is True when the next question would meet the same.
    """

    def __init__(self, reason: str, *, outage: bool = False, tokens: Tokens | None = None) -> None:
        super().__init__(reason)
        self.outage = outage
        self.tokens = tokens  # used before it failed; None when nobody knows


class Refused(Exception):
    """An answer does not hold; the message tells the model why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Generic[T]):
    """What the model is asked.

    `shape` is the pydantic type of an answer (or str), `accept` turns an answer into the result
    or raises `Refused`. `longest` bounds the answer, in tokens.
    """

    job: Job
    instructions: str
    prompt: str
    shape: Any
    accept: Callable[[Any], T]
    schema: str = ""  # as it counts towards what the model reads
    longest: int = 1_500

    @property
    def most(self) -> Tokens:
        """The most it can use."""
        texts = (self.instructions, self.prompt, self.schema, " " * _ENVELOPE)
        return most_of(*texts, answer=self.longest, tries=TRIES)


_ENVELOPE = 600  # bytes around a question: roles, names, the announcement of the schema
