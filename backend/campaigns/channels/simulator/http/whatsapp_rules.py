"""What Meta's Cloud API takes and how it refuses, as its documentation says.

Stricter than Meta where leniency would hide a mistake of ours: unknown properties are refused.
Source: Cloud API reference "Messages", "Error codes"; "Template components", read 2026-11-23.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import JSONResponse

_SPOILT = re.compile(r"[\n\r\t]| {5,}")
_VARIABLE = re.compile(r"\{\{([a-z0-9_]+)\}\}")
MOST_HYDRATED = 1024


class Strict(BaseModel):
    """A body part in which every property is known."""

    model_config = ConfigDict(extra="forbid", strict=True)


class TextParameter(Strict):
    """A value of a template."""

    type: Literal["text"]
    parameter_name: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")] | None = None
    text: str


class PayloadParameter(Strict):
    """What a quick reply comes back with."""

    type: Literal["payload"]
    payload: Annotated[str, Field(min_length=1, max_length=128)]


class BodyComponent(Strict):
    """The values of a template's body."""

    type: Literal["body"]
    parameters: Annotated[list[TextParameter], Field(min_length=1)]


class ButtonComponent(Strict):
    """The payload of one of a template's quick replies."""

    type: Literal["button"]
    sub_type: Literal["quick_reply"]
    index: Annotated[str, Field(pattern=r"^[0-9]$")]
    parameters: Annotated[list[PayloadParameter], Field(min_length=1, max_length=1)]


class Language(Strict):
    """A template's language."""

    code: Annotated[str, Field(pattern=r"^[a-z]{2,3}(_[A-Z]{2})?$")]


class TemplateBody(Strict):
    """Which template, with what in it."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,512}$")]
    language: Language
    components: list[Annotated[BodyComponent | ButtonComponent, Field(discriminator="type")]] = []


class TextBody(Strict):
    """Free words."""

    body: Annotated[str, Field(min_length=1, max_length=4096)]
    preview_url: bool = False


class SendBody(Strict):
    """POST /{phone number id}/messages."""

    messaging_product: Literal["whatsapp"]
    recipient_type: Literal["individual"] = "individual"
    to: Annotated[str, Field(pattern=r"^\+?[0-9]{5,15}$")] | None = None
    recipient: str | None = None
    type: Literal["template", "text"]
    biz_opaque_callback_data: Annotated[str, Field(max_length=512)] | None = None
    template: TemplateBody | None = None
    text: TextBody | None = None


@dataclass(slots=True, kw_only=True)
class Registered:
    """A template as the account has it."""

    id: str
    name: str
    language: str
    category: str
    body: str
    buttons: tuple[str, ...]
    status: str = "APPROVED"
    quality: str = "UNKNOWN"
    rejected_reason: str = "NONE"

    @property
    def listed(self) -> dict[str, Any]:
        """How the account's list shows it."""
        components: list[dict[str, Any]] = [{"type": "BODY", "text": self.body}]
        if self.buttons:
            buttons = [{"type": "QUICK_REPLY", "text": label} for label in self.buttons]
            components.append({"type": "BUTTONS", "buttons": buttons})
        return {
            "id": self.id,
            "name": self.name,
            "language": self.language,
            "status": self.status,
            "category": self.category,
            "quality_score": {"score": self.quality},
            "rejected_reason": self.rejected_reason,
            "components": components,
        }


class Refusal(Exception):
    """Meta's no: an HTTP status and an error code."""

    def __init__(
        self, status: int, code: int, details: str, *, is_transient: bool | None = None
    ) -> None:
        super().__init__(details)
        self.status = status
        self.code = code
        self.details = details
        self.is_transient = is_transient

    @property
    def response(self) -> JSONResponse:
        """The answer in Meta's form."""
        error: dict[str, Any] = {
            "message": f"(#{self.code}) {self.details}",
            "type": "OAuthException",
            "code": self.code,
            "error_data": {"messaging_product": "whatsapp", "details": self.details},
            "fbtrace_id": "AsImUlAtEd0000000000000",
        }
        if self.is_transient is not None:
            error["is_transient"] = self.is_transient
        return JSONResponse({"error": error}, self.status)


def send_body(raw: bytes) -> SendBody:
    """Read a send's body; raise `Refusal` as Meta would."""
    try:
        body = SendBody.model_validate_json(raw)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Refusal(400, 100, f"Invalid parameter: {place}: {first['msg']}") from error
    if (body.type == "template") != (body.template is not None) or (body.type == "text") != (
        body.text is not None
    ):
        raise Refusal(400, 131008, f"Required parameter is missing: {body.type}")
    if body.to is None and body.recipient is None:
        raise Refusal(400, 131008, "Required parameter is missing: to")
    return body


