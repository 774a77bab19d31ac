"""A campaign from the list of customers goes to exactly the customers listed."""

from collections.abc import Callable

from starlette.testclient import TestClient

from campaigns.bootstrap import Services

TWINS = """### Ember Twin
- **Business Type**: Bar
- **City**: Leeds
- **Zone Count**: 2

---

### Ember Twin
- **Business Type**: Hotel
- **City**: Phuket
- **Zone Count**: 40

---

"""


def started(client: TestClient, listed: str) -> str:
    answer = client.post(
        f"/customers/campaign?{listed}",
        data={"kind": "survey"},
        follow_redirects=False,
    )
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_a_customer_who_shares_a_name_with_a_listed_one_never_comes_in_unseen(
    house: Services, signed_in: Callable[[str], TestClient]
) -> None:
    book = house.book.path
    text = book.read_text(encoding="utf-8")
    after = "### Hilton Cebu Waterfront"
    assert after in text
    book.write_text(text.replace(after, TWINS + after, 1), encoding="utf-8")
    house.book.refresh()
    manager = signed_in("manager")
    before = house.drafts.page(None, "", 500)[0]
    refused = started(manager, "q=ember+twin&city=Leeds")
    assert refused.startswith("/customers?")
    assert house.drafts.page(None, "", 500)[0] == before

    both = started(manager, "q=ember+twin").split("/")[2]
    assert house.drafts.get(both).plan.filters.customer  # type: ignore[arg-type]
    audience, _ = house.drafts.audience(both)  # type: ignore[arg-type]
    assert audience.customers == 2
