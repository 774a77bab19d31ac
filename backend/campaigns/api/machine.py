"""For machines that watch: liveness, readiness, metrics. Open, and without any customer data."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from campaigns.api.deps import S
from campaigns.api.problems import problem
from campaigns.bootstrap import Services
from campaigns.orchestrator.insights import Figures

router = APIRouter(tags=["machine"])


@router.get("/healthz", response_class=PlainTextResponse)
def healthz() -> str:
    """Say that the process answers."""
    return "ok"


@router.get("/readyz", responses={503: {"description": "Not ready"}})
def readyz(services: S) -> Response:
    """Say whether book, database and engine are there."""
    trouble = services.not_ready()
    if trouble:
        return problem(503, "Not ready", trouble)
    return JSONResponse({"status": "ready"})


def _figures(services: S) -> Figures:
    return services.insights.all()


@router.get("/metrics", response_class=PlainTextResponse)
def metrics(services: S, figures: Annotated[Figures, Depends(_figures)]) -> Response:
    """Give counts in Prometheus' text format."""
    return Response(_exposition(services, figures), media_type=CONTENT_TYPE_LATEST)


def _exposition(services: Services, figures: Figures) -> bytes:
    registry = CollectorRegistry()
    customers = Gauge("campaigns_customers", "Customers in the book", registry=registry)
    customers.set(figures.customers)
    suppressed = Gauge("campaigns_suppressed", "Addresses not written to", registry=registry)
    suppressed.set(figures.suppressed)
    by_status = Gauge("campaigns_campaigns", "Campaigns", ["status"], registry=registry)
    for campaign_status, n in figures.campaigns.items():
        by_status.labels(campaign_status.value).set(n)
    messages = Gauge(
        "campaigns_messages",
        "Messages of recent campaigns",
        ["channel", "status"],
        registry=registry,
    )
    for one in figures.funnels:
        for channel, counts in one.by_channel.items():
            for status, n in counts.items():
                messages.labels(channel.value, status.value).inc(n)
    left = Gauge("campaigns_quota_left", "Permits left", ["channel"], registry=registry)
    for use in figures.limits:
        left.labels(use.channel.value).set(use.left)
    replies = Gauge("campaigns_replies", "Replies", ["intent"], registry=registry)
    for intent, n in figures.replies.items():
        replies.labels(intent.value).set(n)
    halted = Gauge("campaigns_channel_halted", "1 when halted", ["channel"], registry=registry)
    for channel in services.carriers:
        halted.labels(channel.value).set(channel in figures.halted)
    return generate_latest(registry)