def check_template(asked: TemplateBody, known: Registered | None) -> Registered:
    """Return the template when it exists, is approved and fits what is put in it, else `Refusal`."""
    if known is None or known.status in ("PENDING", "REJECTED", "DELETED", "IN_APPEAL"):
        raise Refusal(
            404, 132001, f"template name ({asked.name}) does not exist in {asked.language.code}"
        )
    if known.status == "PAUSED":
        raise Refusal(400, 132015, "Template is paused due to low quality")
    if known.status == "DISABLED":
        raise Refusal(400, 132016, "Template is disabled")
    bodies = [c for c in asked.components if isinstance(c, BodyComponent)]
    values = [p for c in bodies for p in c.parameters]
    _check_values(values, known)
    buttons = [int(c.index) for c in asked.components if isinstance(c, ButtonComponent)]
    if len(set(buttons)) < len(buttons) or any(i >= len(known.buttons) for i in buttons):
        raise Refusal(400, 132018, "There was an issue with the parameters in your template")
    return known


def _check_values(values: Iterable[TextParameter], known: Registered) -> None:
    wanted = list(dict.fromkeys(_VARIABLE.findall(known.body)))
    given = {p.parameter_name: p.text for p in values}
    if None in given and wanted:
        raise Refusal(400, 100, "Parameter name is missing or empty")
    if len(given) != len(wanted):
        raise Refusal(
            400,
            132000,
            f"body: number of localizable_params ({len(given)}) does not match the expected "
            f"number of params ({len(wanted)})",
        )
    if set(given) != set(wanted):
        raise Refusal(400, 100, "Parameter name does not match the template's")
    for name, text in given.items():
        if not text:
            raise Refusal(400, 131008, f"Required parameter is missing: {name}")
        if _SPOILT.search(text):
            raise Refusal(
                400,
                132012,
                "Param text cannot have new-line/tab characters or more than 4 consecutive spaces",
            )
    if len(hydrated(known.body, given)) > MOST_HYDRATED:
        raise Refusal(400, 132005, "Translated text too long")


def hydrated(body: str, values: Mapping[Any, str]) -> str:
    """Return a template's body as the recipient reads it."""
    return _VARIABLE.sub(lambda m: values[m[1]], body)


class NamedExample(Strict):
    """A value for the reviewers."""

    param_name: str
    example: Annotated[str, Field(min_length=1)]


class NamedExamples(Strict):
    """The values of a body for the reviewers."""

    body_text_named_params: list[NamedExample]


class NewBody(Strict):
    """A new template's text."""

    type: Literal["BODY"]
    text: Annotated[str, Field(min_length=1, max_length=1024)]
    example: NamedExamples | None = None


class NewButton(Strict):
    """A new template's quick reply."""

    type: Literal["QUICK_REPLY"]
    text: Annotated[str, Field(min_length=1, max_length=25)]


class NewButtons(Strict):
    """A new template's quick replies."""

    type: Literal["BUTTONS"]
    buttons: Annotated[list[NewButton], Field(min_length=1, max_length=10)]


class NewTemplate(Strict):
    """POST /{business account id}/message_templates."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,512}$")]
    category: Literal["MARKETING", "UTILITY", "AUTHENTICATION"]
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(_[A-Z]{2})?$")]
    parameter_format: Literal["NAMED", "POSITIONAL"] = "POSITIONAL"
    components: list[Annotated[NewBody | NewButtons, Field(discriminator="type")]]


def new_template(raw: bytes) -> tuple[NewTemplate, str, tuple[str, ...]]:
    """Read a new template, its text and its labels; raise `Refusal` as Meta would."""
    try:
        made = NewTemplate.model_validate_json(raw)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Refusal(400, 100, f"Invalid parameter: {place}: {first['msg']}") from error
    bodies = [c for c in made.components if isinstance(c, NewBody)]
    if len(bodies) != 1:
        raise Refusal(400, 100, "A template has one body")
    text = bodies[0].text
    _check_new_variables(text, bodies[0].example, named=made.parameter_format == "NAMED")
    labels = [b.text for c in made.components if isinstance(c, NewButtons) for b in c.buttons]
    return made, text, tuple(labels)


def _check_new_variables(text: str, example: NamedExamples | None, *, named: bool) -> None:
    wanted = set(_VARIABLE.findall(text))
    given = {e.param_name for e in example.body_text_named_params} if example else set()
    if wanted and not named:
        raise Refusal(400, 100, "Named variables need parameter_format NAMED")
    if re.match(r"\s*\{\{", text) or re.search(r"\}\}\s*\Z", text):
        raise Refusal(400, 100, "Variables can't be at the start or end of the template (2388299)")
    if wanted != given:
        raise Refusal(400, 100, "Examples are missing for variables of the body")
