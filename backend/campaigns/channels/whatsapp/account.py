"""Our own phone number at Meta: whether it can be used, and how many people it may write to.

Source: Cloud API "Messaging limits" and "Business phone numbers", read 2026-11-23.
"""

import re

import httpx2
import phonenumbers
from pydantic import BaseModel, ValidationError

from campaigns.channels.whatsapp.errors import GraphError, error_in
from campaigns.channels.wire import NEVER_SENT, Endpoint, client
from campaigns.model.template import TemplateCategory

FIELDS = "display_phone_number,quality_rating,whatsapp_business_manager_messaging_limit"
UNLIMITED = 1_000_000_000
_TIER = re.compile(r"TIER_(?:(\d+)(K?)|(UNLIMITED))")


class PhoneNumber(BaseModel):
    """What Meta tells about a phone number; the limit is the whole portfolio's."""

    id: str = ""
    display_phone_number: str = ""
    quality_rating: str = ""
    whatsapp_business_manager_messaging_limit: str | int | None = None

    @property
    def limit(self) -> int | None:
        """How many people may be written to in a rolling 24 hours, None when it is not said."""
        return limit_from(self.whatsapp_business_manager_messaging_limit)


def limit_from(said: str | int | None) -> int | None:
    """Read a messaging limit: "TIER_2K", "TIER_UNLIMITED", 2000, or -1 for no limit."""
    if said is None or (isinstance(said, str) and not said):
        return None
    if isinstance(said, int) or said.lstrip("-").isdecimal():
        number = int(said)
        return UNLIMITED if number < 0 else number
    found = _TIER.fullmatch(said)
    if found is None:
        return None
    if found[3]:
        return UNLIMITED
    return int(found[1]) * (1000 if found[2] else 1)


def gets_no(category: TemplateCategory | None, address: str) -> bool:
    """Whether Meta delivers no message of this category to a number: marketing to US numbers."""
    if category is not TemplateCategory.MARKETING or not address.startswith("+1"):
        return False
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(address)) == "US"
    except phonenumbers.NumberParseException:
        return False


def phone_number_in(body: bytes) -> PhoneNumber | None:
    """Return the phone number a body describes, None when it is something else."""
    try:
        return PhoneNumber.model_validate_json(body)
    except ValidationError:
        return None


async def probe(endpoint: Endpoint, phone_number_id: str) -> str | None:
    """Ask for the phone number once; return what is wrong and the way out, or None."""
    async with client(endpoint) as http:
        try:
            answer = await http.get(f"/{phone_number_id}", params={"fields": FIELDS})
        except NEVER_SENT as error:
            return f"{endpoint.base_url} cannot be reached ({error}); check CAMPAIGNS_WHATSAPP_URL."
        except httpx2.HTTPError as error:
            return f"{endpoint.base_url} does not answer ({type(error).__name__}); try again later."
    if answer.status_code == 200 and phone_number_in(answer.content) is not None:
        return None
    refusal = error_in(answer.content)
    if refusal is None:
        return (
            f"{endpoint.base_url} answers HTTP {answer.status_code}, and not as Meta does; "
            "check CAMPAIGNS_WHATSAPP_URL and any proxy."
        )
    return _way_out(refusal, phone_number_id)


def _way_out(error: GraphError, phone_number_id: str) -> str:
    said = f"Meta says: {error.words} (code {error.code})."
    if error.code in (0, 190):
        return (
            f"{said} The access token is no good any more: make a permanent one for a system user "
            "with whatsapp_business_messaging, and set WHATSAPP_ACCESS_TOKEN."
        )
    if error.code == 100:
        return (
            f"{said} Phone number {phone_number_id} is not there, or not this token's to see: "
            "check WHATSAPP_PHONE_NUMBER_ID (the id, not the number itself)."
        )
    return f"{said} See docs/whatsapp.md for what each code needs."
