"""Accounts: one way in for the first person, links for the others, and no way to guess."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count, pairwise

import pytest
from argon2 import PasswordHasher

from campaigns.model.access import SYSTEM, Scope
from campaigns.model.errors import NotAllowed, NotFound, RequestInvalid, WrongState
from campaigns.model.people import Person, PersonRole
from campaigns.orchestrator.passwords import Passwords
from campaigns.orchestrator.people import TRIES, Refused, SignedIn, Team
from campaigns.store import SqlStore
from campaigns.store.database import open_engine

PASSWORD = "a quiet evening at the pool"


class Clock:
    """A clock the tests turn."""

    def __init__(self) -> None:
        self.at = datetime(2025, 9, 15, 3, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def local_now(self) -> datetime:
        return self.at

    def today(self) -> date:
        return self.at.date()


class CountedIds:
    """Ids and secrets that are different each time."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def new(self, prefix: str) -> str:
        return f"{prefix}_{next(self._numbers):06}"

    def secret(self) -> str:
        return f"secret-number-{next(self._numbers):030}"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store() -> Iterator[SqlStore]:
    made = SqlStore(open_engine(None, None))
    made.create()
    yield made
    made.engine.dispose()


@pytest.fixture
def team(store: SqlStore, clock: Clock) -> Team:
    """A team whose hashes are quick to make."""
    ids = CountedIds()
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    return Team(store, clock, ids, Passwords(ids, quick))


@pytest.fixture
def admin(team: Team) -> Person:
    token = team.setup_token()
    assert token
    return team.set_up(token, "Nok P.", "nok@agency.example", PASSWORD).person


def joined(team: Team, name: str, role: PersonRole = PersonRole.MANAGER) -> Person:
    email = f"{name.split(maxsplit=1)[0].lower()}@agency.example"
    person, token = team.invite(name, email, role)
    team.choose_password(token, PASSWORD)
    return person


def actions(store: SqlStore) -> list[tuple[str, str]]:
    with store.read() as tx:
        return [(e.actor, e.action) for e in tx.audit.from_start()]


def test_the_first_account_is_made_once_with_the_printed_link_and_is_an_admins(
    team: Team, store: SqlStore
) -> None:
    token = team.setup_token()
    assert token
    assert team.is_setup(token)
    assert not team.is_setup("x" * 43)
    made = team.set_up(token, "Nok P.", " Nok@Agency.example ", PASSWORD)
    assert made.person.role is PersonRole.ADMIN
    assert made.person.email == "nok@agency.example"
    assert team.signed_in(made.token) == made.person
    assert team.setup_token() is None
    with pytest.raises(WrongState, match="account already"):
        team.set_up(token, "Eve", "eve@agency.example", PASSWORD)
    assert ("Nok P.", "person.set_up") in actions(store)


def test_a_second_setup_link_voids_the_first(team: Team) -> None:
    first, second = team.setup_token(), team.setup_token()
    assert first
    assert second
    with pytest.raises(NotFound):
        team.set_up(first, "Eve", "eve@agency.example", PASSWORD)
    assert team.set_up(second, "Nok", "nok@agency.example", PASSWORD)


def test_an_invitation_lets_somebody_choose_a_password_once(team: Team, admin: Person) -> None:
    person, token = team.invite("Ploy K.", "ploy@agency.example", PersonRole.MANAGER, admin.actor)
    assert isinstance(team.sign_in("ploy@agency.example", ""), Refused)
    made = team.choose_password(token, PASSWORD)
    assert made.person.id == person.id
    assert isinstance(team.sign_in("PLOY@agency.example", PASSWORD), SignedIn)
    with pytest.raises(NotFound, match="used already"):
        team.choose_password(token, "another long password")


def test_links_grow_old(team: Team, admin: Person, clock: Clock) -> None:
    _, token = team.invite("Ploy K.", "ploy@agency.example", PersonRole.MANAGER)
    clock.at += timedelta(days=7)
    with pytest.raises(NotFound, match="too old"):
        team.choose_password(token, PASSWORD)


def test_a_reset_ends_every_session_and_forgets_the_old_password(team: Team, admin: Person) -> None:
    ploy = joined(team, "Ploy K.")
    before = team.sign_in(ploy.email, PASSWORD)
    assert isinstance(before, SignedIn)
    after = team.choose_password(team.reset(ploy.id, admin.actor), "rain on a tin roof")
    assert team.signed_in(before.token) is None
    assert team.signed_in(after.token)
    assert isinstance(team.sign_in(ploy.email, PASSWORD), Refused)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "at least 10"),
        ("x" * 201, "at least 10"),
        ("aaaaaaaaaaaaa", "harder to guess"),
        ("ploy@agency.example", "harder to guess"),
    ],
)
def test_a_password_anybody_guesses_is_refused_and_the_link_still_works(
    team: Team, admin: Person, password: str, why: str
) -> None:
    _, token = team.invite("Ploy K.", "ploy@agency.example", PersonRole.MANAGER)
    with pytest.raises(RequestInvalid, match=why):
        team.choose_password(token, password)
    assert team.choose_password(token, PASSWORD)


