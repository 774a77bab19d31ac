"""What Meta tells by itself: statuses, inbound messages, templates, our account.

A body holds up to a thousand updates and cannot be asked for again, so each is read on its own:
one that cannot be read is named among the faults and takes no other with it.

Source: "Webhooks" of the WhatsApp Business Platform documentation, read 2026-11-23.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ValidationError

from campaigns.channels.whatsapp import inbound, templates
from campaigns.channels.whatsapp.account import limit_from
from campaigns.channels.whatsapp.errors import GraphError, meaning
from campaigns.channels.whatsapp.payload import message_in
from campaigns.channels.whatsapp.values import Moment, number
from campaigns.model.customer import Channel
from campaigns.model.delivery import DeliveryEvent, EventType
from campaigns.model.ids import MessageId
from campaigns.model.template import TemplateNews
from campaigns.model.webhook import AccountNews, Told

PREFIX = "sha256="
STATUSES = {
    "sent": EventType.SENT,
    "delivered": EventType.DELIVERED,
    "read": EventType.READ,
    "played": EventType.READ,
    "failed": EventType.FAILED,
}

News = DeliveryEvent | TemplateNews | AccountNews


class WhatsAppWebhook:
    """`model.ports.Webhook` for WhatsApp; news of other phone numbers is not ours to read."""

    def __init__(self, app_secret: str, phone_number_id: str = "") -> None:
        self._secret = app_secret.encode()
        self._phone_number_id = phone_number_id

    def verifies(self, body: bytes, signature: str) -> bool:
        """Whether `signature` ("sha256=<hex>") is Meta's for exactly these bytes."""
        expected = PREFIX + hmac.digest(self._secret, body, hashlib.sha256).hex()
        return hmac.compare_digest(expected.encode(), signature.encode())

    def read(self, body: bytes, received_at: datetime) -> Told:
        """Read a verified body: every update of every change of every entry."""
        try:
            parsed = json.loads(body)
        except ValueError as error:
            return Told(faults=(f"the body is no JSON: {error}",))
        reading = _Reading(self._phone_number_id, received_at)
        reading.everything(parsed)
        return Told(
            events=tuple(n for n in reading.news if isinstance(n, DeliveryEvent)),
            templates=tuple(n for n in reading.news if isinstance(n, TemplateNews)),
            account=tuple(n for n in reading.news if isinstance(n, AccountNews)),
            faults=tuple(reading.faults),
        )


@dataclass(slots=True)
class _Where:
    """Where in a body something stands, and the instant it was told."""

    path: str
    at: datetime


class _Reading:
    """One body being read."""

    def __init__(self, phone_number_id: str, received_at: datetime) -> None:
        self.news: list[News] = []
        self.faults: list[str] = []
        self._phone_number_id = phone_number_id
        self._received_at = received_at

    def everything(self, body: Any) -> None:
        for i, entry in enumerate(self._list(body, "entry", "")):
            at = _instant(entry.get("time"), self._received_at)
            for j, change in enumerate(self._list(entry, "changes", f"entry[{i}].")):
                where = _Where(f"entry[{i}].changes[{j}]", at)
                value = change.get("value")
                if isinstance(value, dict):
                    self._change(change.get("field"), value, where)
                else:
                    self.faults.append(f"{where.path}: no value")

    def _change(self, field: Any, value: dict[str, Any], where: _Where) -> None:
        if field in ("messages", "user_preferences", None):
            self._conversation(value, where)
            return
        reads = CHANGES.get(str(field))
        if reads is None:
            self.faults.append(f"{where.path}: the field {field!r} is not one we read")
        else:
            self._each(reads, value, where)

    def _conversation(self, value: dict[str, Any], where: _Where) -> None:
        own = value.get("metadata")
        ours = own.get("phone_number_id") if isinstance(own, dict) else None
        if self._phone_number_id and ours and ours != self._phone_number_id:
            return
        people = inbound.people_in(value.get("contacts"))
        for name, reads in (
            ("statuses", lambda item, at: statuses(item, people)),
            ("messages", lambda item, at: inbound.read(item, people)),
            ("user_preferences", lambda item, at: inbound.preferences(item, people)),
            ("errors", own_errors),
        ):
            for k, item in enumerate(self._list(value, name, f"{where.path}.")):
                self._each(reads, item, _Where(f"{where.path}.{name}[{k}]", where.at))

    def _each(
        self, reads: Callable[[dict[str, Any], datetime], Iterator[News]], item: Any, where: _Where
    ) -> None:
        """Read one update; what it told before it went wrong is dropped with it."""
        try:
            self.news.extend(list(reads(item, where.at)))
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            self.faults.append(f"{where.path}.{place}: {first['msg']}")
        except ValueError as error:
            self.faults.append(f"{where.path}: {error}")

    def _list(self, holder: Any, name: str, path: str) -> list[dict[str, Any]]:
        """Return the objects listed under `name`; anything else there is a fault."""
        found = holder.get(name, []) if isinstance(holder, dict) else None
        if not isinstance(found, list):
            self.faults.append(f"{path}{name}: not a list")
            return []
        good = [item for item in found if isinstance(item, dict)]
        if len(good) < len(found):
            self.faults.append(f"{path}{name}: {len(found) - len(good)} entries are no objects")
        return good


