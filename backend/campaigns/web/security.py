"""What browsers are told and asked: content security policy, same-origin posts, cookies."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import Response

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# An e-mail as its recipient sees it: its own inline styles, and nothing else at all.
EMAIL_CSP = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SESSION_COOKIE = "campaigns_session"


def from_own_pages(headers: Headers) -> bool:
    """Whether an unsafe request comes from our own pages, or from no browser at all.

    The scheme of Go 1.25's http.CrossOriginProtection: every current browser sends
    Sec-Fetch-Site; one that does not sends Origin, which must be this host.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


def set_cookie(
    response: Response, name: str, value: str, *, secure: bool, max_age_s: int | None = None
) -> None:
    """Set a cookie that scripts cannot read and other sites cannot post with."""
    response.set_cookie(
        name, value, max_age=max_age_s, secure=secure, httponly=True, samesite="lax", path="/"
    )


def local_path(wanted: str) -> str:
    r"""Return `wanted` when it is a path on this site, else the front page.

    >>> local_path("/inbox?f=mine"), local_path("//evil.example"), local_path("/\\evil.example")
    ('/inbox?f=mine', '/', '/')
    """
    own = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if own and wanted.isprintable() else "/"
