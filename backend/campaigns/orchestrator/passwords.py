"""Passwords: which may be chosen, and argon2id hashes of them."""

import threading
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from campaigns.model.errors import Fault, RequestInvalid
from campaigns.model.fold import fold
from campaigns.model.ports import Ids

SHORTEST = 10
LONGEST = 200  # so that nobody makes us hash a book
FEWEST_CHARACTERS = 5  # different ones, so that "aaaaaaaaaa" is none
HASHED_AT_ONCE = 2  # argon2 takes 64 MiB each (RFC 9106, second recommendation)


def acceptable(chosen: str, name: str, email: str) -> str:
    """Return a password somebody may choose; raises `RequestInvalid` saying why not."""
    if not SHORTEST <= len(chosen) <= LONGEST:
        raise RequestInvalid([Fault("/password", f"choose at least {SHORTEST} characters")])
    own = {fold(name), fold(email), fold(email.partition("@")[0])}
    if len(set(chosen)) < FEWEST_CHARACTERS or fold(chosen) in own:
        raise RequestInvalid(
            [Fault("/password", "choose one that is harder to guess: a few words will do")]
        )
    return chosen


class Passwords:
    """Hashes passwords, a few at once."""

    def __init__(self, ids: Ids, hasher: PasswordHasher | None = None) -> None:
        self._ids = ids
        self._hasher = hasher or PasswordHasher()
        self._turn = threading.Semaphore(HASHED_AT_ONCE)

    @cached_property
    def _nobodys(self) -> str:
        return self.hash(self._ids.secret())

    def hash(self, password: str) -> str:
        """Return the argon2id hash, salt and parameters included."""
        with self._turn:
            return self._hasher.hash(password)

    def match(self, known: str | None, given: str) -> bool:
        """Whether `given` is the password of the hash `known`.

        Without a known hash the answer is no, after as long as a comparison takes: how long it
        takes tells nobody who has an account.
        """
        compared = known or self._nobodys
        with self._turn:
            try:
                self._hasher.verify(compared, given[:LONGEST])
            except (Argon2Error, InvalidHashError):
                return False
        return known is not None

    def outdated(self, known: str) -> bool:
        """Whether a hash was made with weaker parameters than today's."""
        return self._hasher.check_needs_rehash(known)
