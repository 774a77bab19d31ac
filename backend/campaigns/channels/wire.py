"""HTTP to a provider: one pooled client, and what a broken exchange means for the message in it.

A connection that never came about sent nothing. Whatever breaks after that may have left: the
answer is unknown, and nothing is tried again here (no retry of the client's either).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx2

from campaigns.model.delivery import Reason, ReasonClass, Refused, Unknown

# PoolTimeout waited for a connection, the other two for the provider to pick up.
NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError)
UNREACHABLE_RETRY_S = 60.0
MOST_CONNECTIONS = 32
KEEP_ALIVE_S = 15.0  # shorter than any provider's own, so that no request meets a closing door


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a provider's API is and who calls.

    `base_url` ends without a slash. `transport` is for tests that answer without a network.
    """

    base_url: str
    token: str = field(repr=False)
    connect_s: float = 10.0
    answer_s: float = 30.0
    transport: httpx2.AsyncBaseTransport | None = None


class Wire:
    """One provider's client; its connections are opened by the event loop that first sends."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._client: httpx2.AsyncClient | None = None

    def request(
        self, method: str, path: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> httpx2.Request:
        """Return a request with our credentials; nothing is sent."""
        if self._client is None:
            self._client = client(self._endpoint)
        typed = {"Content-Type": "application/json"} if body else {}
        return self._client.build_request(
            method, path, content=body or None, headers=typed | dict(headers or {})
        )

    async def exchange(self, request: httpx2.Request) -> httpx2.Response | Refused | Unknown:
        """Send a request of this wire once; any answer of the server's is returned as it is."""
        if self._client is None:
            raise RuntimeError("the request was not made by this wire")
        try:
            return await self._client.send(request)
        except NEVER_SENT as error:
            reason = Reason(
                kind=ReasonClass.TRANSIENT, code=type(error).__name__, detail=_words(error)
            )
            return Refused(reason=reason, retry_after_s=UNREACHABLE_RETRY_S)
        except httpx2.HTTPError as error:
            reason = Reason(
                kind=ReasonClass.UNKNOWN, code=type(error).__name__, detail=_words(error)
            )
            return Unknown(reason=reason)

    async def close(self) -> None:
        """Give the connections back; a later request opens new ones."""
        open_client, self._client = self._client, None
        if open_client is not None:
            await open_client.aclose()


def client(endpoint: Endpoint) -> httpx2.AsyncClient:
    """Return a client that sends our token, follows no redirect and retries nothing."""
    return httpx2.AsyncClient(
        base_url=endpoint.base_url,
        headers={"Authorization": f"Bearer {endpoint.token}"},
        timeout=httpx2.Timeout(endpoint.answer_s, connect=endpoint.connect_s),
        limits=httpx2.Limits(max_connections=MOST_CONNECTIONS, keepalive_expiry=KEEP_ALIVE_S),
        follow_redirects=False,
        transport=endpoint.transport,
    )


def _words(error: httpx2.HTTPError) -> str:
    return f"the connection broke: {error}" if str(error) else "the connection broke"
