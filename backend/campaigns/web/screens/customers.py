"""Customers: the list with its filters, one customer with where everything is known from."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel, Field

from campaigns.bootstrap import Services
from campaigns.model.access import Actor, Scope
from campaigns.model.customer import Channel, Size
from campaigns.model.errors import BookError, WrongState
from campaigns.model.ids import ContactId, CustomerId
from campaigns.model.lists import CustomerOrder, CustomerQuery
from campaigns.model.plan import Attribute, CampaignType, reference
from campaigns.model.wording import plural
from campaigns.orchestrator.linking import Invitation
from campaigns.web.deps import Composer, Reader, S
from campaigns.web.exports import as_csv
from campaigns.web.notices import Notice, see
from campaigns.web.render import page
from campaigns.web.route import PageRoute
from campaigns.web.screens.contacts import ROLES
from campaigns.web.views.composer import edit_path
from campaigns.web.views.customers import facts_of

router = APIRouter(include_in_schema=False, route_class=PageRoute)

PER_PAGE = 50
NAMED_AT_MOST = 500  # customers a campaign can be started with by name
ENDS: Mapping[str, str] = {
    "30": "within 30 days",
    "60": "within 60 days",
    "90": "within 90 days",
    "365": "within a year",
    "past": "already ended",
    "none": "not recorded",
}
Name = Annotated[str, Field(max_length=200)]


class Asked(BaseModel):
    """The list as its address says it."""

    q: Name = ""
    brand: Name = ""
    country: Name = ""
    city: Name = ""
    business_type: Name = ""
    platform: Name = ""
    size: Name = ""
    ends: Name = ""
    reach: Name = ""
    sort: CustomerOrder = CustomerOrder.BOOK
    page: Annotated[int, Field(ge=1, le=100_000)] = 1

    def query(self, today: date) -> CustomerQuery:
        """Return it as a query."""
        first, last = _ending(self.ends, today)
        return CustomerQuery(
            words=self.q,
            brand=self.brand,
            country=self.country,
            city=self.city,
            business_type=self.business_type,
            platform=self.platform,
            size=next((s for s in Size if s.value == self.size), None),
            ends_from=first,
            ends_to=last,
            no_end=self.ends == "none",
            reach=next((c for c in Channel if c.value == self.reach), None),
            unreached=self.reach == "none",
            order=self.sort,
        )

    def link(self, **change: object) -> str:
        """Return the address of this list with something changed, from its first page."""
        now = self.model_dump(mode="json") | {"page": 1}
        kept = {
            k: str(v)
            for k, v in (now | change).items()
            if v and (k, v) not in (("page", 1), ("sort", "book"))
        }
        return "/customers" + (f"?{urlencode(kept)}" if kept else "")

    @property
    def narrowed(self) -> bool:
        """Whether anything is filtered."""
        plain = self.model_dump(exclude={"sort", "page"})
        return any(plain.values())


def _ending(ends: str, today: date) -> tuple[date | None, date | None]:
    if ends == "past":
        return None, today - timedelta(days=1)
    if ends.isdecimal() and ends in ENDS:
        return today, today + timedelta(days=int(ends))
    return None, None


@router.get("/customers")
def customers(
    request: Request, services: S, actor: Reader, asked: Annotated[Asked, Query()]
) -> Response:
    """List customers."""
    first = (asked.page - 1) * PER_PAGE
    found, total, zones = services.desk.customers(
        asked.query(services.clock.today()), first, PER_PAGE
    )
    return page(
        request,
        "customers.html",
        asked=asked,
        found=found,
        total=total,
        zones=zones,
        first=first,
        choices=_choices(services),
        sizes=Size,
        ends=ENDS,
        types=CampaignType,
        problems=services.book.problems([c.id for c in found]),
        named_at_most=NAMED_AT_MOST,
        trouble=services.book.trouble,
    )


def _choices(services: S) -> Mapping[str, Sequence[str]]:
    """Return the values customers have, by attribute, in the order of the alphabet."""
    vocabulary = services.book.vocabulary
    attributes = (
        Attribute.BRAND,
        Attribute.COUNTRY,
        Attribute.CITY,
        Attribute.BUSINESS_TYPE,
        Attribute.PLATFORM,
    )
    return {a.value: sorted({t.value for t in vocabulary.of(a) if t.customers}) for a in attributes}


@router.get("/customers.csv")
def customers_csv(services: S, actor: Reader, asked: Annotated[Asked, Query()]) -> Response:
    """Give the list to download."""
    found, _, _ = services.desk.customers(asked.query(services.clock.today()), 0, 1_000_000)
    heading = (
        "Customer", "Brand", "City", "Country", "Business type", "Zones", "Platform",
        "Contract ends", "Price per zone", "Currency",
    )  # fmt: skip
    rows = (
        (
            c.name,
            c.brand_group.value if c.brand_group else None,
            c.city.value if c.city else None,
            c.country.value if c.country else None,
            c.business_type,
            c.zone_count,
            c.platform,
            c.contract_end,
            c.price_per_zone.amount if c.price_per_zone else None,
            c.price_per_zone.currency if c.price_per_zone else None,
        )
        for c in found
    )
    return as_csv("customers", heading, rows)


@router.post("/customers/campaign")
def start_campaign(
    services: S,
    actor: Composer,
    asked: Annotated[Asked, Query()],
    kind: Annotated[CampaignType, Form()],
) -> Response:
    """Start a campaign with exactly the customers listed."""
    found, total, _ = services.desk.customers(
        asked.query(services.clock.today()), 0, NAMED_AT_MOST + 1
    )
    if not 0 < total <= NAMED_AT_MOST:
        told = f"A campaign can be started here with 1 to {NAMED_AT_MOST} customers; these are {total}."
        return see(asked.link(), services, Notice(text=told, failed=True))
    exactly = [reference(c.name, c.id) for c in found]
    body = {"type": kind.value, "filters": {"customer": exactly}}
    campaign, _ = services.drafts.create_structured(body, actor)
    return see(edit_path(campaign.id), services)


@router.get("/customers/{customer_id}")
def customer(customer_id: CustomerId, request: Request, services: S, actor: Reader) -> Response:
    """Show everything known about a customer, and where it is known from."""
    return _shown(customer_id, request, services, actor)


def _shown(
    customer_id: CustomerId,
    request: Request,
    services: Services,
    actor: Actor,
    invitation: Invitation | None = None,
) -> Response:
    found, _private = services.customers.get(customer_id)
    sent, replies = services.inbox.history(customer_id)
    return page(
        request,
        "customer.html",
        customer=found,
        facts=facts_of(found, services.house.high_value),
        blocked=services.desk.blocked(found),
        sent=sent,
        replies=replies,
        remarks=services.book.remarks_on(customer_id),
        twins=services.book.twins(customer_id),
        origins=services.imports.origins(customer_id),
        roles=ROLES,
        may_edit=actor.allows(Scope.COMPOSE),
        book_name=services.book.path.name,
        invitation=invitation,
    )


class ValueForm(BaseModel):
    """One value of the book."""

    field: Name
    value: Annotated[str, Field(max_length=2_000)] = ""


@router.post("/customers/{customer_id}/set")
def set_value(
    customer_id: CustomerId, services: S, actor: Composer, form: Annotated[ValueForm, Form()]
) -> Response:
    """Change one line of the customer book."""
    to = f"/customers/{customer_id}"
    try:
        services.editing.set_value(customer_id, form.field, form.value.strip(), actor)
    except BookError as error:
        return see(to, services, Notice(text=error.for_people, failed=True))
    return see(to, services, Notice(text=f"{form.field} is changed in the customer book"))


@router.post("/customers/{customer_id}/accept")
def accept(
    customer_id: CustomerId, services: S, actor: Composer, form: Annotated[ValueForm, Form()]
) -> Response:
    """Write an inference into the customer book."""
    to = f"/customers/{customer_id}"
    try:
        services.editing.accept(customer_id, form.field, actor)
    except BookError as error:
        return see(to, services, Notice(text=error.for_people, failed=True))
    said = f"{plural(1, 'line')} written into the customer book"
    return see(to, services, Notice(text=said))


@router.post("/customers/{customer_id}/contacts/{contact_id}/line-link")
def line_link(
    customer_id: CustomerId,
    contact_id: ContactId,
    request: Request,
    services: S,
    actor: Composer,
) -> Response:
    """Make the page by which a contact becomes known on LINE, and show its address."""
    try:
        made = services.linking.invite(customer_id, contact_id, actor)
    except WrongState as error:
        return see(
            f"/customers/{customer_id}", services, Notice(text=error.for_people, failed=True)
        )
    return _shown(customer_id, request, services, actor, made)
