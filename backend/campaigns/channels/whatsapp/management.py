"""The templates of our account, by Meta's management API.

Source: "Template management" of the WhatsApp Business Platform documentation, read 2026-11-23.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import httpx2
from pydantic import BaseModel, ValidationError

from campaigns.channels.whatsapp import rules
from campaigns.channels.whatsapp.errors import error_in
from campaigns.channels.whatsapp.payload import labels_for
from campaigns.channels.whatsapp.templates import category_of, language_of, status_of
from campaigns.model.errors import ProviderRefused
from campaigns.model.template import (
    TemplateCategory,
    TemplateNews,
    TemplateSpec,
    WantedTemplate,
)

FIELDS = "id,name,language,status,category,quality_score,rejected_reason,components"
PAGE = 200
MOST_PAGES = 50  # 6,000 templates is the most an account may have
TIMEOUT_S = 30.0
# The instant of an answer is the caller's to say.
_UNDATED = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Management:
    """Where the account's API is: `base_url` ends with the version, `transport` is for tests."""

    base_url: str
    token: str = field(repr=False)
    business_account_id: str
    transport: httpx2.BaseTransport | None = None


class _Button(BaseModel):
    type: str = ""
    text: str = ""


class _Component(BaseModel):
    type: str
    text: str = ""
    buttons: list[_Button] = []


class _Quality(BaseModel):
    score: str = ""


class _Listed(BaseModel):
    id: str = ""
    name: str
    language: str
    status: str
    category: str = ""
    quality_score: _Quality | None = None
    rejected_reason: str = ""
    components: list[_Component] = []

    @property
    def news(self) -> TemplateNews:
        """What this says about the template."""
        parts = {component.type.upper(): component for component in self.components}
        pressed = parts["BUTTONS"].buttons if "BUTTONS" in parts else []
        return TemplateNews(
            name=self.name,
            language=language_of(self.language),
            at=_UNDATED,
            status=status_of(self.status),
            category=category_of(self.category),
            quality=self.quality_score.score if self.quality_score else None,
            provider_id=self.id,
            reason="" if self.rejected_reason == "NONE" else self.rejected_reason,
            body=parts["BODY"].text if "BODY" in parts else "",
            buttons=tuple(b.text for b in pressed if b.type.upper() == "QUICK_REPLY"),
        )


class _Cursors(BaseModel):
    after: str = ""


class _Paging(BaseModel):
    cursors: _Cursors = _Cursors()
    next: str = ""


class _Page(BaseModel):
    data: list[_Listed]
    paging: _Paging = _Paging()


class _Created(BaseModel):
    id: str
    status: str
    category: str = ""


class GraphTemplates:
    """`model.ports.TemplateApi` over the Graph API."""

    def __init__(self, own: Management) -> None:
        self._own = own
        self._path = f"/{own.business_account_id}/message_templates"

    def spec(self, wanted: WantedTemplate) -> TemplateSpec:
        """Return a wanted template with category, buttons and invented examples."""
        invented = _table()["examples"]
        examples = invented.get(wanted.language, invented["en"])
        return TemplateSpec(
            name=wanted.name,
            language=wanted.language,
            category=TemplateCategory(_table()["category"].get(wanted.purpose, "marketing")),
            body=wanted.body,
            examples={name: examples.get(name, "") for name in rules.variables(wanted.body)},
            buttons=labels_for(wanted.purpose, wanted.language),
        )

    def faults(self, spec: TemplateSpec) -> Sequence[str]:
        """Return which of Meta's rules a template breaks."""
        return rules.faults(spec)

    def list(self) -> Sequence[TemplateNews]:
        """Ask for every template of the account, page by page."""
        return [listed.news for page in self._pages() for listed in page.data]

    def create(self, spec: TemplateSpec) -> TemplateNews:
        """Submit a new template for approval."""
        with self._client() as http:
            answer = self._asked(http, "POST", self._path, json=creation(spec))
        try:
            made = _Created.model_validate_json(answer.content)
        except ValidationError as error:
            raise _not_meta(answer) from error
        return TemplateNews(
            name=spec.name,
            language=spec.language,
            at=_UNDATED,
            status=status_of(made.status),
            category=category_of(made.category),
            provider_id=made.id,
            body=spec.body,
            buttons=spec.buttons,
        )

    def _pages(self) -> Iterator[_Page]:
        params = {"fields": FIELDS, "limit": str(PAGE)}
        with self._client() as http:
            for _ in range(MOST_PAGES):
                answer = self._asked(http, "GET", self._path, params=params)
                try:
                    page = _Page.model_validate_json(answer.content)
                except ValidationError as error:
                    raise _not_meta(answer) from error
                yield page
                if not page.paging.next or not page.paging.cursors.after:
                    return
                params["after"] = page.paging.cursors.after

    def _client(self) -> httpx2.Client:
        return httpx2.Client(
            base_url=self._own.base_url,
            headers={"Authorization": f"Bearer {self._own.token}"},
            timeout=TIMEOUT_S,
            transport=self._own.transport,
        )

    def _asked(
        self,
        http: httpx2.Client,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        json: Mapping[str, object] | None = None,
    ) -> httpx2.Response:
        try:
            answer = http.request(method, path, params=params, json=json)
        except httpx2.HTTPError as error:
            raise ProviderRefused(
                f"Meta's template API at {self._own.base_url} cannot be reached "
                f"({type(error).__name__}). Try again later; nothing was changed here."
            ) from error
        if answer.status_code == 200:
            return answer
        refusal = error_in(answer.content)
        if refusal is None:
            raise _not_meta(answer)
        raise ProviderRefused(f"Meta says: {refusal.words} (code {refusal.code}).")


def creation(spec: TemplateSpec) -> dict[str, object]:
    """Return the body that submits a template with named parameters."""
    body: dict[str, object] = {"type": "BODY", "text": spec.body}
    if spec.examples:
        named = [{"param_name": name, "example": value} for name, value in spec.examples.items()]
        body["example"] = {"body_text_named_params": named}
    components = [body]
    if spec.buttons:
        buttons = [{"type": "QUICK_REPLY", "text": label} for label in spec.buttons]
        components.append({"type": "BUTTONS", "buttons": buttons})
    return {
        "name": spec.name,
        "language": spec.language,
        "category": spec.category.value.upper(),
        "parameter_format": "NAMED",
        "components": components,
    }


def _not_meta(answer: httpx2.Response) -> ProviderRefused:
    return ProviderRefused(
        f"The template API answered HTTP {answer.status_code}, and not as Meta does: "
        "check CAMPAIGNS_WHATSAPP_URL and any proxy."
    )


@cache
def _table() -> Mapping[str, Any]:
    text = files("campaigns.channels.whatsapp").joinpath("templates.toml").read_text("utf-8")
    return tomllib.loads(text)
