"""LINE's own OpenAPI documents as a strict judge of what goes over the wire.

The documents describe kinds of messages and events by discriminators, which JSON Schema does not
know: a validator that ignores them takes a text message without a text. Here each becomes a
choice of its concrete kinds, and properties nobody described are refused.
"""

import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

FOLDER = Path(
    os.environ.get("CAMPAIGNS_EVAL_DATA") or Path(__file__).parents[3].parent / "shared" / "data"
)
API, HOOKS = FOLDER / "line-messaging-api.yml", FOLDER / "line-webhook.yml"
ABSENT = f"LINE's OpenAPI documents are not at {FOLDER}"

# (method, path) -> schema of the request's body and of a good answer's
ENDPOINTS: Mapping[tuple[str, str], tuple[str | None, str | None]] = {
    ("POST", "/v2/bot/message/push"): ("PushMessageRequest", "PushMessageResponse"),
    ("POST", "/v2/bot/message/multicast"): ("MulticastRequest", None),
    ("POST", "/v2/bot/message/validate/push"): ("ValidateMessageRequest", None),
    ("GET", "/v2/bot/message/quota"): (None, "MessageQuotaResponse"),
    ("GET", "/v2/bot/message/quota/consumption"): (None, "QuotaConsumptionResponse"),
    ("GET", "/v2/bot/info"): (None, "BotInfoResponse"),
    ("GET", "/v2/bot/profile"): (None, "UserProfileResponse"),
}
NUMBERS = {"int32", "int64", "float", "double"}


def present() -> bool:
    """Whether the documents are there."""
    return API.is_file() and HOOKS.is_file()


@cache
def validator(name: str, document: Path = API) -> jsonschema_rs.Validator:
    """Return a strict validator of one of a document's schemas."""
    return jsonschema_rs.validator_for(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$ref": f"#/$defs/{name}",
            "$defs": definitions(document),
        }
    )


@cache
def definitions(document: Path) -> dict[str, Any]:
    """Return every schema of a document, strict, and its plain form for others to build on."""
    schemas = yaml.safe_load(document.read_text(encoding="utf-8"))["components"]["schemas"]
    made: dict[str, Any] = {}
    for name, schema in schemas.items():
        plain = {key: value for key, value in schema.items() if key != "discriminator"}
        made[f"{name}__plain"] = _rewritten(plain)
        made[name] = (
            _kinds(schema) if "discriminator" in schema else _strict(made[f"{name}__plain"])
        )
    return made


def _kinds(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a choice of a base schema's concrete kinds."""
    field, mapping = schema["discriminator"]["propertyName"], schema["discriminator"]["mapping"]
    return {
        "type": "object",
        "required": [field],
        "properties": {field: {"enum": list(mapping)}},
        "allOf": [
            {
                "if": {"properties": {field: {"const": kind}}, "required": [field]},
                "then": {"$ref": f"#/$defs/{target.rpartition('/')[2]}"},
            }
            for kind, target in mapping.items()
        ],
    }


def _strict(schema: dict[str, Any]) -> dict[str, Any]:
    closed = "properties" in schema or "allOf" in schema
    return schema | {"unevaluatedProperties": False} if closed else schema


def _rewritten(node: Any, *, part: bool = False) -> Any:
    """Return a schema in JSON Schema's terms; a `part` of an allOf is joined, not closed."""
    if isinstance(node, list):
        return [_rewritten(item, part=part) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        target = node["$ref"].rpartition("/")[2]
        return {"$ref": f"#/$defs/{target}__plain" if part else f"#/$defs/{target}"}
    made = {
        key: _rewritten(value, part=key == "allOf")
        for key, value in node.items()
        if key not in ("discriminator", "externalDocs", "example", "nullable")
        and not (key == "format" and value in NUMBERS)
    }
    if node.get("nullable") and "type" in made:
        made["type"] = [made["type"], "null"]
    return made


class Recorder:
    """ASGI around a simulator that keeps what went over the wire."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.seen: list[tuple[str, str, bytes, int, bytes]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        asked, answered, status = bytearray(), bytearray(), 0

        async def listening() -> Any:
            message = await receive()
            asked.extend(message.get("body", b""))
            return message

        async def speaking(message: Any) -> None:
            nonlocal status
            status = message.get("status", status)
            answered.extend(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, listening, speaking)
        finally:
            self.seen.append(
                (scope["method"], scope["path"], bytes(asked), status, bytes(answered))
            )

    def faults(self) -> list[str]:
        """Return everything that LINE's documents do not allow."""
        found = []
        for method, path, asked, status, answered in self.seen:
            place = "/v2/bot/profile" if path.startswith("/v2/bot/profile/") else path
            request, good = ENDPOINTS[method, place]
            if request is not None and status != 400:  # what is refused need not be right
                found += _faults(request, asked, f"{method} {path}")
            kind = good if status == 200 else "ErrorResponse"
            if kind is not None and status and answered.startswith(b"{"):
                found += _faults(kind, answered, f"{method} {path} -> {status}")
        return found


def _faults(name: str, raw: bytes, where: str) -> list[str]:
    return [f"{where}: {e.message}" for e in validator(name).iter_errors(json.loads(raw))]
