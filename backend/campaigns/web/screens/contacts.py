"""A customer's contacts: one form puts a person into the book."""

from typing import Annotated

from fastapi import APIRouter, Form, Response
from pydantic import BaseModel, Field

from campaigns.book.edits.people import Person
from campaigns.model.errors import BookError
from campaigns.model.ids import CustomerId
from campaigns.web.deps import Composer, S
from campaigns.web.notices import Notice, see
from campaigns.web.route import PageRoute

router = APIRouter(include_in_schema=False, route_class=PageRoute)

Line = Annotated[str, Field(max_length=200)]
# What a contact is usually called in the book; any other words may be typed.
ROLES = (
    "General Manager",
    "Purchasing Manager",
    "Finance Manager",
    "F&B Manager",
    "Marketing Manager",
    "Operations Manager",
    "IT Manager",
    "Owner",
)


class ContactForm(BaseModel):
    """A person as they are to stand in the book; what is left empty stays as it is."""

    role: Annotated[str, Field(min_length=1, max_length=200)]
    name: Line = ""
    email: Line = ""
    phone: Line = ""
    line: Line = ""

    def person(self) -> Person:
        """Return it as an edit of the book."""
        given = {"email": self.email, "phone": self.phone, "line": self.line}
        lines = {key: value.strip() for key, value in given.items() if value.strip()}
        return Person(role=self.role.strip(), name=self.name.strip() or None, lines=lines)


@router.post("/customers/{customer_id}/contacts")
def put_contact(
    customer_id: CustomerId, services: S, actor: Composer, form: Annotated[ContactForm, Form()]
) -> Response:
    """Add a contact, or change the one of that role and name."""
    to = f"/customers/{customer_id}"
    try:
        services.editing.put_contact(customer_id, form.person(), actor)
    except BookError as error:
        return see(to, services, Notice(text=error.for_people, failed=True))
    who = form.name.strip() or form.role.strip()
    return see(to, services, Notice(text=f"{who} is in the customer book"))
