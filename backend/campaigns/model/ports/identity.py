"""Who proves elsewhere that somebody is who they say."""

from typing import Protocol

from campaigns.model.identity import Handshake, Identity


class IdentityProvider(Protocol):
    """An identity provider people sign in at; `name` is what the button calls it.

    Every method may ask the provider, and raises `SignInFailed` in words for the person.
    """

    @property
    def name(self) -> str: ...

    def door(self, handshake: Handshake, back: str) -> str:
        """Return the provider's address to send the browser to; it comes back to `back`."""
        ...

    def identity(self, code: str, handshake: Handshake, back: str) -> Identity:
        """Return who came back with `code`, everything about the answer checked."""
        ...

    def way_out(self, back: str) -> str | None:
        """Return where one signs out at the provider itself, None where that cannot be linked to."""
        ...

    def probe(self) -> str | None:
        """Ask the provider for its description; return what is wrong, or None."""
        ...
