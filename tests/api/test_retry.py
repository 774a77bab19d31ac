"""What failed for a reason that passes is sent again over HTTP, and nothing else."""

from collections.abc import Callable

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from campaigns.bootstrap import Services
from campaigns.model.access import SYSTEM, Scope
from campaigns.model.campaign import CampaignStatus
from campaigns.model.ids import CampaignId, MessageId
from campaigns.model.message import MessageStatus
from campaigns.store import tables as t

Until = Callable[[Callable[[], bool]], None]
REQUEST = "Send renewal reminders to all Hiltons expiring in October by email"


@pytest.fixture
def done(client: TestClient, house: Services) -> str:
    """A campaign that was sent and is over, all of it delivered; no news of it is to come."""
    made = client.post("/api/campaigns/create", json={"human_request": REQUEST}).json()
    at = f"/api/campaigns/{made['campaign_id']}"
    client.post(f"{at}/submit")
    shown = client.get(f"{at}/preview").json()["content_hash"]
    assert client.post(f"{at}/approve", json={"content_hash": shown}).status_code == 200
    gone = {
        "status": MessageStatus.DELIVERED.value,
        "attempt": 1,
        "left_at": house.clock.now(),
    }
    campaign_id = CampaignId(made["campaign_id"])
    with house.store.engine.begin() as c:
        c.execute(update(t.messages).where(t.messages.c.campaign_id == campaign_id).values(gone))
    with house.store.begin() as tx:
        old, new = [CampaignStatus.APPROVED], CampaignStatus.COMPLETED
        assert tx.campaigns.move(campaign_id, old, new, house.clock.now())
    return at


def failed(client: TestClient, house: Services, at: str, *reasons: str) -> list[str]:
    """Have messages have failed instead, one for each reason; return their ids."""
    found = client.get(f"{at}/messages", params={"limit": len(reasons)}).json()["messages"]
    ids = [MessageId(m["message_id"]) for m in found]
    with house.store.engine.begin() as c:
        for message_id, reason in zip(ids, reasons, strict=True):
            lost = {"status": MessageStatus.FAILED.value, "reason": reason}
            c.execute(update(t.messages).where(t.messages.c.id == message_id).values(lost))
    return [*ids]


def status_of(client: TestClient, at: str) -> str:
    return str(client.get(at).json()["status"])


def test_only_what_may_work_is_sent_again_and_the_campaign_ends_again(
    client: TestClient, house: Services, done: str, until: Until
) -> None:
    ids = failed(client, house, done, "transient: 503: busy", "quota: daily", "content: spam")
    assert client.get(f"{done}/statistics").json()["may_work"] == 2
    once = {"Idempotency-Key": done}
    answer = client.post(f"{done}/retry", headers=once)
    assert answer.status_code == 202, answer.text
    assert (answer.json()["status"], answer.json()["queued"]) == ("sending", 2)
    again = client.post(f"{done}/retry", headers=once)
    assert again.json() == answer.json()
    until(lambda: status_of(client, done) == "completed")
    tries = [client.get(f"{done}/messages/{i}").json()["attempts"] for i in ids]
    assert tries == [2, 2, 1]
    assert client.get(f"{done}/statistics").json()["may_work"] == 0
    trail, _ = house.access.audit(f"campaign:{done.rpartition('/')[2]}", "", 10)
    told = [e for e in trail if e.action == "campaign.retried"]
    assert [(e.actor, e.detail["messages"]) for e in told] == [("admin", 2)]


def test_without_a_passing_failure_there_is_nothing_to_retry(
    client: TestClient, house: Services, done: str
) -> None:
    failed(client, house, done, "content: spam")
    refused = client.post(f"{done}/retry")
    assert refused.status_code == 409
    assert "failed that may work again" in refused.json()["detail"]
    assert status_of(client, done) == "completed"


def test_nothing_of_a_campaign_rolled_back_or_not_yet_sent_is_retried(
    client: TestClient, house: Services, done: str
) -> None:
    failed(client, house, done, "transient: 503")
    client.post(f"{done}/rollback")
    assert client.get(f"{done}/statistics").json()["may_work"] == 0
    refused = client.post(f"{done}/retry")
    assert (refused.status_code, "rolled back" in refused.json()["detail"]) == (409, True)
    made = client.post("/api/campaigns/create", json={"human_request": REQUEST}).json()
    early = client.post(f"/api/campaigns/{made['campaign_id']}/retry")
    assert (early.status_code, "draft" in early.json()["detail"]) == (409, True)
    assert client.post("/api/campaigns/c_none/retry").status_code == 404


def test_retrying_takes_the_right_to_send(client: TestClient, house: Services, done: str) -> None:
    failed(client, house, done, "transient: 503")
    scopes = frozenset({Scope.READ, Scope.COMPOSE, Scope.APPROVE})
    _, secret = house.access.create_key("writer", scopes, SYSTEM)
    refused = client.post(f"{done}/retry", headers={"Authorization": f"Bearer {secret}"})
    assert (refused.status_code, "`send`" in refused.json()["detail"]) == (403, True)