@pytest.mark.parametrize(
    ("name", "email", "pointer"),
    [
        ("", "x@agency.example", "/name"),
        ("n" * 61, "x@agency.example", "/name"),
        ("nok  p.", "x@agency.example", "/name"),
        ("Somebody", "NOK@agency.example", "/email"),
        ("Somebody", "no address", "/email"),
    ],
)
def test_names_and_addresses_are_complete_and_nobody_elses(
    team: Team, admin: Person, name: str, email: str, pointer: str
) -> None:
    with pytest.raises(RequestInvalid) as refused:
        team.invite(name, email, PersonRole.VIEWER)
    assert [f.pointer for f in refused.value.faults] == [pointer]


@pytest.mark.parametrize("email", ["ploy@agency.example", "nobody@agency.example"])
def test_wrong_passwords_lock_an_address_whether_it_has_an_account_or_not(
    team: Team, admin: Person, clock: Clock, email: str
) -> None:
    joined(team, "Ploy K.")
    for _ in range(TRIES - 1):
        assert team.sign_in(email, "wrong") == Refused(None)
    locked = team.sign_in(email, "wrong")
    assert locked == Refused(clock.at + timedelta(minutes=15))
    assert team.sign_in(email, PASSWORD) == locked
    clock.at += timedelta(minutes=16)
    assert isinstance(team.sign_in("ploy@agency.example", PASSWORD), SignedIn)


def test_a_session_ends_when_it_rests_too_long_and_at_its_end(
    team: Team, admin: Person, clock: Clock
) -> None:
    made = team.sign_in(admin.email, PASSWORD)
    assert isinstance(made, SignedIn)
    for _ in range(27):
        clock.at += timedelta(hours=11)
        assert team.signed_in(made.token)
    clock.at += timedelta(days=2)
    assert team.signed_in(made.token) is None
    again = team.sign_in(admin.email, PASSWORD)
    assert isinstance(again, SignedIn)
    clock.at += timedelta(hours=13)
    assert team.signed_in(again.token) is None


def test_signing_out_ends_this_session_only(team: Team, admin: Person) -> None:
    first, second = (team.sign_in(admin.email, PASSWORD) for _ in range(2))
    assert isinstance(first, SignedIn)
    assert isinstance(second, SignedIn)
    team.sign_out(first.token)
    assert team.signed_in(first.token) is None
    assert team.signed_in(second.token)


def test_a_deactivated_person_is_out_at_once_and_stays_in_the_trail(
    team: Team, admin: Person, store: SqlStore
) -> None:
    ploy = joined(team, "Ploy K.")
    made = team.sign_in(ploy.email, PASSWORD)
    assert isinstance(made, SignedIn)
    team.deactivate(ploy.id, admin.actor)
    assert team.signed_in(made.token) is None
    assert isinstance(team.sign_in(ploy.email, PASSWORD), Refused)
    with pytest.raises(WrongState, match="deactivated"):
        team.reset(ploy.id, admin.actor)
    team.reactivate(ploy.id, admin.actor)
    assert isinstance(team.sign_in(ploy.email, PASSWORD), SignedIn)
    assert ("Nok P.", "person.deactivated") in actions(store)


def test_the_last_admin_can_neither_leave_nor_step_down(team: Team, admin: Person) -> None:
    ploy = joined(team, "Ploy K.")
    for change in (
        lambda: team.deactivate(admin.id, admin.actor),
        lambda: team.change_role(admin.id, PersonRole.VIEWER, admin.actor),
    ):
        with pytest.raises(NotAllowed, match="only admin"):
            change()
    team.change_role(ploy.id, PersonRole.ADMIN, admin.actor)
    assert team.change_role(admin.id, PersonRole.VIEWER, SYSTEM).role is PersonRole.VIEWER


def test_each_role_may_do_what_the_one_before_may_and_more() -> None:
    def scopes(role: PersonRole) -> frozenset[Scope]:
        at = datetime(2025, 9, 15, tzinfo=UTC)
        return Person(
            id="p", name="n", email="e", role=role, created_at=at  # type: ignore[arg-type]
        ).actor.scopes  # fmt: skip

    ladder = [scopes(role) for role in PersonRole]
    assert all(less < more for less, more in pairwise(ladder))
    assert Scope.APPROVE not in scopes(PersonRole.MANAGER)
    assert Scope.NOTES not in scopes(PersonRole.APPROVER)


def test_neither_passwords_nor_tokens_are_stored(team: Team, store: SqlStore) -> None:
    token = team.setup_token()
    assert token
    made = team.set_up(token, "Nok P.", "nok@agency.example", PASSWORD)
    raw = store.engine.raw_connection()
    stored = "\n".join(raw.iterdump())  # type: ignore[attr-defined]
    raw.close()
    for secret in (PASSWORD, token, made.token):
        assert secret not in stored
    assert "argon2id" in stored
    assert "argon2id" not in repr(made.person)
