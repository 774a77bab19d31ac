"""The OpenID Connect provider over HTTP: its description, its door, its answers.

Sources, read 2026-11-23: OpenID Connect Core 1.0 and Discovery 1.0; RFC 7636 (PKCE);
OpenID Connect RP-Initiated Logout 1.0.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

import httpx2
from pydantic import BaseModel, ConfigDict, ValidationError

from campaigns.identity import tokens
from campaigns.model.errors import SignInFailed
from campaigns.model.identity import Handshake, Identity
from campaigns.model.ports import Clock
from campaigns.model.urls import is_private

SCOPE = "openid email profile"
DISCOVERY = "/.well-known/openid-configuration"
KEPT_S = 3_600  # how long the provider's description and keys are believed
TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """How we are registered at the provider.

    `issuer` is compared letter by letter with what the provider says of itself. `secret` is None
    for a public client, whom PKCE alone protects. `groups_claim` names the claim roles are in.
    """

    issuer: str
    client_id: str
    secret: str | None = None
    name: str = "single sign-on"
    groups_claim: str = ""


class _Description(BaseModel):
    """The parts of a provider's description that we use."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class OpenIdProvider:
    """`model.ports.IdentityProvider` by OpenID Connect; may be used from several threads."""

    def __init__(
        self, client: Client, clock: Clock, http: Callable[[], httpx2.Client] | None = None
    ) -> None:
        self._client = client
        self._clock = clock
        self._http = http or (lambda: httpx2.Client(timeout=TIMEOUT_S))
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, Any]] = {}

    @property
    def name(self) -> str:
        """What the button calls the provider."""
        return self._client.name

    def door(self, handshake: Handshake, back: str) -> str:
        """Return the provider's address to send the browser to; it comes back to `back`."""
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        asked = {
            "response_type": "code",
            "client_id": self._client.client_id,
            "redirect_uri": back,
            "scope": SCOPE,
            "state": handshake.state,
            "nonce": handshake.nonce,
            "code_challenge": create_s256_code_challenge(handshake.verifier),
            "code_challenge_method": "S256",
        }
        return _with(self._description().authorization_endpoint, asked)

    def identity(self, code: str, handshake: Handshake, back: str) -> Identity:
        """Return who came back with `code`, everything about the answer checked."""
        answer = self._redeem(code, handshake, back)
        said = tokens.judged(
            str(answer.get("id_token") or ""),
            self._keys,
            tokens.Expected(
                issuer=self._client.issuer,
                client_id=self._client.client_id,
                nonce=handshake.nonce,
                access_token=str(answer.get("access_token") or ""),
                now=self._clock.now(),
            ),
            self.name,
        )
        if "email" not in said:
            said = {**self._userinfo(answer, str(said["sub"])), **said}
        verified = said.get("email_verified")
        return Identity(
            key=f"{self._client.issuer} {said['sub']}",
            email=str(said.get("email") or "").strip().lower(),
            # Some providers write the truth as a word.
            email_verified=verified is True or verified == "true",
            name=str(said.get("name") or ""),
            groups=_groups(said.get(self._client.groups_claim)),
        )

    def way_out(self, back: str) -> str | None:
        """Return where one signs out at the provider itself, None where it does not say."""
        end = self._description().end_session_endpoint
        asked = {"client_id": self._client.client_id, "post_logout_redirect_uri": back}
        return _with(end, asked) if end else None

    def probe(self) -> str | None:
        """Ask the provider for its description and its keys; return what is wrong, or None."""
        self._kept.clear()
        try:
            self._keys(fresh=True)
        except SignInFailed as error:
            return str(error)
        return None

    # --- asking the provider ---------------------------------------------------------------------

    def _description(self) -> _Description:
        found = self._cached(self._client.issuer.rstrip("/") + DISCOVERY, fresh=False)
        try:
            description = _Description.model_validate(found)
        except ValidationError as error:
            raise self._unfit("its description lacks what sign-in needs") from error
        if description.issuer != self._client.issuer:
            raise self._unfit(f"it calls itself {description.issuer}")
        used = (
            description.authorization_endpoint,
            description.token_endpoint,
            description.jwks_uri,
            description.userinfo_endpoint or description.token_endpoint,
        )
        if not all(map(is_private, used)):
            raise self._unfit("it names an address without https")
        return description

    def _keys(self, *, fresh: bool) -> Mapping[str, Any]:
        found = self._cached(self._description().jwks_uri, fresh=fresh)
        if not isinstance(found, dict):
            raise self._unfit("its keys cannot be read")
        return found

    def _redeem(self, code: str, handshake: Handshake, back: str) -> Mapping[str, Any]:
        """Exchange the code for tokens."""
        description = self._description()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": handshake.verifier,
            "client_id": self._client.client_id,
        }
        auth = None
        secret = self._client.secret
        if secret and "client_secret_basic" in description.token_endpoint_auth_methods_supported:
            # RFC 6749, 2.3.1: both are form-encoded first.
            auth = (quote_plus(self._client.client_id), quote_plus(secret))
        elif secret:
            form["client_secret"] = secret
        answer = self._asked("POST", description.token_endpoint, data=form, auth=auth)
        found = _json(answer)
        if answer.status_code != 200 or not isinstance(found, dict):
            why = found.get("error") if isinstance(found, dict) else None
            raise SignInFailed(
                f"{self.name} did not confirm the sign-in ({why or answer.status_code}). Start "
                "again; if it stays so, tell an admin."
            )
        return found

    def _userinfo(self, answer: Mapping[str, Any], subject: str) -> Mapping[str, Any]:
        """Ask for what the token leaves out; somebody else's answer counts for nothing."""
        url = self._description().userinfo_endpoint
        if url is None:
            return {}
        token = str(answer.get("access_token") or "")
        found = _json(self._asked("GET", url, headers={"Authorization": f"Bearer {token}"}))
        same = isinstance(found, dict) and found.get("sub") == subject
        return found if same else {}

    def _cached(self, url: str, *, fresh: bool) -> Any:
        now = self._clock.now().timestamp()
        with self._lock:
            at, kept = self._kept.get(url, (0.0, None))
        if kept is not None and not fresh and now - at < KEPT_S:
            return kept
        answer = self._asked("GET", url)
        found = _json(answer)
        if answer.status_code != 200 or found is None:
            raise self._unreachable(f"{url} answered {answer.status_code}")
        with self._lock:
            self._kept[url] = (now, found)
        return found

    def _asked(self, method: str, url: str, **sent: Any) -> httpx2.Response:
        try:
            with self._http() as http:
                return http.request(
                    method,
                    url,
                    headers={"Accept": "application/json"} | sent.pop("headers", {}),
                    **sent,
                )
        except httpx2.HTTPError as error:
            raise self._unreachable(type(error).__name__) from error

    def _unreachable(self, why: str) -> SignInFailed:
        return SignInFailed(
            f"{self.name} cannot be reached just now ({why}). Try again in a minute."
        )

    def _unfit(self, why: str) -> SignInFailed:
        return SignInFailed(
            f"{self.name} cannot be used: {why}. An admin can look at CAMPAIGNS_OIDC_ISSUER."
        )


def _with(url: str, asked: Mapping[str, str]) -> str:
    return url + ("&" if urlsplit(url).query else "?") + urlencode(asked)


def _json(answer: httpx2.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


def _groups(said: object) -> frozenset[str]:
    """Read a claim of groups: one word, or a list of them."""
    found = said if isinstance(said, list) else [said]
    return frozenset(str(g) for g in found if isinstance(g, str) and g)
