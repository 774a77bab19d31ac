"""Rows of other files come into the book by way of a person who looks and decides."""

import re
from collections.abc import Callable
from html import unescape

from starlette.testclient import TestClient

from campaigns.bootstrap import Services
from campaigns.model.ids import CustomerId

SignIn = Callable[[str], TestClient]
OSAKA = CustomerId("hilton-osaka-garden")
TABLE = (
    "Hotel,E-mail,Title,Wine List\n"
    "Hilton Osaka Garden,aiko@hilton-osaka.example,IT Manager,long\n"
    "Hilton Osaka Gardn,mori@hilton-osaka.example,Owner,long\n"
    "Ember Lantern Rooms,ada@ember-lantern.example,Owner,long\n"
)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return unescape(found[1])


def looked_at(admin: TestClient, *files: tuple[str, str]) -> str:
    sent = [("files", (name, text.encode())) for name, text in files]
    answer = admin.post("/customers/import/rows", files=sent)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_a_table_is_looked_at_decided_about_and_written(house: Services, signed_in: SignIn) -> None:
    admin = signed_in("admin")
    before = house.book.path.read_bytes()
    page = looked_at(admin, ("crm.csv", TABLE))
    assert "aiko@hilton-osaka.example" in page
    assert "is Hilton Osaka Garden" in page
    assert house.book.path.read_bytes() == before

    form = {
        "token": hidden(page, "token"),
        "based_on": hidden(page, "based_on"),
        "column": ["Hotel", "E-mail", "Title", "Wine List"],
        "field": ["name", "email", "role", "-"],
        "name": ["Hilton Osaka Gardn", "Ember Lantern Rooms"],
        "means": [OSAKA, "+"],
    }
    # Pressing "write" with decisions whose consequences nobody has seen shows them first.
    unseen = {**form, "seen": hidden(page, "seen"), "write": "true"}
    again = admin.post("/customers/import/rows/decide", data=unseen)
    assert "nothing is written yet" in again.text
    assert "mori@hilton-osaka.example" in again.text
    assert house.book.path.read_bytes() == before
    form["seen"] = hidden(again.text, "seen")
    done = admin.post("/customers/import/rows/decide", data={**form, "write": "true"})
    assert (done.status_code, done.headers["location"]) == (303, "/customers")
    addresses = {a.value for c in house.customers.get(OSAKA)[0].contacts for a in c.addresses}
    assert addresses >= {"aiko@hilton-osaka.example", "mori@hilton-osaka.example"}
    assert house.editing.find("Ember Lantern Rooms").kind.value == "customer"
    shown = admin.get(f"/customers/{OSAKA}").text
    assert "crm.csv, row 2" in shown
    gone = admin.post("/customers/import/rows/decide", data={**form, "write": "true"})
    assert gone.headers["location"] == "/customers/import"


def test_files_that_are_no_import_are_told_about(signed_in: SignIn) -> None:
    sent = [("files", ("a.md", b"no entry\n"))]
    answer = signed_in("admin").post("/customers/import/rows", files=sent)
    assert answer.headers["location"] == "/customers/import"
    assert "a.md: 0 entries" in signed_in("admin").get("/customers/import").text


def test_markdown_files_are_entries(signed_in: SignIn) -> None:
    page = looked_at(
        signed_in("admin"),
        ("one.md", "### Hilton Osaka Garden\n- **City**: Osaka\n"),
        ("two.md", "### Juniper Vale Rooms\n"),
    )
    assert "one.md" in page or "Osaka" in page
    assert "Juniper Vale Rooms" in page


def test_only_who_may_change_the_house_imports(signed_in: SignIn) -> None:
    sent = [("files", ("crm.csv", TABLE.encode()))]
    assert signed_in("viewer").post("/customers/import/rows", files=sent).status_code == 403


def test_one_form_brings_an_unreachable_hilton_into_an_audience(
    house: Services, signed_in: SignIn
) -> None:
    asked = "renewal reminders to all Hiltons"
    lonely = next(m for m in house.drafts.look(asked)[1].members if m.unreachable)
    manager = signed_in("manager")
    form = {
        "role": "General Manager",
        "name": "Aiko Mori",
        "email": "aiko.mori@lonely-hilton.example",
    }
    done = manager.post(f"/customers/{lonely.customer_id}/contacts", data=form)
    assert done.status_code == 303
    now = {m.customer_id: m for m in house.drafts.look(asked)[1].members}
    assert now[lonely.customer_id].unreachable is None
    wrong = manager.post(
        f"/customers/{lonely.customer_id}/contacts", data={"role": "Owner", "email": "nobody"}
    )
    assert wrong.headers["location"] == f"/customers/{lonely.customer_id}"
    shown = manager.get(f"/customers/{lonely.customer_id}").text
    assert "e-mail" in shown.partition('id="toasts"')[2][:300]
