"""Answers a model could give, in the form it is asked for."""

import json
from typing import Any

from tests.support.model_server import Asked


def reading(asked: Asked, **said: Any) -> str:
    """Return an answer to an interpret question: what is not said is empty.

    `include` and `exclude` hold labels by attribute.
    """
    schema = asked.body["response_format"]["json_schema"]["schema"]
    attributes = schema["$defs"]["Rules"]["properties"]
    sides = {
        side: {name: said.get(side, {}).get(name, []) for name in attributes}
        for side in ("include", "exclude")
    }
    empty: dict[str, Any] = {
        "type": None,
        "everyone": False,
        "channels": [],
        "occasion": None,
        "language": None,
        "tone": None,
        "explained": [],
        "not_understood": [],
    }
    return json.dumps({**empty, **said, **sides})


def offered(asked: Asked, attribute: str) -> list[str]:
    """Return the labels a model may choose for an attribute."""
    schema = asked.body["response_format"]["json_schema"]["schema"]
    items = schema["$defs"]["Rules"]["properties"][attribute]["items"]
    return list(items.get("enum", [items.get("const")]))


def reply(*intents: tuple[str, str], sure: bool = True, **said: str) -> str:
    """Return an answer to a read question: intents with their evidence."""
    found = [{"intent": intent, "evidence": words} for intent, words in intents]
    return json.dumps(
        {"intents": found, "sentiment": "neutral", "language": "en", "sure": sure, **said}
    )
