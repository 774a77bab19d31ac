"""The ASGI application: the API and the pages behind one set of guards."""

from importlib.metadata import version

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from campaigns.api import campaigns, machine, problems, rest
from campaigns.api.guard import BodyLimit, KeyGuard
from campaigns.bootstrap import Services
from campaigns.web import pages

DESCRIPTION = """From a sentence to answered campaigns.

Every `/api` call needs a key: `Authorization: Bearer <key>` or `X-API-Key`. Errors are RFC 9457
problem details. Lists are cursor-paged. Writes accept `Idempotency-Key`.
"""


def create_app(services: Services) -> FastAPI:
    """Return the application over an opened house."""
    app = FastAPI(
        title="BMA Campaigns",
        version=version("bma-campaigns"),
        description=DESCRIPTION,
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
    )
    app.state.services = services
    app.include_router(campaigns.router)
    app.include_router(rest.router)
    app.include_router(machine.router)
    app.include_router(pages.router)
    problems.install(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(KeyGuard, authenticate=services.access.authenticate)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign] - FastAPI's own hook
    return app


def _openapi(app: FastAPI) -> dict[str, object]:
    """Return the OpenAPI document, made once: keys and problem details included."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        components = document.setdefault("components", {})
        components.setdefault("schemas", {})["Problem"] = problems.Problem.model_json_schema(
            ref_template="#/components/schemas/{model}"
        )
        fault = components["schemas"]["Problem"].pop("$defs", {})
        components["schemas"].update(fault)
        components["securitySchemes"] = {
            "bearer": {"type": "http", "scheme": "bearer"},
            "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
        }
        for path, operations in document["paths"].items():
            if path.startswith("/api"):
                for operation in operations.values():
                    operation["security"] = [{"bearer": []}, {"key": []}]
        app.openapi_schema = document
    return app.openapi_schema
