"""Customers written to in a language of their own: told by the book, allowed by the house."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.ai.openai.answers import reading
from tests.support.model_house import messages_of, model_house
from tests.support.model_server import Asked, Fault, Model, model_server, parrot
from tests.support.tongues import in_german

from campaigns import settings
from campaigns.model.errors import SettingInvalid

REQUEST = "Survey to all customers by email and whatsapp"
GERMANS = 3


def speak(asked: Asked) -> str:
    if asked.job == "interpret":
        return reading(asked, type="survey", everyone=True, channels=["email", "whatsapp"])
    if asked.job == "compose" and "Write German" in asked.instructions:
        return in_german(asked)
    return parrot(asked)


def book(path: Path, language: str = "German") -> None:
    """Write a book of four customers, three of whom read another language."""
    tongues = (language,) * GERMANS + ("English",)
    entries = "\n---\n\n".join(
        f"### Riverside House {n:02d}\n- **Business Type**: Hotel\n- **Zone Count**: 2\n"
        f"- **Zone Names**: Lobby, Pool\n- **Country**: Germany\n- **Language**: {tongue}\n\n"
        f"#### Contacts\n- **General Manager**: Anna Example\n"
        f"  - Email: gm{n:02d}@riverside.example\n  - Phone: +49 151 2345 67{n:02d}\n"
        for n, tongue in enumerate(tongues)
    )
    path.write_text(f"# Book\n\n## Venue Information\n\n{entries}", encoding="utf-8")


@pytest.fixture(scope="module")
def served() -> Iterator[Model]:
    with model_server(speak) as server:
        yield server


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, served: Model) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("house")
    book(folder / "own.md")
    chosen = {"campaigns_languages": "de,ja", "campaigns_book": folder / "own.md"}
    with model_house(folder, served, **chosen) as (_, opened):
        yield opened


def created(client: TestClient) -> tuple[str, list[dict[str, Any]]]:
    made = client.post("/api/campaigns/create", json={"human_request": REQUEST}).json()
    return made["campaign_id"], messages_of(client, made["campaign_id"])


def test_each_text_is_looked_at_once_before_it_goes_on(client: TestClient) -> None:
    campaign_id, messages = created(client)
    german = [m for m in messages if m["language"] == "de"]
    assert len(german) == 2 * GERMANS
    for m in german:
        assert (m["status"], m["review"], m["writer"]) == (
            "verified",
            "language",
            "openai:gpt-4o",
        ), m
        assert "Guten Tag Anna," in m["text"]
    assert not any(m["review"] for m in messages if m["language"] == "en")
    at = f"/api/campaigns/{campaign_id}"
    assert "must be looked at" in client.post(f"{at}/submit").json()["detail"]

    by_channel = {m["channel"]: m for m in german}
    client.post(f"{at}/messages/{by_channel['email']['message_id']}/review")
    seen = {m["message_id"] for m in messages_of(client, campaign_id) if m["reviewed_by"]}
    assert seen == {m["message_id"] for m in german if m["channel"] == "email"}
    assert client.post(f"{at}/submit").status_code == 409
    client.post(f"{at}/messages/{by_channel['whatsapp']['message_id']}/review")
    assert client.post(f"{at}/submit").status_code == 200


def test_whatsapp_carries_it_as_a_template_in_that_language(client: TestClient) -> None:
    _, messages = created(client)
    languages = {m["template"]["language"] for m in messages if m["template"]}
    assert languages == {"de", "en"}


def test_an_edit_keeps_to_the_facts_and_asks_for_a_look_of_its_own(client: TestClient) -> None:
    campaign_id, messages = created(client)
    first, *others = [m for m in messages if (m["language"], m["channel"]) == ("de", "email")]
    at = f"/api/campaigns/{campaign_id}/messages"
    wrong = client.patch(
        f"{at}/{first['message_id']}", json={"text": first["text"] + "\n\nDas kostet 9 Euro."}
    ).json()
    assert wrong["status"] == "blocked"
    cut = client.patch(
        f"{at}/{first['message_id']}",
        json={"text": first["text"].replace(first["customer"], "Ihr Haus")},
    ).json()
    assert cut["status"] == "blocked"
    fine = client.patch(
        f"{at}/{first['message_id']}",
        json={"text": first["text"].replace("Guten Tag", "Liebe Grüße")},
    ).json()
    assert (fine["status"], fine["review"], fine["reviewed_by"]) == ("verified", "language", None)
    client.post(f"{at}/{others[0]['message_id']}/review")
    again = {m["message_id"]: m["reviewed_by"] for m in messages_of(client, campaign_id)}
    assert again[first["message_id"]] is None
    assert again[others[1]["message_id"]] == "admin"


def test_a_language_that_the_house_does_not_list_is_written_to_in_its_own(
    tmp_path: Path, served: Model
) -> None:
    book(tmp_path / "own.md")
    with model_house(tmp_path, served, campaigns_book=tmp_path / "own.md") as (_, client):
        _, messages = created(client)
        assert {m["language"] for m in messages} == {"en"}


def test_when_the_model_fails_the_houses_language_stands_in_and_says_why(
    tmp_path: Path, served: Model
) -> None:
    book(tmp_path / "own.md")
    chosen = {"campaigns_languages": "de", "campaigns_book": tmp_path / "own.md"}
    with model_house(tmp_path, served, **chosen) as (_, client):
        served.forever = Fault.BROKEN
        try:
            _, messages = created(client)
        finally:
            served.forever = None
    assert {(m["language"], m["review"]) for m in messages} == {("en", None)}
    assert all(m["fallback"] for m in messages)


def test_a_listed_language_without_a_model_is_labelled(tmp_path: Path, served: Model) -> None:
    book(tmp_path / "own.md")
    chosen = {
        "campaigns_languages": "de",
        "campaigns_book": tmp_path / "own.md",
        "openai_api_key": None,
        "openai_base_url": None,
    }
    with model_house(tmp_path, served, **chosen) as (services, client):
        assert services.minds.engine is None
        _, messages = created(client)
    told = {m["fallback"] for m in messages}
    assert told == {None, "no model is configured to write in German"}


def test_an_email_says_its_language_and_direction(client: TestClient) -> None:
    _, messages = created(client)
    mail = next(m for m in messages if (m["language"], m["channel"]) == ("de", "email"))
    assert '<html lang="de" dir="ltr">' in mail["html"]
    assert "Abmelden" in mail["html"]


def test_a_language_nobody_knows_stops_the_start() -> None:
    with pytest.raises(SettingInvalid, match=r"CAMPAIGNS_LANGUAGES: 'german'"):
        settings.read(campaigns_languages="german")
