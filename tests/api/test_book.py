"""The customer book over HTTP."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from campaigns.bootstrap import Services
from campaigns.model.access import SYSTEM, Scope


def test_diagnostics_come_with_the_summary_of_the_command_line(client: TestClient) -> None:
    answer = client.get("/api/book/diagnostics", params={"limit": 3, "days": 30})
    found = answer.json()
    assert answer.status_code == 200
    assert len(found["diagnostics"]) == 3
    assert found["summary"]["days"] == 30
    assert found["summary"]["customers"] == found["summary"]["kinds"]["customer"]
    assert all(0 <= e["days"] <= 30 for e in found["summary"]["ending"])
    assert sum(found["counts"].values()) == sum(r["count"] for r in found["summary"]["remarks"])


@pytest.fixture
def osaka(client: TestClient) -> Iterator[str]:
    """Put everything right again that a test changes in the sample's copy."""
    yield "/api/customers/hilton-osaka-garden"
    while client.post("/api/book/changes/last/undo").status_code == 200:
        pass


def test_a_change_is_answered_with_its_lines_and_can_be_taken_back(
    client: TestClient, osaka: str
) -> None:
    set_ = client.patch(osaka, json={"fields": {"Contract End": "2025-10-31", "City": "Osaka"}})
    assert set_.status_code == 200
    change = set_.json()
    assert [line for h in change["hunks"] for line in h["after"]][-1] == "- **City**: Osaka"
    found = client.get(osaka).json()
    assert (found["contract_end"], found["city"]["source"]) == ("2025-10-31", "file")
    undone = client.post(f"/api/book/changes/{change['change_id']}/undo")
    assert undone.json()["undoes"] == change["change_id"]
    assert client.get(osaka).json()["contract_end"] is None
    listed = client.get("/api/book/changes", params={"limit": 2}).json()["changes"]
    assert [c["status"] for c in listed] == ["done", "undone"]


def test_a_contact_makes_a_customer_reachable(client: TestClient, osaka: str) -> None:
    assert client.get(osaka).json()["contacts"] == []
    given = {"role": "General Manager", "name": "Aiko Mori", "email": "aiko@hilton-osaka.example"}
    assert client.put(f"{osaka}/contacts", json=given).status_code == 200
    [found] = client.get(osaka).json()["contacts"]
    assert found["name"] == "Aiko Mori"


def test_refusals_say_what_is_wrong(client: TestClient, osaka: str) -> None:
    def status(body: object, path: str = osaka, method: str = "PATCH") -> int:
        return client.request(method, path, json=body).status_code

    assert status({"fields": {"Contract End": "soon"}}) == 422
    assert status({"fields": {"City": "Osaka"}, "is_customer": True}) == 422
    assert status({}) == 422
    assert status({"accept": "zone_count"}) == 422
    assert status({"fields": {"City": "Osaka"}, "expected": "0" * 64}) == 409
    assert status({"fields": {"City": "Osaka"}}, "/api/customers/nobody") == 404
    assert status({"role": "GM", "email": "none"}, f"{osaka}/contacts", "PUT") == 422
    assert status({"other": "hilton-osaka-garden"}, f"{osaka}/merge", "POST") == 422
    assert status({}, "/api/book/changes/b_none/undo", "POST") == 404


def test_a_merge_is_looked_at_first(client: TestClient, osaka: str) -> None:
    answer = client.post(
        f"{osaka}/merge", json={"other": "tru-by-hilton-savannah-midtown", "dry_run": True}
    )
    assert answer.status_code == 200
    found = answer.json()
    assert found["change"] is None
    assert "Zone Names" not in {c["field"] for c in found["conflicts"]}
    refused = client.post(f"{osaka}/merge", json={"other": "tru-by-hilton-savannah-midtown"})
    assert (refused.status_code, "contradict" in refused.json()["detail"]) == (422, True)


def test_safe_fixes_change_nothing_that_is_read(client: TestClient, osaka: str) -> None:
    before = client.get("/api/book/diagnostics").json()
    assert client.post("/api/book/fix", json={}).json()["lines"] > 0
    after = client.get("/api/book/diagnostics").json()
    assert before["records"] == after["records"]
    assert "trailing-space" not in after["counts"]
    assert client.post("/api/book/fix", json={}).json() == {"lines": 0, "change": None}


