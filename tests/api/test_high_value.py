"""High-value customers: each message to them is looked at, each unhappy reply is urgent."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from campaigns import settings
from campaigns.app import create_app
from campaigns.bootstrap import opened
from campaigns.model.access import SYSTEM, Scope
from campaigns.model.errors import SettingInvalid

KEY = "an-admin-key-for-tests"
# One by its worth, one by its mark, one that pays enough but is marked as none, one unpriced.
BOOK = """# Book

## Venue Information

### Big Bay Hotel
- **Zone Count**: 10
- **Annual Price per Zone**: THB 30,000

#### Contacts
- **General Manager**: Ann Field
  - Email: gm@bigbay.example
  - Phone: +66 81 555 0101

---

### Marked Inn
- **Zone Count**: 1
- **Key Account**: yes

#### Contacts
- **General Manager**: Bo Field
  - Email: gm@marked.example

---

### Plain Towers
- **Zone Count**: 10
- **Annual Price per Zone**: THB 30,000
- **Key Account**: no

#### Contacts
- **General Manager**: Cy Field
  - Email: gm@plain.example
  - Phone: +66 81 555 0103

---

### Unpriced House
- **Zone Count**: 40

#### Contacts
- **General Manager**: Di Field
  - Email: gm@unpriced.example
"""
HIGH = {"big-bay-hotel", "marked-inn"}


def given(folder: Path, **more: Any) -> settings.Settings:
    book = folder / "book.md"
    book.write_text(BOOK, encoding="utf-8")
    return settings.read(
        campaigns_book=book,
        campaigns_data=folder / "data",
        campaigns_today="2025-09-15",
        campaigns_simulate="all",
        **more,
    )


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    chosen = given(tmp_path_factory.mktemp("house"), campaigns_high_value="THB=200000")
    with ExitStack() as stack:
        services = stack.enter_context(opened(chosen))
        services.access.create_key("admin", frozenset({Scope.ADMIN}), SYSTEM, secret=KEY)
        headers = {"Authorization": f"Bearer {KEY}"}
        yield stack.enter_context(TestClient(create_app(services), headers=headers))


def test_each_customer_says_whether_it_is_one_and_why(client: TestClient) -> None:
    found = {c["customer_id"]: c for c in client.get("/api/customers").json()["customers"]}
    stands = {i: (c["key_account"], c["high_value"]) for i, c in found.items()}
    assert stands == {
        "big-bay-hotel": (None, True),
        "marked-inn": (True, True),
        "plain-towers": (False, False),
        "unpriced-house": (None, None),
    }
    assert found["unpriced-house"]["high_value_why"] == "the yearly worth is not on record"


def test_each_message_to_them_is_looked_at_before_the_campaign_goes_on(client: TestClient) -> None:
    made = client.post(
        "/api/campaigns/create", json={"human_request": "Announce our new app to all customers"}
    ).json()
    at = f"/api/campaigns/{made['campaign_id']}"
    messages = client.get(f"{at}/messages").json()["messages"]
    assert {m["customer_id"] for m in messages if m["review"] == "high_value"} == HIGH
    assert {m["customer_id"] for m in messages if m["reserve"]} == {"plain-towers"}
    refused = client.post(f"{at}/submit")
    assert (refused.status_code, "one by one" in refused.json()["detail"]) == (409, True)
    listed = client.get(f"{at}/individual").json()
    assert listed["waiting"] == len(listed["messages"]) == 2
    for m in listed["messages"]:
        assert client.post(f"{at}/messages/{m['message_id']}/review").status_code == 200
    assert client.post(f"{at}/submit").status_code == 200


@pytest.mark.parametrize(
    ("address", "urgent"), [("gm@bigbay.example", True), ("gm@plain.example", False)]
)
def test_a_refusal_is_urgent_from_them_alone(
    client: TestClient, address: str, urgent: bool
) -> None:
    reply = {
        "identifier": address,
        "message": "We will not renew our contract.",
        "channel": "email",
    }
    taken = client.post("/api/campaigns/response", json=reply).json()
    assert (taken["intent"], taken["escalate"]) == ("decline", True)
    told = "high-value customer" in taken["suggested_action"]
    assert (taken["urgent"], told) == (urgent, urgent)


def test_a_currency_no_price_can_have_stops_the_start(tmp_path: Path) -> None:
    wrong = given(tmp_path, campaigns_high_value="BHT=200000")
    with pytest.raises(SettingInvalid, match="CAMPAIGNS_HIGH_VALUE"), opened(wrong):
        pass
