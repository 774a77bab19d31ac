"""Every error the product raises on purpose.

    CampaignError
    +- BookError             the customer book cannot be read or changed
       +- BookChanged        it is not the file any more that was read                 (409)
       +- EditRefused        what was to be written would not be read back             (422)
    +- RequestInvalid        a request breaks the contract: pointers name each place   (422)
       +- Unconfirmed        words without a source that nobody stands for yet         (422)
    +- NotFound              no such campaign, message, customer                        (404)
    +- NotAllowed            the caller lacks a scope, or approves their own draft      (403)
    +- WrongState            the thing is in a state that does not allow it             (409)
    +- Stale                 it changed since it was read; approve what is shown now    (409)
    +- BudgetSpent           a model may not be paid any more                           (409)
    +- ProviderRefused       a provider said no to something other than a message      (502)
    +- SignInFailed          an identity provider did not prove who somebody is         (403)
    +- FolderInUse           another process works on this data folder
    +- DatabaseRefused       a database must not be worked on, or written to, like this
    +- SettingInvalid        a setting is missing or malformed; its name is given

Expected outcomes (a skipped message, a question back) are values, not errors. Each message
names the thing and says what to do next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class CampaignError(Exception):
    """The root of the tree; `title` is a short heading, `str(error)` the whole sentence.

    Where the way out is another one in the console, `programs` names it for the API and the
    terminal and `people` for those at the console, who read `for_people` instead.
    """

    title = "Something went wrong"

    def __init__(self, told: str, *, programs: str = "", people: str = "") -> None:
        super().__init__(f"{told} {programs}".rstrip())
        self.for_people = f"{told} {people}".rstrip()


class BookError(CampaignError):
    """The customer book cannot be read or changed; the message names file and line."""

    title = "The customer book cannot be used"


class BookChanged(BookError):
    """The book is not the file any more that was read, or somebody is changing it right now."""

    title = "The customer book changed meanwhile"


class EditRefused(BookError):
    """What was to be written into the book would not be read back; nothing was written."""

    title = "The customer book cannot take this"


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken place in a request: an RFC 6901 JSON pointer ("/filters/size/0") and why."""

    pointer: str
    detail: str


class RequestInvalid(CampaignError):
    """A request breaks the contract."""

    title = "The request is not valid"

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{f.pointer or '/'}: {f.detail}" for f in self.faults))


class Unconfirmed(RequestInvalid):
    """Words have no source in the record, and nobody has said that they stand for them."""

    title = "Words without a source"


class Among(StrEnum):
    """The list in which the right one stands; the API and the terminal each say where that is."""

    AUTOMATIONS = "automations"
    CAMPAIGNS = "campaigns"
    CHANGES = "changes"
    CONTACTS = "contacts"
    CUSTOMERS = "customers"
    KEYS = "keys"
    LINES = "lines"
    MESSAGES = "messages"
    PEOPLE = "people"
    REPLIES = "replies"
    TEMPLATES = "templates"


class NotFound(CampaignError):
    """There is no such thing; `among` is the list to look it up in, where there is one."""

    title = "Not found"

    def __init__(self, message: str, among: Among | None = None) -> None:
        super().__init__(message)
        self.among = among


class NotAllowed(CampaignError):
    """The caller may not do this."""

    title = "Not allowed"


class WrongState(CampaignError):
    """The thing is in a state that does not allow this; the message names the way on."""

    title = "Not possible in this state"


class Stale(CampaignError):
    """It changed since the caller read it."""

    title = "Changed meanwhile"


class BudgetSpent(CampaignError):
    """A call to a model would cross a budget; the message names the budget and its setting."""

    title = "The model's budget is used up"


class ProviderRefused(CampaignError):
    """A provider said no, or could not be reached; the message gives its words and the way out."""

    title = "The provider refused"


class SignInFailed(CampaignError):
    """An identity provider did not prove who somebody is, or the house does not know them."""

    title = "You are not signed in"


class FolderInUse(CampaignError):
    """Another process works on this data folder; the message gives its pid."""

    title = "The data folder is in use"


class DatabaseRefused(CampaignError):
    """A database must not be worked on, or written to, like this; the message gives the way out."""

    title = "The database refuses"


class SettingInvalid(CampaignError):
    """A setting is missing or malformed."""

    title = "A setting is wrong"
