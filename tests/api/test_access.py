"""Who may call: keys, scopes, expiry, revocation; errors that name the way on."""

from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from campaigns.bootstrap import Services
from campaigns.model.access import SYSTEM, Scope


def with_key(stranger: TestClient, secret: str, method: str, path: str, **more: Any) -> Any:
    return stranger.request(method, path, headers={"X-API-Key": secret}, **more)


def test_every_api_path_needs_a_key_whether_it_exists_or_not(stranger: TestClient) -> None:
    for path in ("/api/campaigns", "/api/nothing", "/api/keys", "/api"):
        answer = stranger.get(path)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert "campaigns keys create" in answer.json()["detail"]
    assert stranger.post("/api/campaigns/create", content=b"{not json").status_code == 401


def test_a_wrong_key_is_refused(stranger: TestClient) -> None:
    assert with_key(stranger, "wrong", "GET", "/api/campaigns").status_code == 401
    answer = stranger.get("/api/campaigns", headers={"Authorization": "Basic YTpi"})
    assert answer.status_code == 401


def test_both_headers_carry_a_key(stranger: TestClient, house: Services) -> None:
    _, secret = house.access.create_key("reader", frozenset({Scope.READ}), SYSTEM)
    assert with_key(stranger, secret, "GET", "/api/campaigns").status_code == 200
    bearer = {"Authorization": f"Bearer {secret}"}
    assert stranger.get("/api/campaigns", headers=bearer).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "scope"),
    [
        ("POST", "/api/campaigns/create", {"human_request": "x"}, "compose"),
        ("POST", "/api/campaigns/c_1/approve", {"content_hash": "x"}, "approve"),
        ("POST", "/api/campaigns/c_1/send", {}, "send"),
        ("POST", "/api/campaigns/c_1/pause", None, "send"),
        (
            "POST",
            "/api/campaigns/response",
            {"identifier": "x", "message": "x", "channel": "email"},
            "reply",
        ),
        ("GET", "/api/keys", None, "admin"),
        ("GET", "/api/customers/hilton-pattaya?notes=true", None, "notes"),
    ],
)
def test_a_missing_scope_is_named(
    stranger: TestClient, house: Services, method: str, path: str, body: Any, scope: str
) -> None:
    _, secret = house.access.create_key("reader", frozenset({Scope.READ}), SYSTEM)
    answer = with_key(stranger, secret, method, path, json=body)
    assert answer.status_code == 403
    assert f"`{scope}`" in answer.json()["detail"]


def test_an_expired_and_a_revoked_key_open_nothing(stranger: TestClient, house: Services) -> None:
    soon = house.clock.now() - timedelta(seconds=1)
    _, old = house.access.create_key("old", frozenset({Scope.READ}), SYSTEM, soon)
    assert with_key(stranger, old, "GET", "/api/campaigns").status_code == 401
    key, secret = house.access.create_key("gone", frozenset({Scope.READ}), SYSTEM)
    house.access.revoke_key(key.id, SYSTEM)
    assert with_key(stranger, secret, "GET", "/api/campaigns").status_code == 401


def test_keys_are_made_shown_once_listed_without_secrets_and_revoked(client: TestClient) -> None:
    made = client.post("/api/keys", json={"owner": "Nok", "scopes": ["read", "approve"]})
    assert made.status_code == 201
    secret = made.json()["key"]
    listed = client.get("/api/keys")
    assert made.json()["key_id"] in [k["key_id"] for k in listed.json()["keys"]]
    assert secret not in listed.text
    assert client.delete(f"/api/keys/{made.json()['key_id']}").status_code == 204
    assert client.delete(f"/api/keys/{made.json()['key_id']}").status_code == 404


def test_no_secret_stands_in_the_database(house: Services) -> None:
    _, secret = house.access.create_key("kept", frozenset({Scope.READ}), SYSTEM)
    folder = house.settings.campaigns_data
    assert all(secret.encode() not in p.read_bytes() for p in folder.iterdir() if p.is_file())


def test_notes_need_their_own_scope_and_are_nowhere_else(client: TestClient) -> None:
    plain = client.get("/api/customers/hilton-pattaya")
    assert plain.json()["private"] is None
    private = client.get("/api/customers/hilton-pattaya", params={"notes": True}).json()["private"]
    secrets = [*private["special_notes"], private["hardware"], private["account_id"]]
    for secret in filter(None, secrets):
        assert secret not in plain.text


def test_every_change_stands_in_the_audit_trail(client: TestClient, house: Services) -> None:
    client.post("/api/keys", json={"owner": "audited", "scopes": ["read"]})
    entries = client.get("/api/audit", params={"limit": 1}).json()["entries"]
    assert entries[0]["action"] == "key.created"
    assert entries[0]["detail"]["owner"] == "audited"
    assert house.access.verify_audit()[1] is None
