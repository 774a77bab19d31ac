"""Notices that survive a redirect: what was done, and the way to undo it.

Kept in a signed cookie until the next page shows them, so that they work without script.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from starlette.requests import Request
from starlette.responses import RedirectResponse

from campaigns.bootstrap import Services
from campaigns.web.sealed import seal, unseal
from campaigns.web.security import set_cookie

COOKIE = "campaigns_notice"
LASTS_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """The form that takes something back: where it posts to, and its fields."""

    action: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What was done, or what went wrong, in a sentence."""

    text: str
    failed: bool = False
    undo: Undo | None = None


def see(path: str, services: Services, notice: Notice | None = None) -> RedirectResponse:
    """Send the browser to a page after a post, with a notice to show there."""
    response = RedirectResponse(path, status_code=303)
    if notice is not None:
        set_cookie(
            response,
            COOKIE,
            seal("notice", asdict(notice), services.secret),
            secure=False,
            max_age_s=LASTS_S,
        )
    return response


def notice_in(request: Request, secret: str) -> Notice | None:
    """Return the notice a request brings; a forged or broken one is none."""
    held = unseal("notice", request.cookies.get(COOKIE, ""), secret)
    if held is None:
        return None
    undo = Undo(**held["undo"]) if held["undo"] else None
    return Notice(text=held["text"], failed=held["failed"], undo=undo)
