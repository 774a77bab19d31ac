"""A campaign from the list of customers goes to exactly the customers listed."""

import re
from collections.abc import Callable

from starlette.testclient import TestClient

from campaigns.bootstrap import Services
from campaigns.model.ids import CustomerId
from campaigns.model.record import Severity

HAUSE = CustomerId("heron-hause")

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


def test_a_campaign_goes_to_exactly_the_customers_listed_whoever_shares_their_name(
    house: Services, signed_in: Callable[[str], TestClient]
) -> None:
    book = house.book.path
    text = book.read_text(encoding="utf-8")
    after = "### Hilton Cebu Waterfront"
    assert after in text
    book.write_text(text.replace(after, TWINS + after, 1), encoding="utf-8")
    house.book.refresh()
    manager = signed_in("manager")

    def reached(listed: str) -> list[tuple[str, str | None]]:
        campaign = started(manager, listed).split("/")[2]
        audience, _ = house.drafts.audience(campaign)  # type: ignore[arg-type]
        return [(m.name, m.city) for m in audience.members]

    assert reached("q=ember+twin&city=Leeds") == [("Ember Twin", "Leeds")]
    assert reached("q=ember+twin") == [("Ember Twin", "Leeds"), ("Ember Twin", "Phuket")]


def test_a_customer_shows_its_problems_the_worst_first_and_its_twin(
    house: Services, signed_in: Callable[[str], TestClient]
) -> None:
    book = house.book.path
    text = book.read_text(encoding="utf-8")
    twins = (
        "### Heron Hause\n- **Zone Count**: many\n- **Contract End**: soon\n\n### Heron House\n\n"
    )
    after = "### Hilton Cebu Waterfront"
    book.write_text(text.replace(after, twins + after, 1), encoding="utf-8")
    house.book.refresh()
    client = signed_in("manager")
    row = client.get("/customers?q=heron+hause").text.partition("Heron Hause</a>")[2]
    said = [d.code for d in house.book.remarks_on(HAUSE) if d.severity is not Severity.INFO]
    assert said == ["date-unreadable", "suspected-duplicate", "zone-count-unreadable"]
    assert f"</svg> {len(said)}</span>" in row
    shown = client.get(f"/customers/{HAUSE}").text
    assert shown.index("soon") < shown.index("many")
    assert '<a href="/customers/heron-house">Heron House</a>' in shown


def test_a_contact_without_line_gets_a_link_to_send(signed_in: Callable[[str], TestClient]) -> None:
    manager = signed_in("manager")
    shown = manager.get("/customers/hilton-pattaya")
    actions = re.findall(
        r'action="(/customers/hilton-pattaya/contacts/[^"]+/line-link)"', shown.text
    )
    assert actions
    made = manager.post(actions[0])
    assert made.status_code == 200
    assert "and to nobody else" in made.text
    assert re.search(r"/line/[A-Za-z0-9_.-]{40,}", made.text)
    viewer = signed_in("viewer")
    assert "line-link" not in viewer.get("/customers/hilton-pattaya").text
    assert viewer.post(actions[0]).status_code == 403
