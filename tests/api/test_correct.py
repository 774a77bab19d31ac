"""A person's word for what a reply means, over HTTP."""

from starlette.testclient import TestClient

from campaigns.bootstrap import Services


def test_a_correction_counts_at_once_and_is_kept_to_learn_from(
    client: TestClient, house: Services
) -> None:
    body = {"identifier": "nobody@far.example", "message": "hm, ring me?", "channel": "email"}
    assert client.post("/api/campaigns/response", json=body).status_code == 200
    [reply] = client.get("/api/replies", params={"limit": 1}).json()["replies"]
    answer = client.post(f"/api/replies/{reply['reply_id']}/intent", json={"intent": "opt_out"})
    assert answer.status_code == 200, answer.text
    with house.store.read() as tx:
        [kept] = tx.corrections.all()
    assert (kept.reply_id, kept.meant.value, kept.text) == (
        reply["reply_id"],
        "opt_out",
        "hm, ring me?",
    )
    stopped = client.get("/api/suppressions").json()["suppressions"]
    assert [s["address"] for s in stopped] == ["nobody@far.example"]


def test_a_correction_of_nothing_is_refused(client: TestClient) -> None:
    assert client.post("/api/replies/r_0/intent", json={"intent": "accept"}).status_code == 404
    assert client.post("/api/replies/r_0/intent", json={"intent": "hm"}).status_code == 422
