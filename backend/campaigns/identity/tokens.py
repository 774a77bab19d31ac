"""ID tokens: signed by the provider, for us, for this attempt, now.

OpenID Connect Core 1.0, 3.1.3.7 (read 2026-11-23); Authlib knows the claims, joserfc the
signatures. Only asymmetric algorithms are taken: nobody who knows our client secret can sign.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from campaigns.model.errors import SignInFailed

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
LEEWAY_S = 60  # how far the provider's clock may be off


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a token must say to be for this attempt."""

    issuer: str
    client_id: str
    nonce: str
    access_token: str
    now: datetime


class Keys(Protocol):
    """The provider's public keys, as kept or asked for anew."""

    def __call__(self, *, fresh: bool) -> Mapping[str, Any]: ...


def judged(token: str, keys: Keys, expected: Expected, provider: str) -> Mapping[str, Any]:
    """Return the claims of a token; raises `SignInFailed` when anything about it is wrong."""
    from authlib.oidc.core import CodeIDToken
    from joserfc.errors import ExpiredTokenError, JoseError

    try:
        header, claims = _opened(token, keys)
        checked = CodeIDToken(
            claims,
            header,
            options={
                "iss": {"essential": True, "value": expected.issuer},
                "aud": {"essential": True, "value": expected.client_id},
                "sub": {"essential": True},
                "exp": {"essential": True},
                "iat": {"essential": True},
            },
            params={
                "nonce": expected.nonce,
                "client_id": expected.client_id,
                "access_token": expected.access_token,
            },
        )
        checked.validate(now=int(expected.now.timestamp()), leeway=LEEWAY_S)
    except ExpiredTokenError as error:
        raise SignInFailed(
            f"What {provider} said has expired already. Start again; if it stays so, the clock of "
            "this server or theirs is wrong."
        ) from error
    except (JoseError, ValueError) as error:
        raise SignInFailed(
            f"What {provider} said cannot be trusted ({_reason(error)}), so nobody was signed in. "
            "Start again; if it stays so, tell an admin."
        ) from error
    return claims


def _opened(token: str, keys: Keys) -> tuple[dict[str, Any], dict[str, Any]]:
    """Check the signature; a key we do not know may be one the provider has changed to."""
    from joserfc import jwt
    from joserfc.errors import BadSignatureError, InvalidKeyIdError
    from joserfc.jwk import KeySet

    def opened(*, fresh: bool) -> jwt.Token:
        return jwt.decode(token, KeySet.import_key_set(keys(fresh=fresh)), algorithms=ALGORITHMS)  # type: ignore[arg-type] # read from JSON

    try:
        found = opened(fresh=False)
    except (BadSignatureError, InvalidKeyIdError):
        found = opened(fresh=True)
    return found.header, found.claims


def _reason(error: Exception) -> str:
    claim = getattr(error, "claim", "")
    return f"wrong {claim}" if claim else str(getattr(error, "error", "") or "unreadable")
