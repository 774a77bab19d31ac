"""How a LINE user becomes a known contact: a personal page, and a message that proves who it is.

    a person of ours makes a link for a contact and sends it where the contact is known already
      -> its page opens our LINE account with a signed code ready to be sent
      -> LINE's webhook names who sent the code: their LINE id is written into the customer book

LINE names people by ids that nobody can look up, so there is no other way from a contact to its
LINE id. A code is for one contact as the book has it: it ends after a fortnight, when the contact
becomes somebody else, and when the contact has a LINE id.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import structlog

from campaigns.book.edits.people import Person
from campaigns.model.access import SYSTEM, Actor
from campaigns.model.consent import Consent
from campaigns.model.customer import Channel, Contact, Customer
from campaigns.model.delivery import DeliveryEvent, EventType
from campaigns.model.errors import Among, EditRefused, NotFound, WrongState
from campaigns.model.ids import ContactId, CustomerId
from campaigns.orchestrator.editing import BookEditing
from campaigns.orchestrator.ports import Ports
from campaigns.orchestrator.writing import contact_of

log = structlog.get_logger(__name__)

LIFE = timedelta(days=14)
DEAD = (
    "This link is cut short, has ended, or was used already. Ask whoever sent it to you for "
    "another one."
)
_CODE = re.compile(r"LINK-([A-Za-z0-9_-]{1,400})\.([A-Za-z0-9_-]{22})")
_PURPOSE = b"line link\x00"
_MAC_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A contact's way to us on LINE.

    `message` is what the contact sends us there; `add_url` opens our account and `send_url` the
    chat with the message ready, both None while our account's name at LINE is not known.
    """

    customer: str
    contact: str | None
    page_url: str
    message: str
    ends_at: datetime
    add_url: str | None = None
    send_url: str | None = None


class Linking:
    """Makes invitations, shows them, and takes their messages in."""

    def __init__(
        self, ports: Ports, secret: str, editing: BookEditing, account: Callable[[], str | None]
    ) -> None:
        self._p = ports
        self._secret = secret.encode()
        self._editing = editing
        self._account = account

    def invite(self, customer_id: CustomerId, contact_id: ContactId, actor: Actor) -> Invitation:
        """Make a contact's invitation; the audit trail keeps who did.

        Raises `NotFound`, and `WrongState` when the contact has a LINE id already.
        """
        now = self._p.clock.now()
        with self._p.store.read() as tx:
            customer = tx.customers.get(customer_id)
        contact = contact_of(customer, contact_id)
        if customer is None or contact is None:
            raise NotFound(f"There is no contact {contact_id} of {customer_id}.", Among.CONTACTS)
        if contact.address(Channel.LINE) is not None:
            raise WrongState(
                f"{contact.name or contact.role_written} of {customer.name} has a LINE id already; "
                "take it out of the customer book to link another one."
            )
        ends_at = (now + LIFE).astimezone(UTC).replace(microsecond=0)
        with self._p.store.begin() as tx:
            detail: dict[str, object] = {"contact": contact_id, "until": ends_at.isoformat()}
            tx.audit.add(now, actor.name, "line.invited", f"customer:{customer_id}", detail)
        return self._invitation(customer, contact, self._code(customer, contact, ends_at), ends_at)

    def shown(self, code: str) -> Invitation:
        """Return the invitation of a page's code; raises `NotFound`."""
        customer, contact, ends_at = self._proven(code)
        if contact.address(Channel.LINE) is not None:
            raise NotFound(DEAD)
        return self._invitation(customer, contact, code, ends_at)

    def heard(self, event: DeliveryEvent) -> bool:
        """Link whoever sent a code of ours; False for everything else, and for what has to wait.

        A code that is no good, and one whose id cannot be written, is a reply like any other:
        a person looks at it. While somebody else writes the book it raises, and is heard again.
        """
        found = _CODE.search(event.text or "")
        is_reply = event.channel is Channel.LINE and event.type is EventType.REPLIED
        if found is None or not is_reply or not event.address:
            return False
        with self._p.store.read() as tx:
            if not tx.outbox.would_record(event).new:
                return True
        try:
            customer, contact, _ = self._proven(found[0])
            self._link(customer, contact, event.address)
        except (NotFound, EditRefused) as error:
            log.warning("line_not_linked", why=type(error).__name__)
            return False
        self._note(event, event.address, customer, contact)
        return True

    def _link(self, customer: Customer, contact: Contact, user_id: str) -> None:
        """Write the id, unless it stands there: the process may have died right after that."""
        known = contact.address(Channel.LINE)
        if known is None:
            person = Person(role=contact.role_written, name=contact.name, lines={"line": user_id})
            self._editing.put_contact(customer.id, person, SYSTEM)
        elif known.value != user_id:
            raise NotFound(DEAD)

    def _note(
        self, event: DeliveryEvent, user_id: str, customer: Customer, contact: Contact
    ) -> None:
        now = self._p.clock.now()
        with self._p.store.begin() as tx:
            if not tx.outbox.record(event, now).new:
                return
            tx.consents.consent(
                Consent(
                    channel=Channel.LINE,
                    address=user_id,
                    source="account link",
                    evidence=event.dedupe_key,
                    at=now,
                )
            )
            detail: dict[str, object] = {"contact": contact.id}
            tx.audit.add(now, SYSTEM.name, "line.linked", f"customer:{customer.id}", detail)

    # --- codes -------------------------------------------------------------------------------------

    def _code(self, customer: Customer, contact: Contact, ends_at: datetime) -> str:
        said = json.dumps([customer.id, contact.id, int(ends_at.timestamp())]).encode()
        return f"LINK-{_text(said)}.{self._mac(said, contact)}"

    def _proven(self, code: str) -> tuple[Customer, Contact, datetime]:
        """Return whom a code is for and when it ends; raises `NotFound`."""
        found = _CODE.fullmatch(code)
        said = _bytes(found[1]) if found else None
        if found is None or said is None:
            raise NotFound(DEAD)
        try:
            customer_id, contact_id, seconds = json.loads(said)
            ends_at = datetime.fromtimestamp(seconds, UTC)
        except (ValueError, TypeError, OverflowError, OSError) as error:
            raise NotFound(DEAD) from error
        with self._p.store.read() as tx:
            customer = tx.customers.get(CustomerId(str(customer_id)))
        contact = contact_of(customer, ContactId(str(contact_id)))
        if customer is None or contact is None or self._p.clock.now() >= ends_at:
            raise NotFound(DEAD)
        if not hmac.compare_digest(self._mac(said, contact), found[2]):
            raise NotFound(DEAD)
        return customer, contact, ends_at

    def _mac(self, said: bytes, contact: Contact) -> str:
        """Sign what a code says over the contact's name: it is for no successor of theirs."""
        signed = _PURPOSE + said + b"\x00" + (contact.name or "").encode()
        return _text(hmac.digest(self._secret, signed, hashlib.sha256)[:_MAC_BYTES])

    def _invitation(
        self, customer: Customer, contact: Contact, code: str, ends_at: datetime
    ) -> Invitation:
        account = self._account()
        name = quote(account, safe="") if account else ""
        # LINE's URL schemes, read 2026-11-23.
        return Invitation(
            customer=customer.name,
            contact=contact.name,
            page_url=f"{self._p.house.public_url}/line/{code}",
            message=code,
            ends_at=ends_at,
            add_url=f"https://line.me/R/ti/p/{name}" if name else None,
            send_url=f"https://line.me/R/oaMessage/{name}/?{quote(code, safe='')}"
            if name
            else None,
        )


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes | None:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
