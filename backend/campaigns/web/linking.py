"""The page by which a contact becomes known on LINE."""

from fastapi import APIRouter, Request, Response

from campaigns.model.errors import NotFound
from campaigns.web.deps import S
from campaigns.web.render import page

router = APIRouter(include_in_schema=False)


@router.api_route("/line/{code}", methods=["GET", "HEAD"])
def line_page(code: str, request: Request, services: S) -> Response:
    """Show how to reach us on LINE. Looking links nobody: the message sent there does."""
    try:
        found = services.linking.shown(code)
    except NotFound as error:
        return page(request, "line_link.html", 404, invitation=None, reason=error.for_people)
    return page(request, "line_link.html", invitation=found, reason="")
