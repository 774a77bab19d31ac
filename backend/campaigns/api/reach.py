"""Who can be written to, over HTTP."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from campaigns.api.deps import Reader, S
from campaigns.api.idempotency import IdempotentRoute
from campaigns.api.models import FILTERS_DOC, Body
from campaigns.api.problems import responses
from campaigns.book.reach import Reach
from campaigns.model.ids import CustomerId
from campaigns.orchestrator.reaching import Standing

router = APIRouter(prefix="/api", route_class=IdempotentRoute, tags=["customers"])


class StepOut(BaseModel):
    """Customers left at each step: somebody named, a valid address, one that may be used."""

    key: str
    customers: int
    named: int
    addressed: int
    reachable: int


class ReachOut(BaseModel):
    """The funnel, by brand group and by the month the contract ends."""

    total: StepOut
    brands: list[StepOut]
    months: list[StepOut]
    channels: dict[str, int]
    blocked: dict[str, int]


class StandingOut(BaseModel):
    """Whether one address may be written to, and what says so."""

    contact_id: str
    contact: str | None
    role: str
    channel: str
    address: str
    allowed: bool
    why: str
    source: str
    text: str
    at: datetime | None


class CountIn(Body):
    """Filters as of a structured request; `everyone` where there are none."""

    filters: dict[str, Any] | None = Field(default=None, description=FILTERS_DOC)
    exclude: dict[str, Any] | None = Field(default=None, description=FILTERS_DOC)
    everyone: bool | None = None
    samples: Annotated[int, Field(ge=0, le=100)] = 20


class SampleOut(BaseModel):
    customer_id: str
    name: str


class CountOut(BaseModel):
    """How many customers the filters take, and the first of them."""

    customers: int
    samples: list[SampleOut]


class ConsentOut(BaseModel):
    customer_id: str
    customer: str
    addresses: list[StandingOut]


def shape(found: Reach) -> ReachOut:
    """Return a funnel."""
    return ReachOut.model_validate(asdict(found))


def standing(found: Standing) -> StandingOut:
    """Return how an address stands."""
    return StandingOut.model_validate(asdict(found))


@router.get("/reach", responses=responses(503))
def reach(services: S, actor: Reader, months: Annotated[int, Query(ge=1, le=120)] = 12) -> ReachOut:
    """Say how many customers can be written to, by brand and by the month they end."""
    return shape(services.reaching.funnel(months))


@router.get("/customers/{customer_id}/consent", responses=responses(404, 503))
def consent(customer_id: CustomerId, services: S, actor: Reader) -> ConsentOut:
    """Say for each contact and channel whether it may be written to, with the evidence."""
    customer, found = services.reaching.of(customer_id)
    return ConsentOut(
        customer_id=customer.id,
        customer=customer.name,
        addresses=[standing(s) for s in found],
    )


@router.post("/audience/count", responses=responses(503))
def count(body: CountIn, services: S, actor: Reader) -> CountOut:
    """Count the customers that filters take, with the first of them; nothing is stored."""
    given = body.model_dump(exclude_none=True, exclude={"samples"})
    plan = services.drafts.structured({"type": "announcement", **given})
    customers, samples = services.reaching.count(plan, body.samples)
    shown = [SampleOut(customer_id=c.id, name=c.name) for c in samples]
    return CountOut(customers=customers, samples=shown)
