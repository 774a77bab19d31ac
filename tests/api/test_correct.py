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


def test_a_reply_is_said_to_be_a_customers_and_taken_back(client: TestClient) -> None:
    body = {"identifier": "owner@far.example", "message": "Call me", "channel": "email"}
    reply_id = client.post("/api/campaigns/response", json=body).json()["reply_id"]
    at, whose = f"/api/replies/{reply_id}/sender", {"customer_id": "hilton-pattaya"}
    said = client.post(at, json=whose)
    assert said.status_code == 200, said.text
    assert (said.json()["customer"], said.json()["contact"]) == ("Hilton Pattaya", None)
    assert said.json()["customer_said_by"]
    assert client.post(at, json={"customer_id": "hilton-hua-hin"}).status_code in (404, 409)
    assert client.post(at, json={"customer_id": "nobody"}).status_code == 404
    undone = client.post(f"{at}/undo").json()
    assert (undone["customer"], undone["customer_said_by"]) == (None, None)
    assert client.post("/api/replies/r_0/sender", json=whose).status_code == 404
