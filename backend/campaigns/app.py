"""The ASGI application: the API and the pages behind one set of guards."""

import sys
from contextlib import ExitStack
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from campaigns import logs, settings
from campaigns.api import (
    answering,
    automations,
    book,
    campaigns,
    composing,
    imports,
    individual,
    intelligence,
    linking,
    machine,
    problems,
    reach,
    rest,
    templates,
    variants,
    webhooks,
)
from campaigns.api.guard import BodyLimit, KeyGuard
from campaigns.bootstrap import Services, opened
from campaigns.model.errors import CampaignError
from campaigns.model.wording import plural
from campaigns.web import linking as line_pages
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
    app.include_router(variants.router)
    app.include_router(individual.router)
    app.include_router(composing.router)
    app.include_router(automations.router)
    app.include_router(intelligence.router)
    app.include_router(rest.router)
    app.include_router(answering.router)
    app.include_router(book.router)
    app.include_router(imports.router)
    app.include_router(reach.router)
    app.include_router(templates.router)
    app.include_router(linking.router)
    app.include_router(webhooks.router)
    app.include_router(machine.router)
    app.include_router(pages.router)
    app.include_router(line_pages.router)
    app.include_router(pages.console)
    problems.install(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(KeyGuard, authenticate=services.access.authenticate)
    # FastAPI's own hook for a document of one's own.
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
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


class FromEnvironment:
    """The application with settings from the environment, for servers that import an `app`.

    The house is opened when the server starts and closed when it ends.
    """

    def __init__(self) -> None:
        self._app: FastAPI | None = None
        self._open = ExitStack()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or start and end with the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif self._app is None:
            raise RuntimeError("start this application with a server that supports lifespan")
        else:
            await self._app(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                try:
                    await run_in_threadpool(self._start)
                except CampaignError as error:
                    await send({"type": "lifespan.startup.failed", "message": str(error)})
                    return
                await send({"type": "lifespan.startup.complete"})
            else:
                await run_in_threadpool(self._open.close)
                self._app = None
                await send({"type": "lifespan.shutdown.complete"})
                return

    def _start(self) -> None:
        chosen = settings.read()
        logs.set_up(chosen.campaigns_log)
        services = self._open.enter_context(opened(chosen, working=True))
        greet(services)
        self._app = create_app(services)


def greet(services: Services, address: str = "") -> None:
    """Print what is served; scripts read it.

    On the first start also the one-time admin key; until somebody has an account, also the
    link that makes the first one, at `address`.
    """
    given = services.settings.campaigns_admin_key
    secret = services.access.ensure_admin_key(given.get_secret_value() if given else None)
    book = services.book
    simulated = sorted(c.channel.value for c in services.carriers.values() if c.simulated)
    lines = [f"Customer book: {book.path} ({plural(book.count, 'customer')})"]
    if simulated:
        lines.append(f"Simulated: {', '.join(simulated)}. Nothing leaves this machine by them.")
    if secret:
        lines.append(f"Admin key (shown this once): {secret}")
    token = services.people.setup_token()
    if token:
        where = address or services.house.public_url
        lines.append(f"Make the first account: {where}/setup?token={token}")
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
