"""People, their sessions and one-time links; tokens and passwords as hashes only."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from campaigns.model.fold import fold
from campaigns.model.ids import PersonId
from campaigns.model.people import Person, PersonRole, Session, Ticket, TicketKind
from campaigns.store import tables as t


class PeopleRows:
    """`model.ports.People` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    # --- people ----------------------------------------------------------------------------------

    def add(self, person: Person) -> None:
        """Store a new person; name and e-mail address must be nobody else's."""
        self._c.execute(insert(t.people).values(id=person.id, **_columns(person)))

    def get(self, person_id: PersonId) -> Person | None:
        """Return one person."""
        row = self._c.execute(select(t.people).where(t.people.c.id == person_id)).first()
        return _person(row) if row else None

    def by_email(self, email: str) -> Person | None:
        """Return the person with this folded e-mail address."""
        row = self._c.execute(select(t.people).where(t.people.c.email == email)).first()
        return _person(row) if row else None

    def by_identity(self, key: str) -> Person | None:
        """Return the person an identity provider knows by this key."""
        row = self._c.execute(select(t.people).where(t.people.c.identity == key)).first()
        return _person(row) if row else None

    def all(self) -> Sequence[Person]:
        """Return everybody, oldest account first."""
        return [_person(r) for r in self._c.execute(select(t.people).order_by(t.people.c.id))]

    def change(self, person: Person) -> None:
        """Store every field of a person who is there."""
        self._c.execute(
            update(t.people).where(t.people.c.id == person.id).values(**_columns(person))
        )

    # --- sessions --------------------------------------------------------------------------------

    def open(self, session: Session) -> None:
        """Store a new session and forget those that ended before it began."""
        self._c.execute(delete(t.sessions).where(t.sessions.c.expires_at < session.created_at))
        self._c.execute(
            insert(t.sessions).values(
                token_hash=session.token_hash,
                person_id=session.person_id,
                created_at=session.created_at,
                seen_at=session.seen_at,
                expires_at=session.expires_at,
            )
        )

    def session(self, token_hash: str) -> Session | None:
        """Return the session with this hash, ended or not."""
        row = self._c.execute(
            select(t.sessions).where(t.sessions.c.token_hash == token_hash)
        ).first()
        if row is None:
            return None
        return Session(
            token_hash=row.token_hash,
            person_id=PersonId(row.person_id),
            created_at=row.created_at,
            seen_at=row.seen_at,
            expires_at=row.expires_at,
        )

    def touch(self, token_hash: str, at: datetime) -> None:
        """Note when a session, and so its person, was last seen."""
        person = self._c.execute(
            update(t.sessions)
            .where(t.sessions.c.token_hash == token_hash)
            .values(seen_at=at)
            .returning(t.sessions.c.person_id)
        ).scalar()
        self._c.execute(update(t.people).where(t.people.c.id == person).values(seen_at=at))

    def close(self, token_hash: str) -> None:
        """End a session."""
        self._c.execute(delete(t.sessions).where(t.sessions.c.token_hash == token_hash))

    def close_all(self, person_id: PersonId) -> int:
        """End every session of a person; return how many."""
        return self._c.execute(
            delete(t.sessions).where(t.sessions.c.person_id == person_id)
        ).rowcount

    # --- one-time links --------------------------------------------------------------------------

    def issue(self, ticket: Ticket) -> None:
        """Store a one-time link; earlier ones of the same kind for the same person are void."""
        self._c.execute(
            delete(t.tickets).where(
                t.tickets.c.kind == ticket.kind.value,
                t.tickets.c.person_id.is_(None)
                if ticket.person_id is None
                else t.tickets.c.person_id == ticket.person_id,
            )
        )
        self._c.execute(
            insert(t.tickets).values(
                token_hash=ticket.token_hash,
                kind=ticket.kind.value,
                person_id=ticket.person_id,
                created_at=ticket.created_at,
                expires_at=ticket.expires_at,
                used_at=ticket.used_at,
            )
        )

    def ticket(self, token_hash: str) -> Ticket | None:
        """Return the one-time link with this hash, live or not."""
        row = self._c.execute(select(t.tickets).where(t.tickets.c.token_hash == token_hash)).first()
        if row is None:
            return None
        return Ticket(
            token_hash=row.token_hash,
            kind=TicketKind(row.kind),
            person_id=PersonId(row.person_id) if row.person_id else None,
            created_at=row.created_at,
            expires_at=row.expires_at,
            used_at=row.used_at,
        )

    def use(self, token_hash: str, at: datetime) -> bool:
        """Use a one-time link up; False when it was used already."""
        done = self._c.execute(
            update(t.tickets)
            .where(t.tickets.c.token_hash == token_hash, t.tickets.c.used_at.is_(None))
            .values(used_at=at)
        )
        return done.rowcount == 1

    # --- wrong passwords -------------------------------------------------------------------------

    def failed(self, email: str, at: datetime) -> None:
        """Note a wrong password for an e-mail address, whether it has an account or not.

        Those of another day are forgotten.
        """
        table = t.sign_in_failures
        self._c.execute(delete(table).where(table.c.at < at - timedelta(days=1)))
        self._c.execute(insert(table).values(email=email, at=at))

    def failures(self, email: str, since: datetime) -> Sequence[datetime]:
        """Return when wrong passwords were given since then, oldest first."""
        table = t.sign_in_failures
        rows = self._c.execute(
            select(table.c.at)
            .where(table.c.email == email, table.c.at >= since)
            .order_by(table.c.at)
        )
        return [row.at for row in rows]

    def forgive(self, email: str) -> None:
        """Forget the wrong passwords given for an e-mail address."""
        table = t.sign_in_failures
        self._c.execute(delete(table).where(table.c.email == email))


def _columns(person: Person) -> dict[str, object]:
    return {
        "name": person.name,
        "name_key": fold(person.name),
        "email": person.email,
        "role": person.role.value,
        "password_hash": person.password_hash,
        "identity": person.identity,
        "created_at": person.created_at,
        "seen_at": person.seen_at,
        "deactivated_at": person.deactivated_at,
    }


def _person(row: Row[Any]) -> Person:
    return Person(
        id=PersonId(row.id),
        name=row.name,
        email=row.email,
        role=PersonRole(row.role),
        password_hash=row.password_hash,
        identity=row.identity,
        created_at=row.created_at,
        seen_at=row.seen_at,
        deactivated_at=row.deactivated_at,
    )
