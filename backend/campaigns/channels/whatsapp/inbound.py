"""What people write to us on WhatsApp: words, buttons, reactions, their wishes about marketing.

From 2026 a person may come without a phone number, named by a business-scoped user id only:
both are optional everywhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ValidationError

from campaigns.channels.whatsapp.payload import STOP, key_of, unbound
from campaigns.channels.whatsapp.values import Moment, number
from campaigns.model.customer import Channel
from campaigns.model.delivery import DeliveryEvent, EventType
from campaigns.model.ids import MessageId


class _Contact(BaseModel):
    wa_id: str = ""
    user_id: str = ""


class _Text(BaseModel):
    body: str


class _Button(BaseModel):
    payload: str = ""
    text: str = ""


class _Choice(BaseModel):
    id: str = ""
    title: str = ""


class _Interactive(BaseModel):
    button_reply: _Choice | None = None
    list_reply: _Choice | None = None


class _Reaction(BaseModel):
    message_id: str
    emoji: str = ""


class _System(BaseModel):
    type: str = ""
    body: str = ""
    wa_id: str = ""
    marketing: str = ""


class _Context(BaseModel):
    id: str = ""


class _Media(BaseModel):
    caption: str = ""


class _Inbound(BaseModel):
    id: str
    timestamp: Moment
    type: str
    sender: str = ""
    from_user_id: str = ""
    context: _Context = _Context()
    text: _Text | None = None
    button: _Button | None = None
    interactive: _Interactive | None = None
    reaction: _Reaction | None = None
    system: _System | None = None


class _Preference(BaseModel):
    value: str
    category: str = ""
    timestamp: Moment
    wa_id: str = ""
    user_id: str = ""


def people_in(contacts: Any) -> Mapping[str, str]:
    """Return the user id of each WhatsApp id in a `contacts` list; what is malformed is left out.

    With the key "" the only person's user id, for updates that name nobody.
    """
    found: dict[str, str] = {}
    for item in contacts if isinstance(contacts, list) else ():
        try:
            person = _Contact.model_validate(item)
        except ValidationError:
            continue
        if person.user_id:
            found[person.wa_id] = person.user_id
    if len(found) == 1:
        found[""] = next(iter(found.values()))
    return found


def read(item: dict[str, Any], people: Mapping[str, str]) -> Iterator[DeliveryEvent]:
    """Read one inbound message. A kind we cannot read is a reply in brackets: a person looks."""
    told = _Inbound.model_validate(item | {"sender": item.get("from", "")})
    base = DeliveryEvent(
        channel=Channel.WHATSAPP,
        type=EventType.REPLIED,
        dedupe_key=told.id,
        occurred_at=told.timestamp,
        # The message that was answered, when one was.
        provider_id=told.context.id or None,
        address=number(told.sender),
        user_id=told.from_user_id or people.get(told.sender) or people.get(""),
    )
    if told.reaction is not None:
        emoji = told.reaction.emoji or None  # without one, the reaction was taken back
        yield replace(
            base, type=EventType.REACTED, provider_id=told.reaction.message_id, text=emoji
        )
    elif told.system is not None:
        yield from _system(told.system, base)
    elif told.button is not None:
        yield from _pressed(told.button.payload or told.button.text, base)
    elif told.interactive is not None:
        choice = told.interactive.button_reply or told.interactive.list_reply or _Choice()
        yield from _pressed(choice.id or choice.title, base)
    elif told.text is not None:
        yield replace(base, text=told.text.body)
    else:
        yield replace(base, text=_without_words(told.type, item))


def preferences(item: dict[str, Any], people: Mapping[str, str]) -> Iterator[DeliveryEvent]:
    """Read a person's wish about our marketing, set in WhatsApp itself."""
    told = _Preference.model_validate(item)
    kinds = {"stop": EventType.UNSUBSCRIBED, "resume": EventType.RESUBSCRIBED}
    if told.value not in kinds:
        raise ValueError(f"the preference {told.value!r} is not one we know")
    who = told.wa_id or told.user_id
    yield DeliveryEvent(
        channel=Channel.WHATSAPP,
        type=kinds[told.value],
        dedupe_key=f"preference:{who}:{told.value}:{int(told.timestamp.timestamp())}",
        occurred_at=told.timestamp,
        address=number(told.wa_id),
        user_id=told.user_id or people.get(told.wa_id) or people.get(""),
    )


def _pressed(payload: str, base: DeliveryEvent) -> Iterator[DeliveryEvent]:
    """Read a button: its key is the answer, and its payload names the message it stood under."""
    message_id, word = unbound(payload)
    key = key_of(word)
    pressed = replace(base, message_id=MessageId(message_id) if message_id else None, text=key)
    if key == STOP:
        # Obeyed whatever a reader makes of the word.
        yield replace(
            pressed,
            type=EventType.UNSUBSCRIBED,
            dedupe_key=f"{base.dedupe_key}:stop",
            provider_id=None,
            text=None,
        )
    yield pressed


def _system(told: _System, base: DeliveryEvent) -> Iterator[DeliveryEvent]:
    if told.type == "user_changed_number":
        moved = replace(base, type=EventType.IDENTITY_CHANGED, provider_id=None)
        yield replace(moved, text=number(told.wa_id))
    elif told.marketing in ("stop", "resume"):
        stop = told.marketing == "stop"
        kind = EventType.UNSUBSCRIBED if stop else EventType.RESUBSCRIBED
        yield replace(base, type=kind, provider_id=None)
    else:
        yield replace(base, type=EventType.IDENTITY_CHANGED, provider_id=None, text=None)


def _without_words(kind: str, item: dict[str, Any]) -> str:
    """Return what stands for a picture, a voice message or a kind not known here."""
    try:
        caption = _Media.model_validate(item.get(kind, {})).caption
    except ValidationError:
        caption = ""
    return f"[{kind}] {caption}".strip()