class _Status(BaseModel):
    id: str
    status: str
    timestamp: Moment
    recipient_id: str = ""
    recipient_user_id: str = ""
    biz_opaque_callback_data: str = ""
    errors: list[GraphError] = []


def statuses(item: dict[str, Any], people: Mapping[str, str]) -> Iterator[News]:
    """Read what became of a message of ours."""
    status = _Status.model_validate(item)
    kind = STATUSES.get(status.status)
    if kind is None:
        raise ValueError(f"the status {status.status!r} is not one we know")
    message_id = message_in(status.biz_opaque_callback_data)
    error = status.errors[0] if status.errors else None
    yield DeliveryEvent(
        channel=Channel.WHATSAPP,
        type=kind,
        dedupe_key=f"{status.id}:{status.status}:{int(status.timestamp.timestamp())}",
        occurred_at=status.timestamp,
        message_id=MessageId(message_id) if message_id else None,
        provider_id=status.id,
        address=number(status.recipient_id),
        user_id=status.recipient_user_id or people.get(status.recipient_id),
        reason=error.reason if error and kind is EventType.FAILED else None,
    )
    if error is not None and meaning(error.code).halts:
        yield AccountNews(at=status.timestamp, words=error.words, halts=str(error.reason))


def own_errors(item: dict[str, Any], at: datetime) -> Iterator[News]:
    """Read an error of our account's own."""
    error = GraphError.model_validate(item)
    halts = str(error.reason) if meaning(error.code).halts else None
    yield AccountNews(at=at, words=f"{error.code}: {error.words}", halts=halts)


class _Capability(BaseModel):
    max_daily_conversations_per_business: int | str | None = None
    max_daily_conversation_per_phone: int | str | None = None


def capability(item: dict[str, Any], at: datetime) -> Iterator[News]:
    """Read a change of what our business portfolio may do."""
    told = _Capability.model_validate(item)
    said = told.max_daily_conversations_per_business
    limit = limit_from(told.max_daily_conversation_per_phone if said is None else said)
    if limit is not None:
        words = f"the portfolio may write to {limit} people in 24 hours"
        yield AccountNews(at=at, words=words, limit=limit)


class _Account(BaseModel):
    event: str = ""
    ban_info: dict[str, Any] | None = None
    alert_type: str = ""
    alert_description: str = ""
    current_limit: str = ""
    max_daily_conversations_per_business: int | str | None = None


BANS = frozenset({"DISABLED_UPDATE", "ACCOUNT_DELETED", "ACCOUNT_RESTRICTION"})


def account(item: dict[str, Any], at: datetime) -> Iterator[News]:
    """Read news of our account or phone number: alerts, quality, bans."""
    told = _Account.model_validate(item)
    words = ": ".join(p for p in (told.event or told.alert_type, told.alert_description) if p)
    halts = f"Meta says {told.event}" if told.event in BANS else None
    limit = limit_from(told.max_daily_conversations_per_business)
    yield AccountNews(at=at, words=words or "news without words", halts=halts, limit=limit)


def _instant(seconds: Any, otherwise: datetime) -> datetime:
    if isinstance(seconds, int | str) and str(seconds).isdecimal():
        return datetime.fromtimestamp(int(seconds), UTC)
    return otherwise


CHANGES: Mapping[str, Callable[[dict[str, Any], datetime], Iterator[News]]] = {
    "message_template_status_update": templates.status_update,
    "message_template_quality_update": templates.quality_update,
    "template_category_update": templates.category_update,
    "business_capability_update": capability,
    "phone_number_quality_update": account,
    "account_update": account,
    "account_alerts": account,
}
