"""Somebody as an identity provider knows them, and what the house makes of that."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from campaigns.model.people import PersonRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Handshake:
    """One attempt to sign in at the provider, kept by the browser until it comes back.

    `state` ties the way back to this browser, `nonce` the provider's answer to this attempt, and
    `verifier` proves that who fetches the answer is who asked (PKCE, RFC 7636).
    """

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a provider says about somebody.

    `key` names them for good: issuer and subject. `email` is folded to lower case; it counts
    only when `email_verified`. `groups` are the values of the claim that carries roles.
    """

    key: str
    email: str
    email_verified: bool
    name: str
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """Whom the house lets in by their identity.

    Only addresses of `domains`, where any are named. Unknown people become viewers where
    `unknown_may_read`, and are refused otherwise. `roles` says which role a group stands for;
    where it names any, the provider decides about roles at every sign-in.
    """

    domains: frozenset[str] = frozenset()
    unknown_may_read: bool = False
    roles: Mapping[str, PersonRole] = field(default_factory=dict)
