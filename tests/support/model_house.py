"""A house with a model behind it, over a book that needs several texts."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient
from tests.ai.openai.answers import reading
from tests.support.model_server import KEY, Asked, Model, parrot

from campaigns import settings
from campaigns.app import create_app
from campaigns.bootstrap import Services, opened
from campaigns.model.access import SYSTEM, Scope

ADMIN = "an-admin-key-for-tests"
REQUEST = "Survey to all customers by email and whatsapp"
CUSTOMERS = 20
TEXTS = 8
TYPES = ("Hotel", "Bar")
NAMES = ("Anna Example", "สมชาย ใจดี")


def book(path: Path) -> Path:
    """Write a book whose customers need eight texts: two tones, two languages, two channels."""
    entries = "\n---\n\n".join(
        f"### Riverside House {n:02d}\n- **Business Type**: {TYPES[n // 2 % 2]}\n"
        "- **Zone Count**: 2\n- **Zone Names**: Lobby, Pool\n- **Country**: Thailand\n\n"
        f"#### Contacts\n- **General Manager**: {NAMES[n % 2]}\n"
        f"  - Email: gm{n:02d}@riverside.example\n  - Phone: +66 81 555 01{n:02d}\n"
        for n in range(CUSTOMERS)
    )
    path.write_text(f"# Book\n\n## Venue Information\n\n{entries}", encoding="utf-8")
    return path


def survey(asked: Asked) -> str:
    """Answer as a model that reads `REQUEST` right and writes what the house writes."""
    if asked.job == "interpret":
        return reading(asked, type="survey", everyone=True, channels=["email", "whatsapp"])
    return parrot(asked)


@contextmanager
def model_house(
    folder: Path, model: Model, **changed: Any
) -> Iterator[tuple[Services, TestClient]]:
    """Open a house that asks `model`, with a client that carries an admin key."""
    chosen = settings.read(
        **{
            "campaigns_book": book(folder / "book.md"),
            "campaigns_data": folder / "data",
            "campaigns_today": "2025-09-15",
            "campaigns_simulate": "all",
            "campaigns_public_url": "http://127.0.0.1:8000",
            "openai_api_key": KEY,
            "openai_base_url": model.url,
            **changed,
        }
    )
    with ExitStack() as stack:
        services = stack.enter_context(opened(chosen))
        services.access.create_key("admin", frozenset({Scope.ADMIN}), SYSTEM, secret=ADMIN)
        headers = {"Authorization": f"Bearer {ADMIN}"}
        yield services, stack.enter_context(TestClient(create_app(services), headers=headers))


def messages_of(client: TestClient, campaign_id: str) -> list[dict[str, Any]]:
    """Return every message of a campaign."""
    answer = client.get(f"/api/campaigns/{campaign_id}/messages", params={"limit": 500})
    found: list[dict[str, Any]] = answer.json()["messages"]
    return found
