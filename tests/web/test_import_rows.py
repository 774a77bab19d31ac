"""Rows of other files come into the book by way of a person who looks and decides."""

import itertools
import re
from collections.abc import Callable, Iterator
from html import unescape

import pytest
from starlette.testclient import TestClient

from campaigns.api.guard import MAX_BODY, MAX_UPLOAD
from campaigns.bootstrap import Services
from campaigns.model.ids import CustomerId
from campaigns.web.screens.rows import SHOWN

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
    nobody = signed_in("stranger").post("/customers/import/rows", files=sent)
    assert (nobody.status_code, nobody.headers["location"]) == (303, "/login")


@pytest.mark.parametrize("role", ["viewer", "stranger"])
def test_nothing_is_read_from_who_may_not_import(signed_in: SignIn, role: str) -> None:
    read: list[int] = []

    def pieces() -> Iterator[bytes]:
        for number in range(100):
            read.append(number)
            yield b"x" * 100_000

    client = signed_in(role)
    kind = {"content-type": "multipart/form-data; boundary=x"}
    client.post("/customers/import/rows", content=pieces(), headers=kind)
    # Starlette's test client takes one piece before the application asks for any.
    assert len(read) <= 1


def test_a_table_of_many_megabytes_is_looked_at(house: Services, signed_in: SignIn) -> None:
    filling = "".join(f"Heron Ferry Rooms {n:05},{'w' * 400}\n" for n in range(7_000))
    rows = f"Hotel,Remark\nHilton Osaka Garden,tall\n{filling}"
    assert len(rows) > 2 * MAX_BODY
    page = looked_at(signed_in("admin"), ("large.csv", rows))
    # Not every one of 7,000 names nobody has is shown to be decided about.
    assert page.count('<option value="+">') == SHOWN
    assert f"and {7_000 - SHOWN} more" in page


@pytest.mark.parametrize("path", ["/customers/import", "/customers/import/rows"])
@pytest.mark.parametrize("declared", [True, False])
def test_more_than_an_import_may_have_is_refused_in_words(
    signed_in: SignIn, path: str, declared: bool
) -> None:
    most = f"{MAX_UPLOAD // 1_000_000} MB"
    client = signed_in("admin")
    assert most in client.get("/customers/import").text
    kind = {"content-type": "multipart/form-data; boundary=x"}
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    if declared:
        kind["content-length"] = str(MAX_UPLOAD + 1)
        answer = client.post(path, content=head, headers=kind)
    else:
        pieces = itertools.chain([head], itertools.repeat(b"x" * 1_000_000, 51))
        answer = client.post(path, content=pieces, headers=kind)
    assert answer.status_code == 413
    assert f"more than {most}" in unescape(answer.text)
    assert "data-error" in answer.text


def test_what_columns_are_is_saved_chosen_and_removed(house: Services, signed_in: SignIn) -> None:
    admin = signed_in("admin")
    page = looked_at(admin, ("crm.csv", TABLE))
    form = {
        "token": hidden(page, "token"),
        "column": ["Hotel", "E-mail", "Title", "Wine List"],
        "field": ["name", "-", "person", "-"],
        "save_as": "crm-2",
    }
    admin.post("/customers/import/rows/decide", data=form)
    kept = {"Hotel": "name", "E-mail": "-", "Title": "person", "Wine List": "-"}
    assert house.imports.profiles.all() == {"crm-2": kept}
    assert "as saved: crm-2" in admin.get("/customers/import").text
    sent = [("files", ("next.csv", TABLE.replace(",Wine List", "").encode()))]
    again = admin.post("/customers/import/rows", files=sent, data={"profile": "crm-2"}).text
    # The column that was left out stays out, though its heading could be guessed.
    email, title = again.partition(">E-mail</label>")[2].split(">Title</label>")
    assert "selected" not in email  # the first, "left out", is what stands there
    assert '<option value="person" selected>' in title
    assert "aiko@hilton-osaka.example" not in again
    # The terminal's and the API's are the same ones.
    gone = admin.post("/customers/import/profiles/crm-2/remove")
    assert (gone.status_code, house.imports.profiles.all()) == (303, {})
    unknown = admin.post("/customers/import/profiles/crm-2/remove")
    assert unknown.headers["location"] == "/customers/import"
    assert "no import profile" in admin.get("/customers/import").text
    wrong = admin.post("/customers/import/rows/decide", data={**form, "save_as": "../x"})
    assert wrong.headers["location"] == "/customers/import"
    assert "no name for a profile" in unescape(admin.get("/customers/import").text)


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
