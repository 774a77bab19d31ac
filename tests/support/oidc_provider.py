"""An OpenID Connect provider on this machine, over real HTTP, faults included.

`Provider` signs in whoever `who` says without asking, as a provider does whose session is open.
It is strict where it must be: a code works once, for the address it was made for, and only with
the verifier whose challenge came with the request.
"""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit
from zoneinfo import ZoneInfo

from joserfc import jwt
from joserfc.jwk import ECKey

from campaigns.bootstrap.system import SystemClock

CLIENT = "console"
SECRET = "hush: 100% secret"
HOUR_S = 3_600


class Fault(Enum):
    """What is wrong with the provider's answers."""

    WRONG_NONCE = "wrong nonce"
    WRONG_AUDIENCE = "wrong audience"
    WRONG_ISSUER = "wrong issuer"
    EXPIRED = "expired"
    FOREIGN_KEY = "signed by somebody else"
    UNSIGNED = "alg none"
    SHARED_SECRET = "signed with our client secret"
    DENIES = "denies"
    DOWN = "down"
    REFUSES_CODE = "refuses the code"
    LEAN_TOKEN = "the address is at userinfo only"
    OTHER_USERINFO = "userinfo about somebody else"
    OTHER_NAME = "its description names another issuer"


@dataclass
class Provider:
    """The running server. `who` are the claims about whoever comes, `seen` every path asked."""

    url: str = ""
    who: dict[str, Any] = field(default_factory=dict)
    fault: Fault | None = None
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "first"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)

    def change_key(self) -> None:
        """Sign with a new key from now on, as providers do every few weeks."""
        self.key = ECKey.generate_key("P-256", {"kid": secrets.token_hex(4)})

    def token(self, asked: dict[str, str]) -> str:
        now = int(SystemClock(ZoneInfo("UTC")).now().timestamp())
        stale = 2 * HOUR_S if self.fault is Fault.EXPIRED else 0
        claims = {
            "iss": "https://other.example" if self.fault is Fault.WRONG_ISSUER else self.url,
            "aud": "another" if self.fault is Fault.WRONG_AUDIENCE else CLIENT,
            "nonce": "another" if self.fault is Fault.WRONG_NONCE else asked["nonce"],
            "iat": now - stale,
            "exp": now - stale + HOUR_S,
            **self.who,
        }
        if self.fault in (Fault.LEAN_TOKEN, Fault.OTHER_USERINFO):
            claims = {k: v for k, v in claims.items() if not k.startswith("email")}
        return self._signed(claims)

    def _signed(self, claims: dict[str, Any]) -> str:
        if self.fault is Fault.UNSIGNED:
            return f"{_b64({'alg': 'none'})}.{_b64(claims)}."
        if self.fault is Fault.SHARED_SECRET:
            signed = f"{_b64({'alg': 'HS256'})}.{_b64(claims)}"
            digest = hashlib.sha256(SECRET.encode() + signed.encode()).digest()
            return f"{signed}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"
        key = self.key
        if self.fault is Fault.FOREIGN_KEY:
            key = ECKey.generate_key("P-256", {"kid": key.kid})
        return jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key)


@contextmanager
def oidc_provider() -> Iterator[Provider]:
    """Serve on a free port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    provider = Provider(f"http://127.0.0.1:{server.server_address[1]}")
    server.provider = provider  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def provider(self) -> Provider:
        found: Provider = self.server.provider  # type: ignore[attr-defined]
        return found

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        self.provider.seen.append(path)
        if self.provider.fault is Fault.DOWN:
            return self._answer(503, {"error": "maintenance"})
        match path:
            case "/.well-known/openid-configuration":
                return self._answer(200, self._description())
            case "/keys":
                return self._answer(200, {"keys": [self.provider.key.as_dict(private=False)]})
            case "/authorize":
                return self._authorize()
            case "/userinfo":
                other = {"sub": "other"} if self.provider.fault is Fault.OTHER_USERINFO else {}
                return self._answer(200, self.provider.who | other)
            case _:
                return self._answer(404, {"error": "not_found"})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.provider.seen.append(self.path)
        form = {k: v[0] for k, v in parse_qs(body).items()}
        asked = self.provider.codes.pop(form.get("code", ""), None)
        refused = self.provider.fault is Fault.REFUSES_CODE
        if refused or asked is None or not self._proven(form, asked):
            return self._answer(400, {"error": "invalid_grant"})
        token = {
            "access_token": "at",
            "token_type": "Bearer",
            "id_token": self.provider.token(asked),
        }
        return self._answer(200, token)

    def _description(self) -> dict[str, object]:
        url = self.provider.url
        named = "https://other.example" if self.provider.fault is Fault.OTHER_NAME else url
        return {
            "issuer": named,
            "authorization_endpoint": f"{url}/authorize",
            "token_endpoint": f"{url}/token",
            "jwks_uri": f"{url}/keys",
            "userinfo_endpoint": f"{url}/userinfo",
            "end_session_endpoint": f"{url}/logout",
        }

    def _authorize(self) -> None:
        asked = {k: v[0] for k, v in parse_qs(urlsplit(self.path).query).items()}
        known = asked["client_id"] == CLIENT and asked["response_type"] == "code"
        if not known or asked["code_challenge_method"] != "S256" or "openid" not in asked["scope"]:
            return self._answer(400, {"error": "invalid_request"})
        given = {"state": asked["state"]}
        if self.provider.fault is Fault.DENIES:
            given["error"] = "access_denied"
        else:
            given["code"] = secrets.token_urlsafe(16)
            self.provider.codes[given["code"]] = asked
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{urlencode(given)}")
        self.send_header("Content-Length", "0")
        self.end_headers()
        return None

    def _proven(self, form: dict[str, str], asked: dict[str, str]) -> bool:
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        _, _, given = self.headers.get("Authorization", "").partition(" ")
        name, _, secret = base64.b64decode(given).decode().partition(":")
        return (
            challenge == asked["code_challenge"]
            and form["redirect_uri"] == asked["redirect_uri"]
            and (unquote_plus(name), unquote_plus(secret)) == (CLIENT, SECRET)
        )

    def _answer(self, status: int, said: dict[str, Any]) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
        """Say nothing."""


def _b64(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
