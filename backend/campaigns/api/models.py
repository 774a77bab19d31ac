"""Request bodies: strict, unknown keys refused, each bounded."""

from datetime import date, datetime, time
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from campaigns.model.access import Scope
from campaigns.model.campaign import LocalTime
from campaigns.model.customer import Channel
from campaigns.model.reply import Intent
from campaigns.model.text import Wish

Text = Annotated[str, Field(max_length=20_000)]
Short = Annotated[str, Field(max_length=500)]

TimeOfDay = Annotated[
    str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="HH:MM", examples=["10:00"])
]

FILTERS_DOC = (
    "Keys: brand, region, country, city, business_type, platform, size, customer, "
    "expiring_within_days, contract_end {from,to}, zones {min,max}; each a value or a list. "
    "Values of one key are 'or', different keys are 'and'. A customer is given by name or by id."
)


class Body(BaseModel):
    """A request body."""

    model_config = ConfigDict(extra="forbid")


class ToggleIn(Body):
    """Include or leave out one contact or, without `contact_id`, one whole customer."""

    customer_id: Short
    contact_id: Short | None = None
    include: bool


class IntentIn(Body):
    """What a reply really means."""

    intent: Intent


class AskIn(Body):
    """A request to look at."""

    human_request: Text


class CreateIn(Body):
    """Either `human_request`, or a structured request with a `type`."""

    human_request: Text | None = None
    type: Short | None = None
    filters: dict[str, Any] | None = Field(default=None, description=FILTERS_DOC)
    exclude: dict[str, Any] | None = Field(default=None, description=FILTERS_DOC)
    everyone: bool | None = None
    context: Text | None = None
    occasion: Short | None = None
    channels: list[Channel] | None = None
    language: Short | None = None
    tone: Short | None = None
    send_at: datetime | None = Field(default=None, description="RFC 3339 with an offset")
    name: Short | None = None


class PatchIn(Body):
    """What to change; absent keys stay as they are."""

    name: Short | None = None
    human_request: Text | None = None
    type: Short | None = None
    filters: dict[str, Any] | None = Field(default=None, description=FILTERS_DOC)
    exclude: dict[str, Any] | None = Field(default=None, description=FILTERS_DOC)
    everyone: bool | None = None
    context: Text | None = None
    occasion: Short | None = None
    channels: list[Channel] | None = None
    language: Short | None = None
    tone: Short | None = None
    send_at: datetime | None = Field(default=None, description="RFC 3339 with an offset")
    not_understood: list[Text] | None = Field(
        default=None, description="The words that still count; [] drops them all"
    )
    contacts: list[ToggleIn] | None = None


class SayIn(Body):
    """An answer to a question, or an edit such as "also the Marriotts" or "not Phuket"."""

    words: Annotated[str, Field(min_length=1, max_length=2_000)]


class EditIn(Body):
    """A hand edit, or the source of what blocks it; `text` null restores the library's text."""

    text: Text | None = None
    subject: Short | None = None
    source: Annotated[str, Field(min_length=3, max_length=500)] | None = Field(
        default=None, description="Who or what says what the guard blocks; scope `approve`"
    )


class RewriteIn(Body):
    """How a message should read; `words` say it for `own`. `stream` answers as events."""

    how: Wish
    words: Short = ""
    stream: bool = False


class LocalTimeIn(Body):
    """A time of day by each customer's own clock: the first that comes, not before the day `on`."""

    at: TimeOfDay
    on: date | None = None

    def read(self) -> LocalTime:
        """Return it as the house's own value."""
        return LocalTime(at=time.fromisoformat(self.at), on=self.on)


LOCAL_TIME_DOC = (
    "By each customer's own clock, inside the send window; where a time zone is not known, by the "
    "house's. In place of `schedule_at`."
)


class SubmitIn(Body):
    """A note to the approver; with `local_time` it goes by itself once approved (scope `send`)."""

    note: Text = ""
    local_time: LocalTimeIn | None = Field(default=None, description=LOCAL_TIME_DOC)


class ApproveIn(Body):
    """A yes to what the preview showed under this hash.

    `starts` is the `local_time.at` shown there, for a yes to that as well: without it the campaign
    waits for `send`.
    """

    content_hash: Short
    note: Text = ""
    starts: TimeOfDay | None = None


class RejectIn(Body):
    """What should change."""

    reason: Annotated[str, Field(min_length=1, max_length=20_000)]


class SendIn(Body):
    """How to send; absent means all channels, now, for real."""

    channels: list[Channel] | None = None
    test_mode: bool = False
    schedule_at: datetime | None = Field(default=None, description="RFC 3339 with an offset")
    local_time: LocalTimeIn | None = Field(default=None, description=LOCAL_TIME_DOC)


class RescheduleIn(Body):
    """Another time for a scheduled campaign; `schedule_at` null takes its time away."""

    schedule_at: datetime | None = Field(default=None, description="RFC 3339 with an offset")
    local_time: LocalTimeIn | None = Field(default=None, description=LOCAL_TIME_DOC)


class ResponseIn(Body):
    """An answer from a customer."""

    identifier: Annotated[str, Field(min_length=1, max_length=500)]
    message: Annotated[str, Field(max_length=100_000)]
    channel: Channel


class AnswerIn(Body):
    """An answer to a reply.

    `channel` is the reply's own if absent. `after` is the newest answer in the conversation that
    you have seen. `confirmed` are words without a source, as found, that you stand for.
    """

    text: Annotated[str, Field(min_length=1, max_length=20_000)]
    channel: Channel | None = None
    after: Short = ""
    confirmed: Annotated[list[Annotated[str, Field(max_length=20_000)]], Field(max_length=500)] = []


class AnswerCheckIn(Body):
    """Words for a reply, to be looked at before they are sent."""

    text: Annotated[str, Field(min_length=1, max_length=20_000)]


class SenderIn(Body):
    """Who a reply is from; `contact_id` absent when nobody knows which contact wrote it."""

    customer_id: Annotated[str, Field(min_length=1, max_length=200)]
    contact_id: Annotated[str, Field(max_length=200)] | None = None


class SuppressIn(Body):
    """An address not to be written to again."""

    channel: Channel
    address: Annotated[str, Field(min_length=1, max_length=500)]
    reason: Short = "asked for by phone"


class LiftIn(Body):
    """An address that may be written to again, with the consent for it."""

    channel: Channel
    address: Annotated[str, Field(min_length=1, max_length=500)]
    evidence: Annotated[str, Field(min_length=1, max_length=2000)]


class StopIn(Body):
    """Why nothing more may leave; it is shown wherever messages wait."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class ResolveIn(Body):
    """A person's decision about a message in doubt or held."""

    decision: Annotated[str, Field(pattern="^(send_again|was_sent|give_up)$")]
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


class KeyIn(Body):
    """A new key."""

    owner: Annotated[str, Field(min_length=1, max_length=200)]
    scopes: Annotated[list[Scope], Field(min_length=1)]
    expires_at: datetime | None = None
