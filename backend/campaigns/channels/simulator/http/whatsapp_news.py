"""What Meta tells about the simulated account: webhooks in its form, signed with its secret."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from campaigns.channels.simulator.http.herald import Herald, Update
from campaigns.channels.simulator.http.whatsapp_rules import Registered, SendBody


@dataclass(slots=True, kw_only=True)
class Credentials:
    """What an account and its app are made of."""

    token: str = "simulated-token"  # noqa: S105 - of a simulated account
    phone_number_id: str = "106540352242922"
    business_account_id: str = "102290129340398"
    app_secret: str = "simulated-app-secret"  # noqa: S105
    country_code: str = "66"
    version: str = "v23.0"


@dataclass(slots=True, kw_only=True)
class People:
    """How recipients are; numbers are digits with country code, without +."""

    not_on_whatsapp: set[str] = field(default_factory=set)
    stopped_marketing: set[str] = field(default_factory=set)
    over_their_limit: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)  # known by a user id only
    wrote_at: dict[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A message the simulator took: `text` is what its recipient reads."""

    id: str
    to: str
    text: str
    body: SendBody


class Newsroom:
    """Writes news and has it posted."""

    def __init__(self, own: Credentials, people: People, now: Callable[[], datetime]) -> None:
        self.herald = Herald(self._packed, self._signed, redelivers=True)
        self._own = own
        self._people = people
        self._now = now

    def progress(self, taken: Taken) -> None:
        """Tell what becomes of a message just taken."""
        marketing = taken.body.type == "template"
        if taken.to in self._people.not_on_whatsapp:
            self.status(taken, "failed", code=131026, details="Message Undeliverable.")
        elif marketing and taken.to in self._people.stopped_marketing:
            self.status(taken, "failed", code=131050, details="User has stopped marketing")
        elif marketing and taken.to in self._people.over_their_limit:
            self.status(taken, "failed", code=131049, details="Not delivered, to keep healthy")
        else:
            for step, status in enumerate(("sent", "delivered", "read")):
                self.status(taken, status, after_s=0.02 * step)

    def status(
        self, taken: Taken, status: str, *, code: int = 0, details: str = "", after_s: float = 0.0
    ) -> None:
        """Tell one step of a message."""
        item: dict[str, Any] = {
            "id": taken.id,
            "status": status,
            "timestamp": self._stamp(),
            **self._who(taken.to, "recipient_id", "recipient_user_id"),
            "pricing": {
                "billable": True,
                "pricing_model": "PMP",
                "type": "regular",
                "category": "marketing",
            },
        }
        if taken.body.biz_opaque_callback_data is not None:
            item["biz_opaque_callback_data"] = taken.body.biz_opaque_callback_data
        if code:
            error = {"code": code, "title": details, "error_data": {"details": details}}
            item["errors"] = [error]
        self.herald.tell("statuses", item, after_s)

    def inbound(
        self, message_id: str, number: str, content: Mapping[str, Any], quoting: str | None
    ) -> None:
        """Tell that somebody wrote to us."""
        item = {"id": message_id, "timestamp": self._stamp(), **content}
        item |= self._who(number, "from", "from_user_id")
        if quoting is not None:
            item["context"] = {"from": self._own.phone_number_id, "id": quoting}
        self.herald.tell("messages", item)

    def preference(self, number: str, value: str) -> None:
        """Tell that somebody stopped or resumed marketing."""
        wish = {
            "detail": f"User requested to {value} marketing messages",
            "category": "marketing_messages",
            "value": value,
            "timestamp": int(self._stamp()),
        }
        self.herald.tell("user_preferences", wish | self._who(number, "wa_id", "user_id"))

    def template(self, kind: str, known: Registered, about: Mapping[str, Any]) -> None:
        """Tell that something about a template changed."""
        item = {
            "message_template_id": int(known.id),
            "message_template_name": known.name,
            "message_template_language": known.language,
        }
        self.herald.tell(kind, item | dict(about))

    def _who(self, number: str, phone_field: str, user_field: str) -> dict[str, str]:
        """Name a person as Meta does: by phone and user id, or by the user id alone."""
        user_id = f"TH.{int(hashlib.sha256(number.encode()).hexdigest()[:15], 16)}"
        if number in self._people.hidden:
            return {user_field: user_id}
        return {phone_field: number, user_field: user_id}

    def _stamp(self) -> str:
        return str(int(self._now().timestamp()))

    def _packed(self, batch: Sequence[Update]) -> bytes:
        """Put a batch into one body: conversations in one change each kind, the rest one each."""
        conversations: dict[str, dict[str, Any]] = {}
        changes = []
        for update in batch:
            if update.kind in ("statuses", "messages", "user_preferences"):
                field_name = update.kind if update.kind == "user_preferences" else "messages"
                value = conversations.setdefault(field_name, self._conversation())
                value.setdefault(update.kind, []).append(update.item)
            else:
                changes.append({"field": update.kind, "value": update.item})
        changes += [{"field": name, "value": value} for name, value in conversations.items()]
        entry = {
            "id": self._own.business_account_id,
            "time": int(self._stamp()),
            "changes": changes,
        }
        return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()

    def _conversation(self) -> dict[str, Any]:
        number = {
            "display_phone_number": "6620000000",
            "phone_number_id": self._own.phone_number_id,
        }
        return {"messaging_product": "whatsapp", "metadata": number}

    def _signed(self, body: bytes) -> Mapping[str, str]:
        digest = hmac.digest(self._own.app_secret.encode(), body, hashlib.sha256).hex()
        return {"X-Hub-Signature-256": f"sha256={digest}"}
