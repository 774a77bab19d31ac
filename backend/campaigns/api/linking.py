"""Invitations to LINE: how a contact's LINE id gets into the customer book."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from campaigns.api.deps import Composer, S
from campaigns.api.idempotency import IdempotentRoute
from campaigns.api.problems import responses
from campaigns.model.ids import ContactId, CustomerId

router = APIRouter(prefix="/api/customers", tags=["customers"], route_class=IdempotentRoute)


class LineLinkOut(BaseModel):
    """A contact's page, to be sent to the contact alone; it works until `ends_at`."""

    customer: str
    contact: str | None
    url: str
    ends_at: datetime


@router.post(
    "/{customer_id}/contacts/{contact_id}/line-link",
    status_code=201,
    responses=responses(404, 409),
)
def line_link(
    customer_id: CustomerId, contact_id: ContactId, services: S, actor: Composer
) -> LineLinkOut:
    """Make the page by which a contact becomes known on LINE."""
    made = services.linking.invite(customer_id, contact_id, actor)
    return LineLinkOut(
        customer=made.customer, contact=made.contact, url=made.page_url, ends_at=made.ends_at
    )
