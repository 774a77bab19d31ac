"""Looking after the customer book in the console: problems, safe repairs, merging, undo."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.web.houses import PASSWORD, chosen, email_of, notice_after, populate, text_of

from campaigns.app import create_app
from campaigns.bootstrap import opened

BOOK = """# Book

## Venue Information

### Quiet Palms Pattaya
- **Business Type**: Hotel
- **Zone Count**: 2
- **Zone Names**: Lobby, Pool
- **City**: Pattaya
- **Contract End**: 2025-12-01

#### Contacts
- **General Manager**: Anna Example
  - Email: anna@quietpalms.example

---

### Quiet Palmz Pattaya
- **Business Type**: Hotel
- **Zone Count**: 3
- **City**: Pattaya

#### Contacts
- **General Manager**: Anna Example
  - Email: anna@quietpalms.example
  - Phone: +66 81 555 0101
"""


@pytest.fixture
def at(tmp_path: Path) -> Path:
    file = tmp_path / "venue_data.md"
    file.write_text(BOOK, encoding="utf-8")
    return file


@pytest.fixture
def manager(at: Path) -> Iterator[TestClient]:
    with opened(chosen(at.parent), in_memory=True) as services:
        populate(services)
        client = TestClient(create_app(services), follow_redirects=False)
        client.post("/login", data={"email": email_of("manager"), "password": PASSWORD})
        yield client


ONE, TWO = "quiet-palms-pattaya", "quiet-palmz-pattaya"


def test_a_merge_shows_every_line_first_and_can_be_undone(manager: TestClient, at: Path) -> None:
    before = at.read_bytes()
    link = f"/customers/{ONE}/merge/{TWO}"
    assert link in manager.get(f"/customers/{ONE}").text
    preview = manager.get(link)
    assert preview.status_code == 200
    assert "Zone Count 2 3" in text_of(preview.text)
    assert "not shown to your account" in text_of(preview.text)
    assert "<ins>" not in preview.text
    admin = TestClient(manager.app, follow_redirects=False)
    admin.post("/login", data={"email": email_of("admin"), "password": PASSWORD})
    assert "<ins>+   - Phone: +66 81 555 0101</ins>" in admin.get(link).text
    assert at.read_bytes() == before
    digest = re.findall(r'name="digest" value="(\w+)"', preview.text)[0]
    form = {"digest": digest, "contradicting": "true"}
    assert manager.post(link, data=form).headers["location"] == f"/customers/{ONE}"
    assert b"### Quiet Palmz Pattaya" not in at.read_bytes()
    page = manager.get("/customers/book").text
    assert "Merged two customers" in text_of(page)
    change = re.findall(r'name="change" value="(\w+)"', page)[0]
    manager.post("/customers/book/undo", data={"change": change})
    assert at.read_bytes() == before
    assert "Took a change of the book back" in text_of(manager.get("/customers/book").text)


def test_a_merge_of_a_book_that_changed_meanwhile_is_refused(manager: TestClient, at: Path) -> None:
    link = f"/customers/{ONE}/merge/{TWO}"
    digest = re.findall(r'name="digest" value="(\w+)"', manager.get(link).text)[0]
    at.write_text(BOOK.replace("2025-12-01", "2025-12-31"), encoding="utf-8")
    form = {"digest": digest, "contradicting": "true"}
    answer = manager.post(link, data=form)
    assert answer.headers["location"] == link
    assert notice_after(manager, link)
    assert "Quiet Palmz Pattaya" in at.read_text(encoding="utf-8")


def test_safe_problems_are_put_right_at_once_and_undone(manager: TestClient, at: Path) -> None:
    messy = BOOK.replace(
        "- **City**: Pattaya\n- **Contract", "- **City**:  Pattaya  \n- **Contract"
    )
    messy = messy.replace("2025-12-01", "1/12/2025")
    at.write_text(messy, encoding="utf-8")
    page = manager.get("/customers/book").text
    assert "What is wrong with it" in text_of(page)
    answer = manager.post("/customers/book/tidy")
    told = notice_after(manager, answer.headers["location"])
    assert "put right" in told
    if "nothing" not in told:
        manager.post("/customers/book/undo", data={})
        assert at.read_text(encoding="utf-8") == messy


def test_a_change_is_taken_back_once(manager: TestClient) -> None:
    manager.post(f"/customers/{ONE}/set", data={"field": "City", "value": "Rayong"})
    change = re.findall(r'name="change" value="(\w+)"', manager.get("/customers/book").text)[0]
    manager.post("/customers/book/undo", data={"change": change})
    again = manager.post("/customers/book/undo", data={"change": change})
    assert "can be taken back" in notice_after(manager, again.headers["location"])


def test_viewers_see_the_problems_and_change_nothing(manager: TestClient) -> None:
    viewer = TestClient(manager.app, follow_redirects=False)
    viewer.post("/login", data={"email": email_of("viewer"), "password": PASSWORD})
    assert viewer.get("/customers/book").status_code == 200
    assert viewer.post("/customers/book/tidy").status_code == 403
    assert viewer.get(f"/customers/{ONE}/merge/{TWO}").status_code == 403
    assert viewer.post(f"/customers/{ONE}/merge/{TWO}").status_code == 403
