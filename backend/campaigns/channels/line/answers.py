"""What LINE's answers mean for a message.

Source: LINE Messaging API reference "Status codes", "Error responses" and "Retry failed API
requests", read 2026-11-23.
"""

from pydantic import BaseModel, ValidationError

from campaigns.model.delivery import (
    Accepted,
    Reason,
    ReasonClass,
    Refused,
    SendOutcome,
    Unknown,
)

UNKNOWN_USER = "Failed to send messages"
MONTHLY_LIMIT = "You have reached your monthly limit."
RATE_RETRY_S = 10.0
# A broadcast under way reserves quota it may give back.
MONTHLY_RETRY_S = 900.0
_DETAIL_LENGTH = 300


class _Sent(BaseModel):
    id: str


class _Pushed(BaseModel):
    sentMessages: list[_Sent] = []  # noqa: N815 - LINE's own name


class _Detail(BaseModel):
    message: str = ""
    property: str = ""


class LineError(BaseModel):
    """An error as LINE gives it."""

    message: str
    details: list[_Detail] = []

    @property
    def words(self) -> str:
        """LINE's own explanation, one line."""
        details = "; ".join(f"{d.property}: {d.message}" for d in self.details)
        return " ".join(f"{self.message} {details}".split())[:_DETAIL_LENGTH]


def error_in(body: bytes) -> LineError | None:
    """Return the error a body holds, None when it is not LINE's form of an error."""
    try:
        return LineError.model_validate_json(body)
    except ValidationError:
        return None


def judge(status: int, body: bytes) -> SendOutcome:
    """Judge the answer to a push. 409 says that this key was accepted before: the same as yes."""
    if status in (200, 409):
        return _accepted(status, body)
    error = error_in(body)
    if status >= 500:
        words = error.words if error else f"HTTP {status}"
        return Unknown(reason=_reason(ReasonClass.UNKNOWN, status, words))
    if error is None:
        detail = (
            f"HTTP {status}, and not in LINE's form: something else answers there; "
            "check CAMPAIGNS_LINE_URL and any proxy"
        )
        return Refused(reason=_reason(ReasonClass.UNKNOWN, status, detail), halts_channel=True)
    return _refused(status, error)


def _accepted(status: int, body: bytes) -> Accepted | Unknown:
    try:
        sent = _Pushed.model_validate_json(body).sentMessages
    except ValidationError:
        detail = f"HTTP {status} with an answer that is not LINE's"
        return Unknown(reason=_reason(ReasonClass.UNKNOWN, status, detail))
    # A 409 may leave the ids out; the message was taken all the same.
    return Accepted(provider_id=sent[0].id if sent else "")


def _refused(status: int, error: LineError) -> Refused:
    match status:
        case 400 if error.message == UNKNOWN_USER or _about_recipient(error):
            return Refused(reason=_reason(ReasonClass.INVALID_RECIPIENT, status, error.words))
        case 401 | 403:
            words = f"{error.words}; check LINE_CHANNEL_ACCESS_TOKEN"
            return Refused(reason=_reason(ReasonClass.AUTH, status, words), halts_channel=True)
        case 429 if error.message == MONTHLY_LIMIT:
            reason = _reason(ReasonClass.QUOTA, status, error.words)
            return Refused(reason=reason, retry_after_s=MONTHLY_RETRY_S)
        case 429:
            reason = _reason(ReasonClass.RATE_LIMITED, status, error.words)
            return Refused(reason=reason, retry_after_s=RATE_RETRY_S)
        case _:
            return Refused(reason=_reason(ReasonClass.CONTENT, status, error.words))


def _about_recipient(error: LineError) -> bool:
    return bool(error.details) and all(d.property == "to" for d in error.details)


def _reason(kind: ReasonClass, status: int, detail: str) -> Reason:
    return Reason(kind=kind, code=str(status), detail=detail)