def test_private_lines_of_a_change_need_the_notes_scope(
    client: TestClient, house: Services, osaka: str
) -> None:
    client.patch(osaka, json={"fields": {"Hardware Type": "Box 7"}})
    _, secret = house.access.create_key("reader", frozenset({Scope.READ}), SYSTEM)
    key = {"Authorization": f"Bearer {secret}"}
    listed = client.get("/api/book/changes", headers=key).json()["changes"]
    assert listed[0]["hunks"][0]["after"] is None
    assert "Box 7" not in str(listed)
    assert client.patch(osaka, json={"is_customer": False}, headers=key).status_code == 403


def test_the_funnel_and_the_evidence_are_answered(client: TestClient) -> None:
    found = client.get("/api/reach", params={"months": 3}).json()
    total = found["total"]
    assert total["customers"] > total["reachable"] > 0
    assert sum(s["customers"] for s in found["months"]) == total["customers"]
    consent = client.get("/api/customers/hilton-pattaya/consent").json()
    assert {a["channel"] for a in consent["addresses"] if a["allowed"]} >= {"email"}
    assert client.get("/api/customers/nobody/consent").status_code == 404


def test_a_table_is_shown_before_it_is_written(client: TestClient, osaka: str) -> None:
    given = {"text": "Hotel,Zone Count,City\nHilton Osaka Garden,9,Osaka\nNobody Inn,1,Leeds\n"}
    shown = client.post("/api/book/import", json=given).json()
    assert shown["change"] is None
    assert {i["fate"] for i in shown["items"]} == {"conflict", "filled"}
    assert [u["name"] for u in shown["unmatched"]] == ["Nobody Inn"]
    written = client.post("/api/book/import", json={**given, "apply": True}).json()
    assert written["change"]["status"] == "done"
    assert client.get(osaka).json()["city"]["source"] == "file"
    assert client.post("/api/book/import", json={"text": "x\ny\n"}).status_code == 422


def test_entries_and_decisions_are_imported_and_origins_and_profiles_told(
    client: TestClient, osaka: str
) -> None:
    files = [{"name": "osaka.md", "text": "### Hilton Osaka Gardn\n- **City**: Osaka\n"}]
    shown = client.post("/api/book/import", json={"files": files}).json()
    [near] = shown["near"]
    assert near["ids"][0] == osaka.rpartition("/")[2]
    body = {"files": files, "matches": {near["name"]: near["ids"][0]}, "apply": True}
    written = client.post("/api/book/import", json=body).json()
    assert [i["fate"] for i in written["items"]] == ["filled"]
    [origin] = client.get(f"{osaka}/origins").json()["origins"]
    assert (origin["field"], origin["value"], origin["source"]) == ("City", "Osaka", "osaka.md")
    assert client.get("/api/customers/nobody/origins").status_code == 404
    for wrong in ({}, {"text": "Hotel\nA\n", "files": files}):
        assert client.post("/api/book/import", json=wrong).status_code == 422

    table = {"text": "Place\nHeron House\n", "columns": {"Place": "name"}, "save_profile": "crm"}
    assert client.post("/api/book/import", json=table).status_code == 200
    listed = client.get("/api/book/import/profiles").json()
    assert listed == {"profiles": {"crm": {"Place": "name"}}}
    assert client.delete("/api/book/import/profiles/crm").status_code == 204
    assert client.delete("/api/book/import/profiles/crm").status_code == 404


def test_an_audience_is_counted_with_samples_and_nothing_stored(client: TestClient) -> None:
    def count(**body: object) -> dict[str, object]:
        answer = client.post("/api/audience/count", json=body)
        assert answer.status_code == 200
        found: dict[str, object] = answer.json()
        return found

    everyone = count(everyone=True, samples=2)
    hiltons = count(filters={"brand": "Hilton"}, samples=100)
    assert len(everyone["samples"]) == 2  # type: ignore[arg-type]
    assert 0 < hiltons["customers"] == len(hiltons["samples"])  # type: ignore[operator, arg-type]
    assert count() == {"customers": 0, "samples": []}
    assert (
        client.post("/api/audience/count", json={"filters": {"brand": "Hlton"}}).status_code == 422
    )
