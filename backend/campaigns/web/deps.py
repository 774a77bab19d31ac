"""What screens ask for: the services and who is signed in."""

from typing import Annotated

from fastapi import Depends, Request

from campaigns.bootstrap import Services
from campaigns.model.access import Actor, Scope
from campaigns.model.errors import NotAllowed
from campaigns.model.people import Person
from campaigns.model.wording import sentence
from campaigns.web.render import services_of
from campaigns.web.security import SESSION_COOKIE


class NotSignedIn(Exception):
    """Nobody is signed in; `expired` when the browser still holds a session that has ended."""

    def __init__(self, *, expired: bool) -> None:
        self.expired = expired
        super().__init__("sign in first")


S = Annotated[Services, Depends(services_of)]


def base_of(request: Request, services: Services) -> str:
    """Return where this console is reached: its public address, else the one asked for."""
    return services.house.public_url or str(request.base_url).rstrip("/")


def is_served_safely(services: Services) -> bool:
    """Whether people reach the console by https alone, so that cookies may insist on it."""
    return services.house.public_url.startswith("https://")


def signed_in(request: Request, services: S) -> Person:
    """Return who is signed in; raises `NotSignedIn`."""
    token = request.cookies.get(SESSION_COOKIE)
    person = services.people.signed_in(token) if token else None
    if person is None:
        raise NotSignedIn(expired=bool(token))
    request.state.person = person
    return person


Me = Annotated[Person, Depends(signed_in)]

MAY = {
    Scope.READ: "look at this",
    Scope.COMPOSE: "write campaigns",
    Scope.APPROVE: "approve campaigns",
    Scope.SEND: "send campaigns",
    Scope.REPLY: "answer replies",
    Scope.NOTES: "read private notes",
    Scope.ADMIN: "change this",
}


class Needs:
    """A dependency: the signed-in person as an actor, who must be allowed a scope."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def __call__(self, me: Me, services: S) -> Actor:
        """Return the actor; raises `NotAllowed` that names who can help."""
        if not me.actor.allows(self._scope):
            raise NotAllowed(
                f"Your account may not {MAY[self._scope]}. {who_can(services, self._scope)}"
            )
        return me.actor


def who_can(services: Services, scope: Scope) -> str:
    """Return whom to ask, by name."""
    names = [
        p.name
        for p in services.people.all()
        if p.deactivated_at is None and p.arrived and p.actor.allows(scope)
    ]
    if not names:
        return "Nobody here may yet; an admin can change that under Settings, People."
    return sentence(f"Ask {' or '.join(names[:3])}")


Reader = Annotated[Actor, Depends(Needs(Scope.READ))]
Composer = Annotated[Actor, Depends(Needs(Scope.COMPOSE))]
Approver = Annotated[Actor, Depends(Needs(Scope.APPROVE))]
Sender = Annotated[Actor, Depends(Needs(Scope.SEND))]
Answerer = Annotated[Actor, Depends(Needs(Scope.REPLY))]
Admin = Annotated[Actor, Depends(Needs(Scope.ADMIN))]
