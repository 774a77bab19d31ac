"""The rest of the house: customers, the book, replies, suppressions, keys, the audit trail."""

from typing import Annotated

from fastapi import APIRouter, Query

from campaigns.api import expected, models, present, shapes
from campaigns.api.deps import Admin, Answerer, Cursor, Limit, Reader, S, Sender
from campaigns.api.idempotency import IdempotentRoute
from campaigns.api.problems import responses
from campaigns.model.access import Scope
from campaigns.model.customer import Channel
from campaigns.model.errors import NotAllowed
from campaigns.model.ids import CampaignId, ContactId, CustomerId, KeyId, ReplyId

router = APIRouter(prefix="/api", route_class=IdempotentRoute)
Search = Annotated[str, Query(max_length=200)]


@router.get("/customers", tags=["customers"], responses=responses())
def customers(
    services: S, actor: Reader, search: Search = "", cursor: Cursor = "", limit: Limit = 50
) -> shapes.CustomersOut:
    """List customers in the book's order, or those whose name contains `search`."""
    found, following = services.customers.page(search, cursor, limit)
    least = services.house.high_value
    return shapes.CustomersOut(
        customers=[shapes.customer(c, least) for c in found], next_cursor=following
    )


@router.get("/customers/{customer_id}", tags=["customers"], responses=responses(404))
def customer(
    customer_id: CustomerId, services: S, actor: Reader, notes: bool = False
) -> shapes.CustomerOut:
    """Give one customer; `notes=true` adds notes and devices for keys with that scope."""
    if notes and not actor.allows(Scope.NOTES):
        raise NotAllowed("Notes need a key with the `notes` scope.")
    found, private = services.customers.get(customer_id)
    shown = present.private(private) if notes else None
    return shapes.customer(found, services.house.high_value, shown)


