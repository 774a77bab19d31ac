"""What must not be done or paid twice: requests by key, model calls and their texts."""

from datetime import datetime
from decimal import Decimal
from typing import Protocol

from campaigns.model.ids import CampaignId
from campaigns.model.spending import ModelCall, Spending, Tokens
from campaigns.model.text import CohortText


class KeptAnswer(Protocol):
    """The first call under an Idempotency-Key. `status` is None while it is under way."""

    @property
    def request_hash(self) -> str: ...
    @property
    def status(self) -> int | None: ...
    @property
    def body(self) -> str | None: ...


class Idempotency(Protocol):
    """Answers kept under an Idempotency-Key, so that a repeated write is answered, not redone."""

    def begin(
        self, key: str, caller: str, request_hash: str, at: datetime
    ) -> KeptAnswer | None: ...
    def finish(self, key: str, caller: str, status: int, body: str) -> None: ...
    def abandon(self, key: str, caller: str) -> None: ...


class ModelCalls(Protocol):
    """Calls to a model, and what they cost."""

    def lock(self) -> None:
        """Let nobody else reserve until this transaction ends."""
        ...

    def reserve(self, call: ModelCall, most: Tokens, cost: Decimal) -> None:
        """Note a call that is about to be made, with the most it can cost."""
        ...

    def settle(self, call_id: str, tokens: Tokens, cost: Decimal, outcome: str) -> None:
        """Put what a call used in place of what was set aside."""
        ...

    def leave(self, call_id: str, outcome: str) -> None:
        """End a call whose cost nobody knows: all that was set aside stays spent."""
        ...

    def spending(
        self, since: datetime | None = None, campaign_id: CampaignId | None = None
    ) -> Spending:
        """Return what was spent, calls under way in full; exact after `lock`."""
        ...


class ModelTexts(Protocol):
    """Texts that a model wrote."""

    def get(self, key: str) -> CohortText | None: ...
    def put(self, key: str, text: CohortText, at: datetime) -> None:
        """Keep a text; one that is there already stays."""
        ...
