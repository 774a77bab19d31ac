"""What is open without a key: unsubscribing, health, metrics, the front page."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from campaigns.bootstrap import Services
from campaigns.model.consent import SuppressionReason
from campaigns.model.customer import Channel
from campaigns.model.delivery import DeliveryEvent, EventType
from campaigns.model.ids import MessageId

Until = Callable[[Callable[[], bool]], None]


@pytest.fixture(scope="module")
def link(client: TestClient) -> str:
    """The path of the unsubscribe link in a real e-mail of a campaign."""
    made = client.post(
        "/api/campaigns/create",
        json={
            "human_request": "Send renewal reminders by e-mail to all Hiltons expiring in October"
        },
    ).json()
    found = client.get(f"/api/campaigns/{made['campaign_id']}/messages").json()["messages"]
    text = next(m["text"] for m in found if m["channel"] == "email")
    return text[text.index("/u/") :].split()[0].rstrip(".")


def is_suppressed(house: Services, address: str) -> bool:
    with house.store.read() as tx:
        return bool(tx.consents.suppressed([(Channel.EMAIL, address)]))


def test_looking_never_unsubscribes_and_posting_does(
    stranger: TestClient, house: Services, link: str
) -> None:
    address = house.answers.link_holder(link.removeprefix("/u/"))
    for method in ("GET", "HEAD"):
        assert stranger.request(method, link).status_code == 200
        assert not is_suppressed(house, address)
    one_click = stranger.post(link, data={"List-Unsubscribe": "One-Click"})
    assert one_click.status_code == 200
    assert is_suppressed(house, address)
    assert stranger.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200


def test_who_marks_a_mail_as_junk_is_not_written_to_again(
    client: TestClient, house: Services, link: str
) -> None:
    """By the mail it is about, for the recipient is often taken out of such reports."""
    campaign = link.removeprefix("/u/").partition(".")[0]
    with house.store.read() as tx:
        about = tx.messages.get(MessageId(campaign))
        assert about is not None
        [other] = [
            m
            for m in tx.messages.all(about.campaign_id)
            if m.channel is Channel.EMAIL and m.address != about.address
        ][:1]
    for key, address in (("arf 1", None), ("arf 2", "forwarded@elsewhere.example")):
        house.answers.heard(
            DeliveryEvent(
                channel=Channel.EMAIL,
                type=EventType.COMPLAINED,
                dedupe_key=key,
                occurred_at=house.clock.now(),
                message_id=other.id,
                address=address,
                headers={"feedback": "abuse"},
            )
        )
    keys = [(Channel.EMAIL, a) for a in (other.address, "forwarded@elsewhere.example")]
    with house.store.read() as tx:
        found = tx.consents.suppressed(keys)
    assert set(found) == set(keys)
    assert {s.reason for s in found.values()} == {SuppressionReason.COMPLAINT}
    assert {s.evidence for s in found.values()} == {"marked as junk: abuse"}


def test_a_forged_or_cut_link_suppresses_nobody(
    stranger: TestClient, house: Services, link: str
) -> None:
    before = house.insights.all().suppressed
    for bad in (link[:-1], link + "x", "/u/m_1.abc", "/u/x", link[:-4] + "AAAA"):
        assert stranger.post(bad).status_code == 404
    assert house.insights.all().suppressed == before


def test_the_pages_allow_no_script_and_no_other_origin(stranger: TestClient, link: str) -> None:
    for path in ("/", link):
        answer = stranger.get(path)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "<script" not in answer.text


def test_health_readiness_and_metrics_answer_without_a_key(stranger: TestClient) -> None:
    assert stranger.get("/healthz").text == "ok"
    assert stranger.get("/readyz").json() == {"status": "ready"}
    text = stranger.get("/metrics").text
    assert "campaigns_customers " in text
    assert 'campaigns_quota_left{channel="whatsapp"}' in text
    assert "@" not in text


def test_openapi_is_served_and_names_the_keys(stranger: TestClient) -> None:
    document = stranger.get("/openapi.json").json()
    assert document["openapi"].startswith("3.")
    create = document["paths"]["/api/campaigns/create"]["post"]
    assert create["security"]
    assert {"201", "401", "403", "422"} <= set(create["responses"])
