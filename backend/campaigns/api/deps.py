"""What routes ask for: the services, the caller, pages."""

from typing import Annotated

from fastapi import Depends, Query, Request

from campaigns.bootstrap import Services
from campaigns.model.access import Actor, Scope
from campaigns.model.errors import NotAllowed


def services_of(request: Request) -> Services:
    """Return what bootstrap wired."""
    services: Services = request.app.state.services
    return services


def actor_of(request: Request) -> Actor:
    """Return the caller, whom `KeyGuard` let in."""
    actor: Actor = request.state.actor
    return actor


class Needs:
    """A dependency: the caller, who must carry `scope`."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def __call__(self, actor: Annotated[Actor, Depends(actor_of)]) -> Actor:
        """Return the caller, or raise `NotAllowed` naming the scope."""
        if not actor.allows(self._scope):
            raise NotAllowed(
                f"This needs a key with the `{self._scope.value}` scope; yours has "
                f"{', '.join(sorted(s.value for s in actor.scopes)) or 'none'}."
            )
        return actor


S = Annotated[Services, Depends(services_of)]
Reader = Annotated[Actor, Depends(Needs(Scope.READ))]
Composer = Annotated[Actor, Depends(Needs(Scope.COMPOSE))]
Approver = Annotated[Actor, Depends(Needs(Scope.APPROVE))]
Sender = Annotated[Actor, Depends(Needs(Scope.SEND))]
Answerer = Annotated[Actor, Depends(Needs(Scope.REPLY))]
Admin = Annotated[Actor, Depends(Needs(Scope.ADMIN))]

Cursor = Annotated[str, Query(max_length=200, description="`next_cursor` of the page before")]
Limit = Annotated[int, Query(ge=1, le=500)]
