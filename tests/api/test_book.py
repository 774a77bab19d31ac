"""The customer book over HTTP."""

from starlette.testclient import TestClient


def test_diagnostics_come_with_the_summary_of_the_command_line(client: TestClient) -> None:
    answer = client.get("/api/book/diagnostics", params={"limit": 3, "days": 30})
    found = answer.json()
    assert answer.status_code == 200
    assert len(found["diagnostics"]) == 3
    assert found["summary"]["days"] == 30
    assert found["summary"]["customers"] == found["summary"]["kinds"]["customer"]
    assert all(0 <= e["days"] <= 30 for e in found["summary"]["ending"])
    assert sum(found["counts"].values()) == sum(r["count"] for r in found["summary"]["remarks"])
