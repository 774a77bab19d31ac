"""What a simulator's people and provider do, by HTTP: for a simulator in a process of its own.

GET  /_sim                 what was taken, and how many webhooks were posted
POST /_sim/says            {"number": "66990000001", "text": "Yes please"}
POST /_sim/fault           {"script": ["busy", null, "unanswered"], "shares": {"broken": 0.05}}
POST /_sim/mishap          {"twice": 0.2, "reordered": 0.3, "lost": 0.05}
"""

import random
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError, validate_call
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from campaigns.channels.simulator.http.faults import Faults, Trouble
from campaigns.channels.simulator.http.herald import Herald, Mishaps
from campaigns.channels.simulator.http.line import LineSimulator
from campaigns.channels.simulator.http.whatsapp import WhatsAppSimulator

_OBJECT = TypeAdapter(dict[str, Any])


def whatsapp_app(simulator: WhatsAppSimulator) -> Starlette:
    """Return Meta's API with its control beside it."""

    def presses(index: int, place: int) -> str:
        return simulator.presses(simulator.taken[index], place)

    def taken() -> list[dict[str, object]]:
        return [{"id": t.id, "to": t.to, "text": t.text} for t in simulator.taken]

    verbs: Mapping[str, Callable[..., object]] = {
        "says": simulator.says,
        "sends": simulator.sends,
        "presses": presses,
        "prefers": simulator.prefers,
        "leaves": simulator.leaves,
        "register": simulator.register,
        "moves": simulator.moves,
        "recategorises": simulator.recategorises,
        "limits": simulator.limits,
        "expires": simulator.expires,
    }
    return _controlled(simulator.app, simulator.faults, simulator.herald, verbs, taken)


def line_app(simulator: LineSimulator) -> Starlette:
    """Return LINE's API with its control beside it."""

    def presses(index: int, place: int) -> None:
        simulator.presses(simulator.pushed[index], place)

    def taken() -> list[dict[str, object]]:
        return [{"id": p.id, "to": p.to, "text": p.text} for p in simulator.pushed]

    verbs: Mapping[str, Callable[..., object]] = {
        "says": simulator.says,
        "sends": simulator.sends,
        "presses": presses,
        "follows": simulator.follows,
        "unfollows": simulator.unfollows,
        "expires": simulator.expires,
        "allows": simulator.allows,
    }
    return _controlled(simulator.app, simulator.faults, simulator.herald, verbs, taken)


def _controlled(
    app: Starlette,
    faults: Faults,
    herald: Herald,
    verbs: Mapping[str, Callable[..., object]],
    taken: Callable[[], list[dict[str, object]]],
) -> Starlette:
    def fault(
        script: list[Trouble | None] | None = None, shares: dict[Trouble, float] | None = None
    ) -> None:
        faults.then(*(script or ()))
        if shares is not None:
            faults.share(shares)

    def mishap(twice: float = 0.0, reordered: float = 0.0, lost: float = 0.0) -> None:
        chance = random.Random(0)  # noqa: S311 - a repeatable accident, no secret
        herald.mishaps = Mishaps(
            twice=twice, reordered=reordered, lost=lambda update: chance.random() < lost
        )

    known = {**verbs, "fault": fault, "mishap": mishap}

    async def look(request: Request) -> Response:
        return JSONResponse(
            {"taken": taken(), "webhooks_posted": herald.posted, "webhooks_lost": len(herald.lost)}
        )

    async def act(request: Request) -> Response:
        verb = known.get(request.path_params["verb"])
        if verb is None:
            return JSONResponse({"error": f"one of {', '.join(sorted(known))}"}, 404)
        try:
            given = _OBJECT.validate_json(await request.body() or b"{}")
            done = validate_call(verb)(**given)
        except (ValidationError, LookupError, ValueError) as error:
            return JSONResponse({"error": str(error)}, 400)
        return JSONResponse({"done": done if isinstance(done, str) else True})

    control = [Route("/_sim", look), Route("/_sim/{verb}", act, methods=["POST"])]
    return Starlette(routes=[*control, Mount("/", app=app)])
