"""Who may work on a database: nobody with another signing key, nobody on one copied away."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.server import book_of
from typer.testing import CliRunner

from campaigns import settings
from campaigns.bootstrap import opened
from campaigns.channels.email.unsubscribe import Links
from campaigns.cli import app
from campaigns.model.errors import DatabaseRefused
from campaigns.model.ids import MessageId

ADDRESS = "gm@riverside.example"
MESSAGE = MessageId("m_1")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return book_of(1, tmp_path / "book.md")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CAMPAIGNS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("CAMPAIGNS_BOOK", str(tmp_path / "book.md"))
    return iter(())


def open_with(book: Path, **keys: str) -> list[str]:
    """Open the house with these keys; return what the audit trail says about keys."""
    given: dict[str, Any] = {f"campaigns_{name}": key for name, key in keys.items()}
    with opened(settings.read(**given)) as services, services.store.read() as tx:
        return [e.action for e in tx.audit.from_start() if e.action.startswith("key.")]


def run(*words: str, **environment: str) -> str:
    return CliRunner().invoke(app, list(words), env=environment).output


def test_the_first_key_is_the_databases_own_and_another_is_refused(book: Path) -> None:
    open_with(book, secret_key="one")
    open_with(book, secret_key="one")
    with pytest.raises(DatabaseRefused, match="CAMPAIGNS_SECRET_KEY_BEFORE"):
        open_with(book, secret_key="two")


def test_a_machine_without_the_setting_is_refused_beside_one_with_it(book: Path) -> None:
    open_with(book, secret_key="one")
    with pytest.raises(DatabaseRefused, match=r"secret\.key"):
        open_with(book)


def test_a_new_key_comes_with_the_former_one_and_the_former_alone_is_refused_then(
    book: Path,
) -> None:
    open_with(book, secret_key="one")
    assert open_with(book, secret_key="two", secret_key_before="zero, one") == ["key.changed"]
    assert open_with(book, secret_key="two") == ["key.changed"]
    with pytest.raises(DatabaseRefused):
        open_with(book, secret_key="one")


def test_links_signed_with_a_former_key_stay_good() -> None:
    earlier = Links("one", "https://campaigns.example").url(MESSAGE, ADDRESS).rpartition("/")[2]
    assert Links("two", "https://campaigns.example", ["one"]).is_genuine(earlier, ADDRESS)
    assert not Links("two", "https://campaigns.example").is_genuine(earlier, ADDRESS)


def test_when_the_key_is_lost_another_can_be_adopted(book: Path) -> None:
    open_with(book, secret_key="one")
    assert "is the database's own now" in run("db", "rekey", CAMPAIGNS_SECRET_KEY="two")
    assert open_with(book, secret_key="two") == ["key.adopted"]


def test_a_copy_needs_a_database_to_copy_to(book: Path) -> None:
    assert "CAMPAIGNS_DATABASE_URL names no database" in run("db", "copy")


def test_only_a_database_that_was_copied_away_can_be_reinstated(book: Path) -> None:
    open_with(book)
    assert "was not copied away" in run("db", "reinstate")
