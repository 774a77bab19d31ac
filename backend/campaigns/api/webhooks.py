"""Where providers call us. Their signature is the only key here, checked on the raw body.

A request is stored as it came before it is answered, and read afterwards: so it is answered
quickly, and nothing it tells is lost with this process.
"""

import hmac
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import PlainTextResponse, Response
from starlette.concurrency import run_in_threadpool

from campaigns.api.deps import S
from campaigns.api.problems import only, problem
from campaigns.bootstrap import Services
from campaigns.model.customer import Channel

router = APIRouter(prefix="/webhooks", tags=["webhooks"])

NOT_SIGNED = "The signature is missing or is not the provider's for this body; nothing is stored."


@router.get("/whatsapp", response_class=PlainTextResponse, responses=only(403, 413, 422))
def verify_whatsapp(
    services: S,
    mode: Annotated[str, Query(alias="hub.mode", max_length=100)] = "",
    token: Annotated[str, Query(alias="hub.verify_token", max_length=500)] = "",
    challenge: Annotated[str, Query(alias="hub.challenge", max_length=500)] = "",
) -> Response:
    """Answer Meta's question whether this address is ours: the challenge, for the right token."""
    own = services.settings.whatsapp_verify_token
    expected = own.get_secret_value() if own else ""
    right = hmac.compare_digest(expected.encode(), token.encode())
    if mode != "subscribe" or not expected or not right:
        detail = (
            "This is not our verify token. Set the same WHATSAPP_VERIFY_TOKEN here and at Meta."
        )
        return problem(403, "Not verified", detail)
    return PlainTextResponse(challenge)


@router.post("/whatsapp", response_class=PlainTextResponse, responses=only(401, 413))
async def whatsapp(request: Request, services: S) -> Response:
    """Take in what Meta tells: statuses, replies, templates, our account."""
    signature = request.headers.get("x-hub-signature-256", "")
    return await _taken(services, Channel.WHATSAPP, await request.body(), signature)


@router.post("/line", response_class=PlainTextResponse, responses=only(401, 413))
async def line(request: Request, services: S) -> Response:
    """Take in what LINE tells: follows, replies; an empty list of events is a greeting."""
    signature = request.headers.get("x-line-signature", "")
    return await _taken(services, Channel.LINE, await request.body(), signature)


async def _taken(services: Services, channel: Channel, body: bytes, signature: str) -> Response:
    if await run_in_threadpool(services.intake.take_in, channel, body, signature):
        return PlainTextResponse("ok")
    return problem(401, "Not signed", NOT_SIGNED)
