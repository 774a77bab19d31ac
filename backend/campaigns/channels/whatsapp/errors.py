"""What Meta's answers mean for a message, by the table `errors.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, ValidationError

from campaigns.model.delivery import Reason, ReasonClass, Refused, Unknown

PAIR_BASE_S, PAIR_MOST_TRIES = 4.0, 6
_DETAIL_LENGTH = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What follows from an error code; the head of `errors.toml` explains each."""

    kind: ReasonClass
    retry_s: float | None = None
    rests: bool = False
    pair: bool = False
    once: bool = False
    halts: bool = False
    template: str = ""
    unclear: bool = False


class ErrorData(BaseModel):
    """What Meta adds to an error's title."""

    details: str = ""


class GraphError(BaseModel):
    """An error as the Graph API and failed statuses give it."""

    code: int
    message: str = ""
    title: str = ""
    is_transient: bool | None = None
    error_user_msg: str = ""
    error_data: ErrorData = ErrorData()

    @property
    def words(self) -> str:
        """Meta's own explanation, one line."""
        said = self.error_data.details or self.error_user_msg or self.message or self.title
        return " ".join(said.split())[:_DETAIL_LENGTH]

    @property
    def reason(self) -> Reason:
        """Why a message failed, in our classes."""
        return Reason(kind=meaning(self.code).kind, code=str(self.code), detail=self.words)


class _Body(BaseModel):
    error: GraphError


UNKNOWN_CODE = Meaning(kind=ReasonClass.UNKNOWN, unclear=True)


def meaning(code: int) -> Meaning:
    """Return what `code` means; one that the table does not have is `UNKNOWN_CODE`."""
    codes, ranges = _table()
    if code in codes:
        return codes[code]
    return next((m for first, last, m in ranges if first <= code <= last), UNKNOWN_CODE)


def error_in(body: bytes) -> GraphError | None:
    """Return the error a body holds, None when it is not Meta's form of an error."""
    try:
        return _Body.model_validate_json(body).error
    except ValidationError:
        return None


def judge(status: int, body: bytes, attempt: int) -> Refused | Unknown:
    """Judge an answer that is no success; `attempt` is which try it was, from 1."""
    error = error_in(body)
    if error is None:
        return _not_meta(status)
    found = meaning(error.code)
    retry_s = _retry_s(found, attempt)
    if status >= 500 and found.unclear:
        if error.is_transient is None:
            return Unknown(reason=error.reason)
        retry_s = (retry_s or 60.0) if error.is_transient else None
    return Refused(
        reason=error.reason,
        retry_after_s=retry_s,
        rests_channel=found.rests,
        halts_channel=found.halts,
    )


def _retry_s(found: Meaning, attempt: int) -> float | None:
    if found.pair:
        return PAIR_BASE_S ** min(max(attempt, 1), PAIR_MOST_TRIES)
    if found.once and attempt > 1:
        return None
    return found.retry_s


def _not_meta(status: int) -> Refused | Unknown:
    """Judge an answer without Meta's error body: something between us and Meta spoke."""
    if status >= 500:
        detail = f"HTTP {status} without an error of Meta's"
        return Unknown(reason=Reason(kind=ReasonClass.UNKNOWN, code=str(status), detail=detail))
    detail = (
        f"HTTP {status}, and not in Meta's form: something else answers there; "
        "check CAMPAIGNS_WHATSAPP_URL and any proxy"
    )
    reason = Reason(kind=ReasonClass.UNKNOWN, code=str(status), detail=detail)
    return Refused(reason=reason, halts_channel=True)


@cache
def _table() -> tuple[dict[int, Meaning], list[tuple[int, int, Meaning]]]:
    text = files("campaigns.channels.whatsapp").joinpath("errors.toml").read_text("utf-8")
    table = tomllib.loads(text)
    codes = {int(code): _meaning(row) for code, row in table["code"].items()}
    ranges = [(row["from"], row["to"], _meaning(row)) for row in table["range"]]
    return codes, ranges


def _meaning(row: dict[str, Any]) -> Meaning:
    said = {name: value for name, value in row.items() if name not in ("from", "to")}
    return Meaning(**said | {"kind": ReasonClass(row["kind"])})
