"""Signing in by an identity provider: who may come in, as whom, and with which role."""

from collections.abc import Sequence
from dataclasses import replace

import structlog

from campaigns.model.errors import NotAllowed, SignInFailed
from campaigns.model.fold import fold
from campaigns.model.identity import Admission, Handshake, Identity
from campaigns.model.ids import PersonId
from campaigns.model.people import Person, PersonRole
from campaigns.model.ports import Clock, IdentityProvider, Ids, Store, Tx
from campaigns.orchestrator.people import LONGEST_NAME, SignedIn, Team, keeps_an_admin

log = structlog.get_logger(__name__)

# From the least to the most; of several roles the most counts.
RISING = tuple(PersonRole)


class Entrance:
    """The door through an identity provider."""

    def __init__(
        self,
        team: Team,
        store: Store,
        clock: Clock,
        ids: Ids,
        provider: IdentityProvider,
        admission: Admission,
    ) -> None:
        self._team = team
        self._store = store
        self._clock = clock
        self._ids = ids
        self.provider = provider
        self.admission = admission

    def begin(self, back: str) -> tuple[Handshake, str]:
        """Return a new attempt, and the provider's address to send the browser to."""
        handshake = Handshake(
            state=self._ids.secret(), nonce=self._ids.secret(), verifier=self._ids.secret()
        )
        return handshake, self.provider.door(handshake, back)

    def finish(self, code: str, handshake: Handshake, back: str) -> SignedIn:
        """Open a session for whoever came back; raises `SignInFailed` in words for them."""
        identity = self.provider.identity(code, handshake, back)
        self._admit(identity)
        now = self._clock.now()
        with self._store.begin() as tx:
            person = self._person(tx, identity)
            if person.deactivated_at is not None:
                raise self._refused("Your account here is closed. An admin can open it again.")
            person = self._with_role(tx, person, identity)
            tx.audit.add(
                now, person.name, "person.signed_in", f"person:{person.id}", {"by": "identity"}
            )
            return self._team.open_session(tx, person)

    def _admit(self, identity: Identity) -> None:
        if not identity.email:
            raise self._refused(f"{self.provider.name} did not tell your e-mail address.")
        if not identity.email_verified:
            raise self._refused(
                f"{self.provider.name} has not verified that {identity.email} is yours. Verify it "
                "there, then sign in here."
            )
        domains = self.admission.domains
        if domains and identity.email.rpartition("@")[2] not in domains:
            raise self._refused(
                f"Only addresses at {', '.join(sorted(domains))} sign in here, and "
                f"{identity.email} is none."
            )

    def _person(self, tx: Tx, identity: Identity) -> Person:
        """Return who this is: known by the provider's key, else by the verified address."""
        known = tx.people.by_identity(identity.key)
        if known is not None:
            return known
        invited = tx.people.by_email(identity.email)
        if invited is not None:
            return self._linked(tx, invited, identity)
        if self.admission.unknown_may_read:
            return self._made(tx, identity)
        raise self._refused(
            f"Nobody was invited as {identity.email}. Ask an admin to invite you with this address."
        )

    def _linked(self, tx: Tx, invited: Person, identity: Identity) -> Person:
        """Tie an account to its owner's identity, once."""
        if invited.identity is not None:
            raise self._refused(
                f"The account of {invited.email} belongs to another identity at "
                f"{self.provider.name}. Ask an admin."
            )
        person = replace(invited, identity=identity.key)
        tx.people.change(person)
        now = self._clock.now()
        tx.audit.add(now, person.name, "person.linked", f"person:{person.id}", {})
        return person

    def _made(self, tx: Tx, identity: Identity) -> Person:
        """Make an account that may read, for somebody nobody invited."""
        now = self._clock.now()
        person = Person(
            id=PersonId(self._ids.new("p")),
            name=_new_name(identity, tx.people.all()),
            email=identity.email,
            role=PersonRole.VIEWER,
            created_at=now,
            identity=identity.key,
        )
        tx.people.add(person)
        detail: dict[str, object] = {"name": person.name, "role": person.role.value}
        tx.audit.add(now, person.name, "person.came_in", f"person:{person.id}", detail)
        return person

    def _with_role(self, tx: Tx, person: Person, identity: Identity) -> Person:
        """Give the role the provider's groups stand for, where it decides about roles."""
        roles = self.admission.roles
        if not roles:
            return person
        found = [roles[g] for g in identity.groups if g in roles]
        role = max(found, key=RISING.index, default=PersonRole.VIEWER)
        changed = replace(person, role=role)
        # A house without an admin could not be mended from inside: the last one stays one.
        if role is person.role or not keeps_an_admin(tx, changed):
            return person
        tx.people.change(changed)
        detail: dict[str, object] = {"from": person.role.value, "to": role.value}
        tx.audit.add(
            self._clock.now(),
            self.provider.name,
            "person.role_changed",
            f"person:{person.id}",
            detail,
        )
        return changed

    def _refused(self, why: str) -> SignInFailed:
        log.info("sign_in.refused", provider=self.provider.name)
        return SignInFailed(why)


def no_passwords(provider: str) -> NotAllowed:
    """Return the answer to a password where passwords are switched off."""
    return NotAllowed(f"Passwords are switched off here. Sign in with {provider}.")


def _new_name(identity: Identity, everybody: Sequence[Person]) -> str:
    """Return a name nobody has: the audit trail knows people by it."""
    wanted = " ".join(identity.name.split()) or identity.email.partition("@")[0]
    taken = {fold(p.name) for p in everybody}
    for name in (wanted[:LONGEST_NAME], identity.email[:LONGEST_NAME]):
        if fold(name) not in taken:
            return name
    raise SignInFailed(f"Somebody is called {wanted} here already. Ask an admin to invite you.")