@router.get("/replies", tags=["replies"], responses=responses())
def replies(
    services: S,
    actor: Reader,
    campaign_id: CampaignId | None = None,
    waiting: bool = False,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> shapes.RepliesOut:
    """List replies, newest first; `waiting=true` keeps those a person should look at."""
    found, following = services.answers.page(cursor, limit, campaign_id, waiting=waiting)
    return shapes.RepliesOut(replies=[shapes.stored_reply(r) for r in found], next_cursor=following)


@router.post("/replies/{reply_id}/done", tags=["replies"], responses=responses(404))
def done(reply_id: ReplyId, services: S, actor: Answerer) -> shapes.StoredReplyOut:
    """Mark a reply as dealt with."""
    return shapes.stored_reply(services.answers.finish(reply_id, actor))


@router.post("/replies/{reply_id}/intent", tags=["replies"], responses=responses(404))
def correct(
    reply_id: ReplyId, body: models.IntentIn, services: S, actor: Answerer
) -> shapes.StoredReplyOut:
    """Say what a reply really means; what to do is worked out again, and refits learn from it."""
    return shapes.stored_reply(services.answers.correct(reply_id, body.intent, actor))


@router.post("/replies/{reply_id}/sender", tags=["replies"], responses=responses(404, 409))
def say_sender(
    reply_id: ReplyId, body: models.SenderIn, services: S, actor: Answerer
) -> shapes.StoredReplyOut:
    """Say which customer a reply is from when its address does not; the whole talk is theirs."""
    contact_id = ContactId(body.contact_id) if body.contact_id else None
    customer_id = CustomerId(body.customer_id)
    return shapes.stored_reply(services.senders.say(reply_id, customer_id, contact_id, actor))


@router.post("/replies/{reply_id}/sender/undo", tags=["replies"], responses=responses(404, 409))
def unsay_sender(reply_id: ReplyId, services: S, actor: Answerer) -> shapes.StoredReplyOut:
    """Take back which customer a reply is from."""
    return shapes.stored_reply(services.senders.unsay(reply_id, actor))


@router.get("/suppressions", tags=["suppressions"], responses=responses())
def suppressions(
    services: S, actor: Reader, cursor: Cursor = "", limit: Limit = 50
) -> shapes.SuppressionsOut:
    """List the addresses that are not written to."""
    found, following = services.answers.suppressions(cursor, limit)
    return shapes.SuppressionsOut(
        suppressions=[shapes.suppression(s) for s in found], next_cursor=following
    )


@router.post("/suppressions", tags=["suppressions"], status_code=201, responses=responses())
def suppress(body: models.SuppressIn, services: S, actor: Answerer) -> dict[str, str]:
    """Put an address on the do-not-contact list."""
    address = services.answers.suppress(body.channel, body.address, body.reason, actor)
    return {"channel": body.channel.value, "address": address}


@router.post("/suppressions/lift", tags=["suppressions"], responses=responses(404))
def lift(body: models.LiftIn, services: S, actor: Admin) -> dict[str, str]:
    """Take an address off the list, with the consent for it as evidence."""
    services.answers.lift(body.channel, body.address, body.evidence, actor)
    return {"channel": body.channel.value, "address": body.address}


@router.get("/keys", tags=["keys"], responses=responses())
def keys(services: S, actor: Admin) -> shapes.KeysOut:
    """List API keys; their secrets are not known to anybody."""
    return shapes.KeysOut(keys=[shapes.key(k) for k in services.access.list_keys()])


@router.post("/keys", tags=["keys"], status_code=201, responses=responses())
def create_key(body: models.KeyIn, services: S, actor: Admin) -> shapes.NewKeyOut:
    """Make a key; `key` is shown this once."""
    made, secret = services.access.create_key(
        body.owner, frozenset(body.scopes), actor, body.expires_at
    )
    return shapes.NewKeyOut(**shapes.key(made).model_dump(), key=secret)


@router.delete("/keys/{key_id}", tags=["keys"], status_code=204, responses=responses(404))
def revoke_key(key_id: KeyId, services: S, actor: Admin) -> None:
    """Revoke a key at once."""
    services.access.revoke_key(key_id, actor)


@router.get("/audit", tags=["audit"], responses=responses())
def audit(
    services: S,
    actor: Reader,
    subject: Search = "",
    cursor: Cursor = "",
    limit: Limit = 100,
) -> shapes.AuditPageOut:
    """List the audit trail, newest first; `subject` such as campaign:c_1 narrows it."""
    found, following = services.access.audit(subject, cursor, limit)
    return shapes.AuditPageOut(entries=[shapes.audit(e) for e in found], next_cursor=following)


@router.get("/doubts", tags=["campaigns"], responses=responses())
def doubts(services: S, actor: Reader, limit: Limit = 100) -> expected.DoubtsOut:
    """List messages that left without an answer, the longest first: each waits for a decision."""
    return expected.doubts(services.outlook.doubts(limit))


@router.post("/channels/stop", tags=["channels"], responses=responses())
def stop_all(body: models.StopIn, services: S, actor: Sender) -> dict[str, str]:
    """Let nothing more leave on any channel until each is reopened."""
    services.sends.stop(tuple(Channel), body.reason, actor)
    return {channel.value: "stopped" for channel in Channel}


@router.post("/channels/{channel}/stop", tags=["channels"], responses=responses())
def stop(channel: Channel, body: models.StopIn, services: S, actor: Sender) -> dict[str, str]:
    """Let nothing more leave on a channel until it is reopened."""
    services.sends.stop([channel], body.reason, actor)
    return {"channel": channel.value, "status": "stopped"}


@router.post("/channels/{channel}/reopen", tags=["channels"], responses=responses(409))
def reopen(channel: Channel, services: S, actor: Admin) -> dict[str, str]:
    """Let a channel send again that a provider's refusal of our credentials had stopped."""
    services.sends.reopen(channel, actor)
    return {"channel": channel.value, "status": "open"}
