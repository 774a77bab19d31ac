"""Answers that join several values: campaigns with plans, previews, statistics."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from campaigns.api import expected, shapes
from campaigns.flow.plan import plan_json
from campaigns.model.audience import Audience
from campaigns.model.campaign import Campaign, CampaignStatus
from campaigns.model.customer import Private
from campaigns.model.delivery import QuotaUse, WarmUpDay
from campaigns.model.outlook import Forecast, Pace, Waiting
from campaigns.model.plan import Plan
from campaigns.model.spending import CURRENCY
from campaigns.orchestrator.insights import CampaignFigures, Figures, Month
from campaigns.orchestrator.previews import Preview
from campaigns.orchestrator.purse import Balance
from campaigns.orchestrator.revisions import Said
from campaigns.orchestrator.sends import RolledBack, Sent

NEXT = {
    CampaignStatus.NEEDS_CLARIFICATION: "Answer `plan.questions`: PATCH filters, or rephrase.",
    CampaignStatus.DRAFT: "GET the preview, then POST submit and approve.",
}


def plan(p: Plan) -> shapes.PlanOut:
    """Return a plan."""
    return shapes.PlanOut.model_validate(plan_json(p))


def campaign(c: Campaign) -> shapes.CampaignOut:
    """Return a campaign with its plan."""
    return shapes.campaign(c, plan(c.plan))


def timed(c: Campaign, pace: Pace | None) -> shapes.TimedOut:
    """Return a campaign with when its messages leave, None where it has no time of its own."""
    return shapes.timed(campaign(c), expected.leaves(pace) if pace else None)


def created(c: Campaign, audience: Audience) -> shapes.CreatedOut:
    """Return what a request became."""
    return shapes.CreatedOut(
        campaign_id=c.id,
        status=c.status,
        interpreter=c.plan.engine,
        plan=plan(c.plan),
        audience=shapes.audience(audience),
        name=c.name,
        next=NEXT.get(c.status, ""),
    )


def said(s: Said) -> shapes.SaidOut:
    """Return what words did to a campaign."""
    return shapes.SaidOut(
        campaign=campaign(s.campaign),
        audience=shapes.audience(s.audience),
        customers_before=s.before,
        understood=[shapes.UnderstoodOut(words=u.words, meaning=u.meaning) for u in s.understood],
        changes=list(s.changes),
        question=s.question and shapes.QuestionOut.model_validate(asdict(s.question)),
    )


def preview(p: Preview, f: Forecast) -> shapes.PreviewOut:
    """Return a preview."""
    return shapes.PreviewOut(
        campaign_id=p.campaign.id,
        status=p.campaign.status,
        content_hash=p.campaign.content_hash,
        sample_messages=shapes.messages(p.samples),
        statistics={
            "audience": shapes.audience(p.audience).model_dump(mode="json"),
            "messages": sum(p.counts.values()),
            "by_channel": _by_channel(p),
            "by_status": _by_status(p),
            "by_language": dict(p.languages),
            "gaps": dict(p.gaps),
            **({"by_variant": dict(p.variants)} if p.variants else {}),
            "occasions": dict(p.occasions),
            "in_reserve": {channel.value: n for channel, n in p.reserves.items()},
            "writers": dict(p.writers),
            "fallbacks": [
                {"reason": reason, "messages": n} for reason, n in sorted(p.fallbacks.items())
            ],
            "model": _cost(p.cost),
        },
        forecast=expected.forecast(f),
        local_time=shapes.local_time(p.campaign.local_time),
    )


def _cost(balance: Balance | None) -> dict[str, Any] | None:
    """Return what the campaign cost so far, None where no model reads or writes."""
    if balance is None or balance.campaign is None:
        return None
    spent = balance.campaign
    return {
        "calls": spent.calls,
        "input_tokens": spent.tokens.input,
        "output_tokens": spent.tokens.output,
        "cost": float(spent.cost),
        "currency": CURRENCY,
        "price": balance.tariff.price.basis,
        "budget": float(balance.tariff.budget.per_campaign),
    }


def _by_channel(p: Preview) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for (channel, _), n in p.counts.items():
        counts[channel.value] += n
    return dict(counts)


def _by_status(p: Preview) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for (_, status), n in p.counts.items():
        counts[status.value] += n
    return dict(counts)


def sent(s: Sent, pace: Pace | None = None) -> shapes.SentOut:
    """Return what a send did; `pace` is when the messages of a scheduled one leave."""
    return shapes.SentOut(
        campaign_id=s.campaign.id,
        status=s.campaign.status,
        queued=s.queued,
        skipped=[shapes.LeftOutOut(reason=x.reason, customers=x.customers) for x in s.skipped],
        test_to=dict(s.test_to) if s.test_to is not None else None,
        schedule_at=s.campaign.schedule_at,
        local_time=shapes.local_time(s.campaign.local_time),
        leaves=expected.leaves(pace) if pace else None,
    )


def retried(c: Campaign, queued: int) -> shapes.RetriedOut:
    """Return how many messages are on their way again."""
    return shapes.RetriedOut(campaign_id=c.id, status=c.status, queued=queued)


def rolled_back(r: RolledBack, correction: Campaign | None) -> shapes.RollbackOut:
    """Return what a rollback stopped, what had left, and the correction drafted."""
    return shapes.RollbackOut(
        campaign_id=r.campaign.id,
        status=r.campaign.status,
        cancelled=r.cancelled,
        sent=r.sent,
        delivered=r.delivered,
        in_doubt=r.in_doubt,
        correction=correction.id if correction else None,
    )


def figures(f: CampaignFigures, waiting: Sequence[Waiting] = ()) -> dict[str, Any]:
    """Return what came of one campaign."""
    return {
        "campaign_id": f.campaign.id,
        "name": f.campaign.name,
        "status": f.campaign.status.value,
        "funnel": asdict(f.funnel),
        "by_channel": {
            channel.value: {status.value: n for status, n in counts.items()}
            for channel, counts in f.by_channel.items()
        },
        "replies_by_intent": {intent.value: n for intent, n in f.replies.items()},
        "nps": f.nps,
        "conversions": f.funnel.converted,
        "waiting": [w.model_dump(mode="json") for w in expected.waiting(waiting)],
    }


def statistics(f: Figures) -> dict[str, Any]:
    """Return the whole picture."""
    totals: Counter[str] = Counter()
    for campaign_figures in f.funnels:
        totals.update(asdict(campaign_figures.funnel))
    return {
        "customers": {
            "total": f.customers,
            **{f"by_{name}": dict(counts) for name, counts in f.by.items()},
            "reachability": dict(f.reachability),
            "do_not_contact": f.suppressed,
        },
        "send_limits": {
            use.channel.value: _limit(use)
            | {
                "month": _month(f.months.get(use.channel)),
                "warm_up": _warm_up(f.warm_ups.get(use.channel)),
            }
            for use in f.limits
        },
        "halted": {channel.value: why for channel, why in f.halted.items()},
        "campaigns": {
            "total": sum(f.campaigns.values()),
            "by_status": {status.value: n for status, n in f.campaigns.items()},
            "funnel": dict(totals),
            "replies_by_intent": {intent.value: n for intent, n in f.replies.items()},
            "nps": f.nps,
            "conversions": totals.get("converted", 0),
            "recent": [figures(x) for x in f.funnels[:10]],
        },
    }


def _limit(use: QuotaUse) -> dict[str, Any]:
    return {
        "limit": use.limit,
        "used": use.used,
        "left": use.left,
        "window_seconds": use.window_s,
        "resets_at": use.resets_at.isoformat() if use.resets_at else None,
    }


def _warm_up(found: WarmUpDay | None) -> dict[str, Any] | None:
    """Return what a warm-up allows today and tomorrow, None on a channel that is warm."""
    if found is None:
        return None
    days = {"day": found.day, "days": found.days, "tomorrow": found.tomorrow}
    return _limit(found.use) | days


def _month(found: Month | None) -> dict[str, Any] | None:
    """Return what the provider's plan allows this month, None when there is no telling."""
    if found is None:
        return None
    plan = found.allowance
    return {
        "limit": plan.limit,
        "used": plan.used,
        "left": plan.left,
        "reserved": found.reserved,
    }


def private(p: Private | None) -> dict[str, Any]:
    """Return notes and devices, for callers with the `notes` scope."""
    return asdict(p) if p else {}


def amount(value: Decimal) -> int | float:
    """Return money as a JSON number."""
    return int(value) if value == value.to_integral_value() else float(value)
