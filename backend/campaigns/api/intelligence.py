"""What reads and writes, what it costs, and a look at a request before anything is stored."""

import json
from collections.abc import Iterator
from decimal import Decimal

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from campaigns.api import models, present, shapes
from campaigns.api.deps import Composer, Reader, S
from campaigns.api.problems import responses
from campaigns.model.ids import CampaignId, MessageId
from campaigns.model.spending import CURRENCY, Forecast, Spending
from campaigns.orchestrator.purse import Balance
from campaigns.orchestrator.rewrites import Proposal

router = APIRouter(prefix="/api", tags=["model"])  # nothing here is stored


class SpendingOut(BaseModel):
    """What was spent; `unknown` counts calls whose end never came back, each in `cost` in full."""

    calls: int
    input_tokens: int
    output_tokens: int
    cost: Decimal
    unknown: int
    by_job: dict[str, int]


class ForecastOut(BaseModel):
    """The most that writing would cost; `refusal` names the budget it would not fit into."""

    engine: str
    texts: int
    kept: int
    at_most_tokens: int
    at_most_cost: Decimal
    currency: str
    price: str
    refusal: str | None


class AskedOut(BaseModel):
    """What a request means and reaches; `forecast` only where a model would write."""

    interpreter: str
    plan: shapes.PlanOut
    audience: shapes.AudienceOut
    forecast: ForecastOut | None


class ModelOut(BaseModel):
    """Who reads and writes; the rest only where a model does."""

    engine: str
    currency: str = CURRENCY
    price: str | None = None
    month: SpendingOut | None = None
    per_campaign: Decimal | None = None
    per_month: Decimal | None = None


def spending(s: Spending) -> SpendingOut:
    """Return what was spent."""
    return SpendingOut(
        calls=s.calls,
        input_tokens=s.tokens.input,
        output_tokens=s.tokens.output,
        cost=s.cost,
        unknown=s.unknown,
        by_job={job.value: n for job, n in s.by_job.items()},
    )


def forecast(f: Forecast | None) -> ForecastOut | None:
    """Return a forecast."""
    if f is None:
        return None
    return ForecastOut(
        engine=f.engine,
        texts=f.texts,
        kept=f.kept,
        at_most_tokens=f.tokens.input + f.tokens.output,
        at_most_cost=f.cost,
        currency=CURRENCY,
        price=f.price.basis,
        refusal=f.refusal,
    )


def _model(engine: str, balance: Balance | None) -> ModelOut:
    if balance is None:
        return ModelOut(engine=engine)
    return ModelOut(
        engine=engine,
        price=balance.tariff.price.basis,
        month=spending(balance.month),
        per_campaign=balance.tariff.budget.per_campaign,
        per_month=balance.tariff.budget.per_month,
    )


@router.post("/campaigns/ask", responses=responses(503))
def ask(body: models.AskIn, services: S, actor: Composer) -> AskedOut:
    """Say what a request means, whom it reaches and what writing it would cost; store nothing."""
    plan, audience = services.drafts.look(body.human_request)
    return AskedOut(
        interpreter=plan.engine,
        plan=present.plan(plan),
        audience=shapes.audience(audience),
        forecast=forecast(services.drafts.forecast(plan, audience)),
    )


class ProposalOut(BaseModel):
    """A message as it would read, with its checks; nothing is stored."""

    message: shapes.MessageOut | None
    fallback: str | None


def _proposal(p: Proposal) -> ProposalOut:
    return ProposalOut(
        message=shapes.message(p.message) if p.message else None, fallback=p.fallback
    )


def _events(parts: Iterator[str | Proposal]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Proposal):
            yield f"event: proposal\ndata: {_proposal(part).model_dump_json()}\n\n"
        else:
            yield f"event: words\ndata: {json.dumps({'words': part}, ensure_ascii=False)}\n\n"


@router.post(
    "/campaigns/{campaign_id}/messages/{message_id}/rewrite",
    response_model=ProposalOut,
    responses=responses(404, 409)
    | {200: {"content": {"text/event-stream": {}}, "description": "The proposal"}},
)
def rewrite(
    campaign_id: CampaignId,
    message_id: MessageId,
    body: models.RewriteIn,
    services: S,
    actor: Composer,
) -> ProposalOut | StreamingResponse:
    """Propose other words; `stream` sends them as they are written. PATCH the text to take them."""
    parts = services.rewrites.propose(campaign_id, message_id, body.how, body.words)
    if body.stream:
        return StreamingResponse(_events(parts), media_type="text/event-stream")
    return next(_proposal(part) for part in parts if isinstance(part, Proposal))


@router.get("/model", responses=responses())
def model(services: S, actor: Reader) -> ModelOut:
    """Say who reads and writes, what was spent on it this month, and the budgets."""
    costs = services.minds.costs
    return _model(services.minds.reader.name, costs.balance() if costs else None)
