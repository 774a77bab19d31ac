"""Our own channel at LINE: whether it can be used, and how much of the month is left.

Source: LINE Messaging API reference "Get bot info", "Get the target limit for sending messages
this month", "Get number of messages sent this month" and "Get profile", read 2026-11-23.
"""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Literal, TypeVar

import httpx2
from pydantic import BaseModel, ValidationError

from campaigns.channels.line.answers import error_in
from campaigns.channels.wire import NEVER_SENT, Endpoint, client
from campaigns.model.customer import Channel
from campaigns.model.delivery import Allowance

INFO = "/v2/bot/info"
QUOTA = "/v2/bot/message/quota"
CONSUMPTION = "/v2/bot/message/quota/consumption"
VALIDATE = "/v2/bot/message/validate/push"
PREVIEW_S = 3.0  # somebody waits for the preview
K = TypeVar("K")


class BotInfo(BaseModel):
    """Who the token belongs to."""

    userId: str  # noqa: N815 - LINE's own names, here and below
    basicId: str = ""  # noqa: N815
    displayName: str = ""  # noqa: N815


class MonthlyQuota(BaseModel):
    """How many messages the plan allows in a month; `value` only when it is limited."""

    type: Literal["none", "limited"]
    value: int | None = None


class Consumption(BaseModel):
    """How many messages were counted this month, per recipient and not per bubble."""

    totalUsage: int  # noqa: N815


def allowance_in(quota: bytes, consumption: bytes) -> Allowance | None:
    """Return what the plan allows this month and what is used of it, None when LINE does not tell."""
    try:
        plan = MonthlyQuota.model_validate_json(quota)
        used = Consumption.model_validate_json(consumption).totalUsage
    except ValidationError:
        return None
    limit = plan.value if plan.type == "limited" else None
    return Allowance(channel=Channel.LINE, limit=limit, used=used)


async def allowance(endpoint: Endpoint) -> Allowance | None:
    """Ask what is left of the month, None when LINE cannot be asked just now."""
    async with client(replace(endpoint, connect_s=PREVIEW_S, answer_s=PREVIEW_S)) as http:
        try:
            quota, used = await http.get(QUOTA), await http.get(CONSUMPTION)
        except httpx2.HTTPError:
            return None
    return allowance_in(quota.content, used.content)


def left_of(quota: bytes, consumption: bytes) -> int | None:
    """Return how many messages are left this month, None when there is no limit or no telling."""
    found = allowance_in(quota, consumption)
    return found.left if found else None


async def probe(endpoint: Endpoint, sample: bytes) -> str | None:
    """Ask who we are, what is left, and whether a message like ours would be taken.

    Return what is wrong and the way out, or None. `sample` is as for `validate`.
    """
    async with client(endpoint) as http:
        try:
            info = await http.get(INFO)
            if info.status_code != 200:
                return _way_out(endpoint, info)
            quota, used = await http.get(QUOTA), await http.get(CONSUMPTION)
        except NEVER_SENT as error:
            return f"{endpoint.base_url} cannot be reached ({error}); check CAMPAIGNS_LINE_URL."
        except httpx2.HTTPError as error:
            return f"{endpoint.base_url} does not answer ({type(error).__name__}); try again later."
    if left_of(quota.content, used.content) == 0:
        return (
            "This month's messages are used up: the plan in LINE Official Account Manager allows "
            "no more until the month ends."
        )
    return await validate(endpoint, sample) or None


async def basic_id(endpoint: Endpoint) -> str | None:
    """Return our account's name at LINE ("@bma"), None when LINE cannot be asked just now."""
    async with client(replace(endpoint, connect_s=PREVIEW_S, answer_s=PREVIEW_S)) as http:
        try:
            answer = await http.get(INFO)
            return BotInfo.model_validate_json(answer.content).basicId or None
        except (httpx2.HTTPError, ValidationError):
            return None


async def follows(endpoint: Endpoint, user_ids: Collection[str]) -> frozenset[str]:
    """Return those of the LINE ids whose profile LINE shows us: they follow the account."""
    found = []
    async with client(endpoint) as http:
        for user_id in user_ids:
            try:
                answer = await http.get(f"/v2/bot/profile/{user_id}")
            except httpx2.HTTPError:
                continue  # not known now; a follow event or a later look tells
            if answer.status_code == 200:
                found.append(user_id)
    return frozenset(found)


async def validate(endpoint: Endpoint, body: bytes) -> str | None:
    """Ask LINE whether it would take messages; nothing is sent.

    `body` is the JSON of {"messages": [...]}. Return LINE's objection, "" when it has none, and
    None when it cannot be asked: this is a second opinion.
    """
    async with client(endpoint) as http:
        return await _validated(http, body)


async def validate_each(endpoint: Endpoint, bodies: Mapping[K, bytes]) -> dict[K, str]:
    """Ask LINE about several, all at once; return what `validate` does of those it spoke about."""
    brisk = replace(endpoint, connect_s=PREVIEW_S, answer_s=PREVIEW_S)
    async with client(brisk) as http:
        said = await asyncio.gather(*(_validated(http, body) for body in bodies.values()))
    return {key: words for key, words in zip(bodies, said, strict=True) if words is not None}


async def _validated(http: httpx2.AsyncClient, body: bytes) -> str | None:
    try:
        answer = await http.post(
            VALIDATE, content=body, headers={"Content-Type": "application/json"}
        )
    except httpx2.HTTPError:
        return None
    if answer.status_code == 200:
        return ""
    error = error_in(answer.content) if answer.status_code == 400 else None
    return f"LINE would refuse it: {error.words}" if error else None


def _way_out(endpoint: Endpoint, answer: httpx2.Response) -> str:
    error = error_in(answer.content)
    if error is None:
        return (
            f"{endpoint.base_url} answers HTTP {answer.status_code}, and not as LINE does; "
            "check CAMPAIGNS_LINE_URL and any proxy."
        )
    if answer.status_code in (401, 403):
        return (
            f"LINE says: {error.words}. Issue a channel access token in the LINE Developers "
            "Console and set LINE_CHANNEL_ACCESS_TOKEN."
        )
    return f"LINE says: {error.words} (HTTP {answer.status_code})."
