"""People: invited by link, signed in with a password, known to the audit trail by name."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from campaigns.model.access import SYSTEM, Actor
from campaigns.model.errors import Among, Fault, NotAllowed, NotFound, RequestInvalid, WrongState
from campaigns.model.fold import fold
from campaigns.model.ids import PersonId
from campaigns.model.people import Person, PersonRole, Session, Ticket, TicketKind
from campaigns.model.ports import Clock, Ids, Store, Tx
from campaigns.orchestrator.passwords import Passwords, acceptable

SESSION_LASTS = timedelta(days=14)
SESSION_RESTS = timedelta(hours=12)  # without a page this long, it has ended
SEEN_EVERY = timedelta(minutes=1)  # how often "last seen" is written
LINK_LASTS = timedelta(days=7)
TRIES = 5
TRIES_WITHIN = timedelta(minutes=15)
LONGEST_NAME = 60

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: whose it is, and its token, which is never shown again."""

    person: Person
    token: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nobody was signed in: locked until an instant, or just not the right password."""

    locked_until: datetime | None = None


class Team:
    """Accounts of people, their sessions and their one-time links."""

    def __init__(
        self, store: Store, clock: Clock, ids: Ids, passwords: Passwords | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._passwords = passwords or Passwords(ids)

    # --- the first person ------------------------------------------------------------------------

    def setup_token(self) -> str | None:
        """Return a new one-time token that makes the first account; None when there is one."""
        with self._store.begin() as tx:
            if tx.people.all():
                return None
            return self._issue(tx, TicketKind.SETUP, None)

    def set_up(self, token: str, name: str, email: str, password: str | None) -> SignedIn:
        """Make the first account, an admin's, and sign it in.

        Without a password it is for somebody who signs in by an identity provider from then on.
        """
        now = self._clock.now()
        person = Person(
            id=PersonId(self._ids.new("p")),
            name=_name(name),
            email=_email(email),
            role=PersonRole.ADMIN,
            created_at=now,
            password_hash=None
            if password is None
            else self._passwords.hash(acceptable(password, name, email)),
            seen_at=now,
        )
        with self._store.begin() as tx:
            if tx.people.all():
                raise WrongState("There is an account already. Sign in, or ask its admin.")
            self._use(tx, token, TicketKind.SETUP)
            tx.people.add(person)
            tx.audit.add(now, person.name, "person.set_up", f"person:{person.id}", {})
            return self.open_session(tx, person)

    # --- inviting and resetting ------------------------------------------------------------------

    def invite(
        self, name: str, email: str, role: PersonRole, actor: Actor = SYSTEM
    ) -> tuple[Person, str]:
        """Make an account that has no password yet; return it and its invitation's token."""
        now = self._clock.now()
        person = Person(
            id=PersonId(self._ids.new("p")),
            name=_name(name),
            email=_email(email),
            role=role,
            created_at=now,
        )
        with self._store.begin() as tx:
            _require_new(tx.people.all(), person)
            tx.people.add(person)
            token = self._issue(tx, TicketKind.INVITATION, person.id)
            detail: dict[str, object] = {"name": person.name, "role": role.value}
            tx.audit.add(now, actor.name, "person.invited", f"person:{person.id}", detail)
        return person, token

    def reset(self, person_id: PersonId, actor: Actor = SYSTEM) -> str:
        """Return a one-time token with which this person chooses a new password."""
        now = self._clock.now()
        with self._store.begin() as tx:
            person = _active(tx, person_id)
            kind = TicketKind.RESET if person.password_hash else TicketKind.INVITATION
            token = self._issue(tx, kind, person.id)
            tx.audit.add(now, actor.name, "person.link_made", f"person:{person.id}", {"for": kind})
        return token

    def link_holder(self, token: str) -> tuple[Person, TicketKind]:
        """Return whose link this is; raises `NotFound` when it is used, old or not ours."""
        with self._store.read() as tx:
            ticket = tx.people.ticket(_digest(token))
            person = tx.people.get(ticket.person_id) if ticket and ticket.person_id else None
        if ticket is None or person is None or not ticket.is_live(self._clock.now()):
            raise NotFound("This link was used already or is too old. Ask an admin for a new one.")
        return person, ticket.kind

    def is_setup(self, token: str) -> bool:
        """Whether this token may make the first account now."""
        with self._store.read() as tx:
            ticket = tx.people.ticket(_digest(token))
            return (
                ticket is not None
                and ticket.kind is TicketKind.SETUP
                and ticket.is_live(self._clock.now())
                and not tx.people.all()
            )

    def choose_password(self, token: str, password: str) -> SignedIn:
        """Set the password of a link's holder, end their other sessions and sign them in."""
        holder, kind = self.link_holder(token)
        chosen = self._passwords.hash(acceptable(password, holder.name, holder.email))
        now = self._clock.now()
        with self._store.begin() as tx:
            self._use(tx, token, kind)
            person = replace(_active(tx, holder.id), password_hash=chosen, seen_at=now)
            tx.people.change(person)
            tx.people.close_all(person.id)
            tx.people.forgive(person.email)
            tx.audit.add(now, person.name, "person.password_set", f"person:{person.id}", {})
            return self.open_session(tx, person)

    # --- signing in ------------------------------------------------------------------------------

    def sign_in(self, email: str, password: str) -> SignedIn | Refused:
        """Open a session for the right password.

        After `TRIES` wrong ones within `TRIES_WITHIN` the address is locked until the oldest of
        them is that old, whether it has an account or not: nothing tells which has one.
        """
        typed = email.strip().lower()[:320]
        now = self._clock.now()
        with self._store.read() as tx:
            locked_until = self._locked_until(tx, typed, now)
            person = tx.people.by_email(typed)
        if locked_until is not None:
            return Refused(locked_until)
        known = person.password_hash if person and person.deactivated_at is None else None
        right = self._passwords.match(known, password)
        with self._store.begin() as tx:
            if not right or person is None or known is None:
                tx.people.failed(typed, now)
                return Refused(self._locked_until(tx, typed, now))
            tx.people.forgive(typed)
            if self._passwords.outdated(known):
                person = replace(person, password_hash=self._passwords.hash(password))
                tx.people.change(person)
            tx.audit.add(now, person.name, "person.signed_in", f"person:{person.id}", {})
            return self.open_session(tx, person)

    def signed_in(self, token: str) -> Person | None:
        """Return whose session this token opens, or None when it has ended."""
        now = self._clock.now()
        digest = _digest(token)
        with self._store.read() as tx:
            session = tx.people.session(digest)
            if session is None or now >= session.expires_at:
                return None
            person = tx.people.get(session.person_id)
        if person is None or person.deactivated_at or now - session.seen_at >= SESSION_RESTS:
            return None
        if now - session.seen_at >= SEEN_EVERY:
            with self._store.begin() as tx:
                tx.people.touch(digest, now)
        return person

    def sign_out(self, token: str) -> None:
        """End a session."""
        with self._store.begin() as tx:
            tx.people.close(_digest(token))

    # --- looking after them ----------------------------------------------------------------------

    def all(self) -> Sequence[Person]:
        """Return everybody, oldest account first."""
        with self._store.read() as tx:
            return tx.people.all()

    def find(self, email: str) -> Person:
        """Return the person with this e-mail address; raises `NotFound`."""
        with self._store.read() as tx:
            found = tx.people.by_email(email.strip().lower())
        if found is None:
            raise NotFound(f"Nobody has an account for {email}.", Among.PEOPLE)
        return found

    def change_role(self, person_id: PersonId, role: PersonRole, actor: Actor) -> Person:
        """Give a person another role, from their next page on."""
        now = self._clock.now()
        with self._store.begin() as tx:
            person = _active(tx, person_id)
            changed = replace(person, role=role)
            _keep_an_admin(tx, changed)
            tx.people.change(changed)
            detail: dict[str, object] = {"from": person.role.value, "to": role.value}
            tx.audit.add(now, actor.name, "person.role_changed", f"person:{person.id}", detail)
        return changed

    def deactivate(self, person_id: PersonId, actor: Actor) -> Person:
        """Lock a person out at once; what they did stays under their name."""
        now = self._clock.now()
        with self._store.begin() as tx:
            changed = replace(_active(tx, person_id), deactivated_at=now)
            _keep_an_admin(tx, changed)
            tx.people.change(changed)
            tx.people.close_all(person_id)
            tx.audit.add(now, actor.name, "person.deactivated", f"person:{person_id}", {})
        return changed

    def reactivate(self, person_id: PersonId, actor: Actor) -> Person:
        """Let a person in again with the password they had."""
        now = self._clock.now()
        with self._store.begin() as tx:
            person = _known(tx, person_id)
            if person.deactivated_at is None:
                raise WrongState(f"{person.name} is active.")
            changed = replace(person, deactivated_at=None)
            tx.people.change(changed)
            tx.audit.add(now, actor.name, "person.reactivated", f"person:{person_id}", {})
        return changed

    # --- inside ----------------------------------------------------------------------------------

    def _issue(self, tx: Tx, kind: TicketKind, person_id: PersonId | None) -> str:
        token = self._ids.secret()
        now = self._clock.now()
        tx.people.issue(
            Ticket(
                token_hash=_digest(token),
                kind=kind,
                person_id=person_id,
                created_at=now,
                expires_at=now + LINK_LASTS,
            )
        )
        return token

    def _use(self, tx: Tx, token: str, kind: TicketKind) -> None:
        now = self._clock.now()
        ticket = tx.people.ticket(_digest(token))
        live = ticket is not None and ticket.kind is kind and ticket.is_live(now)
        if not live or not tx.people.use(_digest(token), now):
            raise NotFound("This link was used already or is too old. Ask for a new one.")

    def open_session(self, tx: Tx, person: Person) -> SignedIn:
        """Open a session for somebody who proved who they are."""
        token = self._ids.secret()
        now = self._clock.now()
        tx.people.open(
            Session(
                token_hash=_digest(token),
                person_id=person.id,
                created_at=now,
                seen_at=now,
                expires_at=now + SESSION_LASTS,
            )
        )
        tx.people.touch(_digest(token), now)
        return SignedIn(person, token)

    def _locked_until(self, tx: Tx, email: str, now: datetime) -> datetime | None:
        failures = tx.people.failures(email, now - TRIES_WITHIN)
        return failures[-TRIES] + TRIES_WITHIN if len(failures) >= TRIES else None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _name(written: str) -> str:
    name = " ".join(written.split())
    if not name or len(name) > LONGEST_NAME:
        raise RequestInvalid([Fault("/name", f"give a name of 1 to {LONGEST_NAME} characters")])
    return name


