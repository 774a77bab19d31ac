"""Our own style sheet, script and icons: read once, served compressed and for ever.

The address holds a digest of the content, so that a new version has a new address.
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response

HERE = Path(__file__).parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
DIGEST_CHARS = 10

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Asset:
    """One file of ours, as it is and compressed."""

    body: bytes
    packed: bytes
    media_type: str
    digest: str


@cache
def asset(name: str) -> Asset | None:
    """Return a file of the static folder, or None when there is none of that name."""
    if name not in {p.name for p in HERE.iterdir()}:
        return None
    body = (HERE / name).read_bytes()
    return Asset(
        body=body,
        packed=gzip.compress(body, 9, mtime=0),
        media_type=TYPES[Path(name).suffix],
        digest=hashlib.sha256(body).hexdigest()[:DIGEST_CHARS],
    )


def url(name: str) -> str:
    """Return the address of a static file; the file must be there."""
    found = asset(name)
    if found is None:
        raise LookupError(f"there is no static file {name}")
    return f"/static/{found.digest}/{name}"


@router.get("/static/{digest}/{name}")
def static_file(digest: str, name: str, request: Request) -> Response:
    """Give a static file; an old digest gets today's file, unkept."""
    found = asset(name)
    if found is None:
        raise HTTPException(404)
    fresh = digest == found.digest
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable" if fresh else "no-cache",
        "X-Content-Type-Options": "nosniff",
        "Vary": "Accept-Encoding",
    }
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(found.packed, media_type=found.media_type, headers=headers)
    return Response(found.body, media_type=found.media_type, headers=headers)