def _email(written: str) -> str:
    email = written.strip().lower()
    if not _EMAIL.fullmatch(email) or len(email) > 320:
        raise RequestInvalid([Fault("/email", "give an e-mail address such as name@hotel.example")])
    return email


def _known(tx: Tx, person_id: PersonId) -> Person:
    person = tx.people.get(person_id)
    if person is None:
        raise NotFound(f"There is no person {person_id}.", Among.PEOPLE)
    return person


def _active(tx: Tx, person_id: PersonId) -> Person:
    person = _known(tx, person_id)
    if person.deactivated_at is not None:
        raise WrongState(f"{person.name} was deactivated. Reactivate them first.")
    return person


def _require_new(everybody: Sequence[Person], new: Person) -> None:
    for person in everybody:
        if person.email == new.email:
            raise RequestInvalid([Fault("/email", f"{person.name} has this address already")])
        if fold(person.name) == fold(new.name):
            raise RequestInvalid(
                [Fault("/name", f"somebody is called {person.name} already; add an initial")]
            )


def way_in(base: str, token: str, *, by_password: bool) -> str:
    """Return the link for somebody invited.

    Where passwords are switched off there is none to choose: the door itself is the way in.
    """
    return f"{base}/welcome/{token}" if by_password else f"{base}/login"


def keeps_an_admin(tx: Tx, changed: Person) -> bool:
    """Whether somebody is still an admin after this change."""
    others = (p for p in tx.people.all() if p.id != changed.id)
    return any(p.role is PersonRole.ADMIN and p.deactivated_at is None for p in (*others, changed))


def _keep_an_admin(tx: Tx, changed: Person) -> None:
    if not keeps_an_admin(tx, changed):
        raise NotAllowed(f"{changed.name} is the only admin. Make somebody else an admin first.")
