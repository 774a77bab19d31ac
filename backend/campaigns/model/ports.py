"""The ports: what the glue asks of the edges. Adapters implement them; bootstrap picks.

Store ports are used inside a transaction: everything done through one `Tx` is committed
together or not at all, and every change of a state is conditional on the old one.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from campaigns.model.access import ApiKey
from campaigns.model.audience import Audience, Member, Toggle
from campaigns.model.audit import AuditEntry
from campaigns.model.automation import Automation, Proposal, Run
from campaigns.model.campaign import Campaign, CampaignStatus
from campaigns.model.change import Change, ChangeStatus, Origin
from campaigns.model.consent import Consent, Suppression, SuppressionReason
from campaigns.model.customer import Channel, Customer, Private
from campaigns.model.delivery import (
    Claim,
    DeliveryEvent,
    EventType,
    Lane,
    Quota,
    QuotaUse,
    Recorded,
    SendOutcome,
)
from campaigns.model.facts import Facts
from campaigns.model.ids import (
    AutomationId,
    CampaignId,
    CustomerId,
    KeyId,
    MessageId,
    PersonId,
    ReplyId,
)
from campaigns.model.lists import CustomerQuery, InboxFilter, InboxQuery, TrailQuery
from campaigns.model.message import Message, MessageStatus, Template
from campaigns.model.people import Assignment, Person, Session, Ticket
from campaigns.model.plan import Plan, Revision
from campaigns.model.record import (
    Book,
    Diagnostic,
    DuplicateSuspicion,
    Glance,
    Mark,
    Read,
    RecordKind,
    Severity,
)
from campaigns.model.reply import Intent, Reading, Reply, ReplyContext, Sender
from campaigns.model.spending import Job, ModelCall, Spending, Tokens
from campaigns.model.template import KnownTemplate, TemplateNews, TemplateSpec, WantedTemplate
from campaigns.model.text import Cohort, CohortText, Rendered, Rewritten, Wish
from campaigns.model.vocabulary import Tally, Vocabulary
from campaigns.model.webhook import RawWebhook, Told

# --- time and ids ------------------------------------------------------------------------------


class Clock(Protocol):
    """The only source of time.

    `now` is aware UTC; `today` the date where the house is, `local_now` the time there.
    """

    def now(self) -> datetime: ...
    def today(self) -> date: ...
    def local_now(self) -> datetime: ...


class Ids(Protocol):
    """The only source of ids and secrets."""

    def new(self, prefix: str) -> str:
        """Return a new id such as "c_01J..."; ids of one prefix sort by age."""
        ...

    def secret(self) -> str:
        """Return a new URL-safe secret of at least 256 bits."""
        ...


# --- the AI layer ------------------------------------------------------------------------------


class Interpreter(Protocol):
    """Turns a request into a plan by the rules of the glossary; never widens."""

    @property
    def name(self) -> str: ...

    def interpret(
        self,
        request: str,
        vocabulary: Vocabulary,
        now: datetime,
        charge: CampaignId | None = None,
    ) -> Plan:
        """Read `request`; `now` is aware, in the house's own time zone.

        `charge` is the campaign that pays when a model is asked, None when it belongs to none.
        """
        ...

    def revise(
        self, plan: Plan, request: str, words: str, vocabulary: Vocabulary, now: datetime
    ) -> Revision:
        """Read a follow-up to a plan: an answer to its question, or an edit."""
        ...


class Writer(Protocol):
    """Writes one text per cohort, in slot form; sees no customer data."""

    @property
    def name(self) -> str: ...

    def write(
        self, cohort: Cohort, context: str | None, charge: CampaignId | None = None
    ) -> CohortText:
        """Write the text of `cohort`. `context` is the request's own topic words, if any.

        Callers may ask for several cohorts at once, from several threads.
        """
        ...

    def occasions(self) -> Sequence[str]:
        """Return the keys of the occasions there are texts for."""
        ...


class Rewriter(Protocol):
    """Writes a text anew in another manner, in slot form; sees no customer data."""

    def rewrite(
        self, text: CohortText, wish: Wish, words: str, charge: CampaignId | None = None
    ) -> Iterator[str | Rewritten]:
        """Yield words as they are written, then the whole text once.

        The first and the last three paragraphs of `text` are the house's and stay. `words` say
        what is wanted for `Wish.OWN`.
        """
        ...

    def house_paragraphs(self, cohort: Cohort) -> Sequence[tuple[str, ...]]:
        """Return what people of the house wrote for this purpose, in every tone and length."""
        ...


class ReplyReader(Protocol):
    """Reads a reply: intents, sentiment, language, confidence, evidence."""

    @property
    def name(self) -> str: ...

    def read(
        self, text: str, context: ReplyContext, charge: CampaignId | None = None
    ) -> Reading: ...


class Shelf(Protocol):
    """Keeps what a model wrote, so that the same text is paid for once."""

    def text(self, key: str) -> CohortText | None:
        """Return the text kept under `key`, a digest of all that was asked."""
        ...

    def keep(self, key: str, text: CohortText) -> None:
        """Keep a text; one that is there already stays."""
        ...


class Purse(Protocol):
    """Pays for calls to a model; the only way to spend, so budgets hold in every process."""

    def reserve(self, job: Job, charge: CampaignId | None, most: Tokens) -> str:
        """Set aside what a call may cost at most, and return the call's id.

        `charge` is the campaign that pays, None when it belongs to none. Raises BudgetSpent.
        """
        ...

    def settle(self, call: str, tokens: Tokens | None, outcome: str) -> None:
        """Replace what was set aside by what the call used; None leaves all of it spent."""
        ...


# --- channels ----------------------------------------------------------------------------------


class Carrier(Protocol):
    """One channel's adapter: dresses, judges and sends messages.

    `quota` is our own cap on it; `simulated` is True when nothing leaves this machine;
    `ready` is None when it can send, else what is missing ("SMTP_SERVER is not set").
    """

    @property
    def channel(self) -> Channel: ...
    @property
    def quota(self) -> Quota: ...
    @property
    def simulated(self) -> bool: ...
    @property
    def ready(self) -> str | None: ...

    def dress(
        self, text: CohortText, rendered: Rendered, facts: Facts
    ) -> tuple[str | None, Template | None]:
        """Return the HTML and the template a rendered text is sent as, where the channel has them."""
        ...

    def problem(self, message: Message) -> str | None:
        """Return why the provider would refuse this message's form, or None."""
        ...

    async def send(self, message: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
        """Send `message` once.

        `leaving` is called exactly once, immediately before the first byte that could deliver
        the message; it commits SENDING durably. When it returns False the message is no longer
        ours to send: nothing leaves and None is returned.
        """
        ...

    async def probe(self) -> str | None:
        """Reach the provider and log in, sending nothing; return what is wrong, or None."""
        ...

    async def close(self) -> None:
        """Give back connections."""
        ...


class Webhook(Protocol):
    """Reads what a channel's provider tells by HTTP requests to us."""

    def verifies(self, body: bytes, signature: str) -> bool:
        """Whether the provider signed exactly these bytes; in constant time."""
        ...

    def read(self, body: bytes, received_at: datetime) -> Told:
        """Read a verified body. Never raises: what cannot be read is among the faults."""
        ...


class TemplateApi(Protocol):
    """The templates of our account at the provider."""

    def spec(self, wanted: WantedTemplate) -> TemplateSpec:
        """Return the whole template a wanted one is submitted as."""
        ...

    def faults(self, spec: TemplateSpec) -> Sequence[str]:
        """Return which of the provider's rules a template breaks; nothing is asked."""
        ...

    def list(self) -> Sequence[TemplateNews]:
        """Ask for every template of the account. Raises `ProviderRefused`."""
        ...

    def create(self, spec: TemplateSpec) -> TemplateNews:
        """Submit a new template for approval. Raises `ProviderRefused`."""
        ...


class News(Protocol):
    """A source of delivery events that is asked (simulators, mailboxes)."""

    def fetch(self, now: datetime) -> Sequence[DeliveryEvent]:
        """Return news due by `now` that was not acknowledged, oldest first."""
        ...

    def acknowledge(self, events: Iterable[DeliveryEvent]) -> None:
        """Forget events that are durably stored."""
        ...


# --- the store ---------------------------------------------------------------------------------


class Customers(Protocol):
    """The read side of the customer book."""

    def replace(self, book: Book, digest: str) -> None:
        """Make the tables equal to `book`; `digest` is the SHA-256 of the file it was read from."""
        ...

    def hold(self) -> None:
        """Keep other processes from reading the book in until this transaction ends."""
        ...

    def came_from(self, digest: str, reader: str = "", updated: date | None = None) -> None:
        """Note what the tables are now equal to: a file's SHA-256, who read it, its own date."""
        ...

    def source(self) -> tuple[str, str] | None:
        """Return the digest of the file the tables are equal to, and which reader read it."""
        ...

    def digest(self) -> str | None: ...
    def book_date(self) -> date | None:
        """Return the book's own date when it was last read."""
        ...

    def known(self) -> Sequence[tuple[CustomerId, str, str]]:
        """Return (id, name, fingerprint) of every customer, in the book's order."""
        ...

    def count(self) -> int: ...
    def look(self, plan: Plan, samples: int) -> tuple[int, Sequence[Customer]]:
        """Return how many customers a clear plan reaches, and the first of them."""
        ...

    def resolve(self, plan: Plan, toggles: Sequence[Toggle] = ()) -> Audience:
        """Return the audience of a clear plan, contacts chosen and blocked addresses out."""
        ...

    def get(self, customer_id: CustomerId) -> Customer | None: ...
    def many(self, ids: Sequence[CustomerId]) -> Mapping[CustomerId, Customer]: ...
    def private(self, customer_id: CustomerId) -> Private | None:
        """Return notes, hardware and account id: only for callers with the `notes` scope."""
        ...

    def page(
        self, search: str, cursor: str, limit: int
    ) -> tuple[Sequence[Customer], str | None]: ...
    def at_address(self, channel: Channel, address: str) -> Sequence[Sender]:
        """Return every contact with exactly this normalised address."""
        ...

    def addresses(self, channel: Channel) -> frozenset[str]:
        """Return every address customers have on a channel."""
        ...

    def counts(self, column: str) -> Mapping[str, int]:
        """Return how many customers have each value of a column; "unknown" counts blanks."""
        ...

    def reachability(self) -> Mapping[str, int]:
        """Return how many customers have an address per channel, and how many have none."""
        ...


class Entries(Protocol):
    """The customer book's entries as last read, customers or not; the file is the truth."""

    def known(self) -> Sequence[Mark]:
        """Return every entry, in the book's order."""
        ...

    def mark(self, entry_id: CustomerId) -> Mark | None: ...
    def starting_after(self, day: date) -> frozenset[CustomerId]:
        """Return the customers whose contract starts after `day`."""
        ...

    def put(self, entries: Iterable[Read]) -> int:
        """Store entries in place of what stood under their ids; return how many."""
        ...

    def move(self, moved: Iterable[tuple[CustomerId, int, int]]) -> None:
        """Give entries that did not change their place now: (id, position, line)."""
        ...

    def drop(self, ids: Iterable[CustomerId]) -> None:
        """Take entries out, with what was said about them."""
        ...

    def glances(self) -> Iterable[Glance]:
        """Yield every customer at a glance, in the book's order."""
        ...

    def kinds(self) -> Mapping[RecordKind, int]: ...
    def tally(self) -> Tally:
        """Return how many customers have each value a request can name."""
        ...


class Remarks(Protocol):
    """What is wrong with the customer book, as said when it was last read."""

    def say(
        self,
        compared: Mapping[CustomerId, Sequence[Diagnostic]],
        suspicions: Iterable[DuplicateSuspicion],
        outside: Iterable[Diagnostic],
    ) -> None:
        """Store what comparing entries says and what is said outside them, in place of before."""
        ...

    def counts(self) -> Mapping[str, tuple[int, int]]:
        """Return, for each code, how often it was said and in which line first."""
        ...

    def page(
        self,
        first: int,
        limit: int,
        *,
        code: str | None = None,
        severities: Iterable[Severity] = ...,
        entry_id: CustomerId | None = None,
    ) -> Sequence[Diagnostic]:
        """Return remarks by their line, from the `first`-th on."""
        ...

    def suspicions(self) -> Sequence[DuplicateSuspicion]: ...


class Changes(Protocol):
    """What the house did to the book file, and where imported values came from."""

    def add(self, change: Change) -> None:
        """Store a change that is about to be made."""
        ...

    def settle(self, change_id: str, old: ChangeStatus, new: ChangeStatus) -> bool:
        """Set `new` when the status is `old`; return whether it was."""
        ...

    def get(self, change_id: str) -> Change | None: ...
    def begun(self) -> Sequence[Change]:
        """Return the changes that were begun and never settled, oldest first."""
        ...

    def page(self, cursor: str, limit: int) -> tuple[Sequence[Change], str | None]: ...
    def last_done(self) -> Change | None:
        """Return the newest change that stands and takes none back."""
        ...

    def remember(self, origins: Iterable[Origin]) -> None: ...
    def origins(self, customer_id: CustomerId) -> Sequence[Origin]: ...


class Campaigns(Protocol):
    """Campaigns and their frozen audiences."""

    def add(self, campaign: Campaign) -> None: ...
    def get(self, campaign_id: CampaignId) -> Campaign | None: ...
    def lock(self, campaign_id: CampaignId) -> None:
        """Have nobody else lock or change the campaign until the transaction ends."""
        ...

    def page(
        self, status: CampaignStatus | None, cursor: str, limit: int
    ) -> tuple[Sequence[Campaign], str | None]: ...
    def move(
        self,
        campaign_id: CampaignId,
        old: Iterable[CampaignStatus],
        new: CampaignStatus,
        at: datetime,
    ) -> bool:
        """Set `new` when the status is one of `old`; return whether it was."""
        ...

    def save(self, campaign: Campaign, expected_revision: int) -> bool:
        """Store every field, as the next revision, when the stored one is the expected one."""
        ...

    def counts(self) -> Mapping[CampaignStatus, int]: ...
    def freeze(self, campaign_id: CampaignId, audience: Audience) -> None:
        """Store the audience snapshot, in place of the one before."""
        ...

    def audience(
        self, campaign_id: CampaignId, first: int = 0, limit: int | None = None
    ) -> Audience:
        """Return the frozen audience; its members from position `first`, at most `limit`."""
        ...


class Messages(Protocol):
    """Messages as written, checked and approved; their sending is `Outbox`."""

    def replace_drafts(self, campaign_id: CampaignId, messages: Sequence[Message]) -> None:
        """Drop the campaign's messages that never left, tests aside, and store these."""
        ...

    def add(self, messages: Sequence[Message]) -> None: ...
    def drop_tests(self, campaign_id: CampaignId) -> None: ...
    def get(self, message_id: MessageId) -> Message | None: ...
    def page(
        self, campaign_id: CampaignId, cursor: str, limit: int, *, tests: bool = False
    ) -> tuple[Sequence[Message], str | None]: ...
    def all(self, campaign_id: CampaignId) -> Sequence[Message]:
        """Return every message that is no test, ordered by id, without history."""
        ...

    def edit(self, changed: Message, old: Iterable[MessageStatus]) -> bool:
        """Store a changed message when its status is one of `old`; return whether it was."""
        ...

    def move_all(
        self,
        campaign_id: CampaignId,
        old: Iterable[MessageStatus],
        new: MessageStatus,
        at: datetime,
        reason: str | None = None,
    ) -> int:
        """Move every message of the campaign that is in `old`, tests aside; return how many."""
        ...

    def queue(
        self, campaign_id: CampaignId, customer_id: CustomerId | None, due: datetime, at: datetime
    ) -> Mapping[Channel, int]:
        """Queue the campaign's approved messages, or one customer's, to leave from `due` on."""
        ...

    def skip_channel(
        self, campaign_id: CampaignId, channel: Channel, reason: str, at: datetime
    ) -> int:
        """End the campaign's approved messages on one channel as skipped; return how many."""
        ...

    def counts(
        self, campaign_id: CampaignId, *, tests: bool = False
    ) -> Mapping[tuple[Channel, MessageStatus], int]: ...
    def latest_to(self, channel: Channel, address: str) -> Message | None:
        """Return the newest message that left for this address, tests aside."""
        ...


class Outbox(Protocol):
    """Messages on their way: claims, permits, attempts and delivery events.

    Every change is conditional on the message's state and attempt number, so that a worker
    that lost its claim changes nothing.
    """

    def claim(self, lane: Lane, quota: Quota, now: datetime, most: int, worker: str = "") -> Claim:
        """Claim up to `most` due messages, taking a permit of the quota for each, in one go.

        `worker` names who claims, so that its claims can be freed when it is dead.
        """
        ...

    def leaving(self, message_id: MessageId, attempt: int, at: datetime) -> bool:
        """CLAIMED to SENDING for exactly this attempt.

        False when it may not leave any more: no longer ours, its campaign not sending, its
        address suppressed or its channel halted.
        """
        ...

    def settle(
        self, message_id: MessageId, attempt: int, outcome: SendOutcome, at: datetime
    ) -> MessageStatus | None:
        """Record an attempt's outcome; return the message's state, None when not its attempt."""
        ...

    def hold(
        self,
        message_id: MessageId,
        attempt: int,
        until: datetime | None,
        reason: str | None,
        at: datetime,
    ) -> bool:
        """Give a claimed message and its permit back: not before `until`, and why.

        Without `until` it waits for a person (`resolve`).
        """
        ...

    def drop(
        self, message_id: MessageId, attempt: int, status: MessageStatus, reason: str, at: datetime
    ) -> bool:
        """End a claimed message as suppressed, skipped or failed; its permit is given back."""
        ...

    def resolve(
        self, message_id: MessageId, status: MessageStatus, reason: str, at: datetime
    ) -> bool:
        """Take a person's decision about a message in doubt or held: QUEUED sends it (again)."""
        ...

    def cancel(self, campaign_id: CampaignId, at: datetime) -> int:
        """End what the campaign has queued or claimed, tests too, permits given back; how many."""
        ...

    def workers(self) -> Collection[str]:
        """Return the names of the workers that have messages under way."""
        ...

    def recover(
        self, at: datetime, before: datetime | None = None, worker: str | None = None
    ) -> Mapping[MessageStatus, int]:
        """Free what a dead worker left: CLAIMED to QUEUED, SENDING to IN_DOUBT; return counts.

        With `before`, only what has not moved since then; with `worker`, only what it claimed.
        """
        ...

    def record(self, event: DeliveryEvent, received_at: datetime) -> Recorded:
        """Store an event and merge it into its message."""
        ...

    def would_record(self, event: DeliveryEvent) -> Recorded:
        """Return whether an event is new and which message it is about, storing nothing."""
        ...

    def newest(
        self, channel: Channel, address: str, types: Collection[EventType]
    ) -> Collection[EventType]:
        """Return the newest news of these types about an address; several at the same instant."""
        ...

    def heard_at(self, channel: Channel, address: str) -> datetime | None:
        """Return when a reply last came from an address, None when never."""
        ...

    def doubts(self, message_ids: Collection[MessageId]) -> Mapping[MessageId, datetime]:
        """Return since when it is not known of a message whether it left; absent means known."""
        ...

    def repeat(self, channel: Channel, since: datetime, at: datetime) -> Collection[CampaignId]:
        """Queue messages in doubt again on a channel whose provider knows a repeated request.

        Only those of sending campaigns whose doubt began at `since` or later and that rested for
        a while, longer after each attempt. Return their campaigns.
        """
        ...

    def let_go(
        self, templates: Collection[tuple[str, str]], at: datetime
    ) -> Collection[CampaignId]:
        """Have what is held for one of these templates (name, language) leave from `at` on.

        Return the campaigns.
        """
        ...

    def use(self, channel: Channel, quota: Quota, now: datetime) -> QuotaUse: ...
    def halted(self) -> Mapping[Channel, str]:
        """Return the channels on which nothing may leave, and why."""
        ...

    def halt(self, channel: Channel, reason: str) -> None:
        """Let nothing leave on a channel until it is reopened."""
        ...

    def reopen(self, channel: Channel) -> bool:
        """Let a halted channel send again; False when it was not halted."""
        ...

    def lanes(self) -> Sequence[Lane]:
        """Return every lane with queued messages that may go, now or at their time."""
        ...

    def finished(self) -> Sequence[CampaignId]:
        """Return the sending campaigns of which nothing is queued, under way or in doubt."""
        ...


class Replies(Protocol):
    """Replies as kept."""

    def add(self, reply: Reply) -> None: ...
    def get(self, reply_id: ReplyId) -> Reply | None: ...
    def page(
        self,
        cursor: str,
        limit: int,
        campaign_id: CampaignId | None = None,
        *,
        waiting: bool = False,
    ) -> tuple[Sequence[Reply], str | None]: ...
    def finish(self, reply_id: ReplyId, at: datetime) -> bool: ...
    def open_complaint(self, customer_id: CustomerId) -> str | None:
        """Return why campaigns to a customer wait: a complaint nobody dealt with yet, or None."""
        ...

    def by_intent(self, campaign_id: CampaignId | None = None) -> Mapping[Intent, int]: ...
    def scores(self, campaign_id: CampaignId | None = None) -> Sequence[int]: ...
    def answered(self, campaign_id: CampaignId) -> Mapping[str, frozenset[str]]:
        """Return, per intent, the customers of a campaign whose replies led with it."""
        ...


class Consents(Protocol):
    """Suppressions and consents, outside the book so that they survive every import."""

    def suppress(self, suppression: Suppression) -> bool:
        """Block an address; False when it was blocked already (the first row is kept)."""
        ...

    def lift(self, channel: Channel, address: str) -> bool: ...
    def suppressed(
        self, addresses: Iterable[tuple[Channel, str]]
    ) -> Mapping[tuple[Channel, str], Suppression]: ...
    def page(self, cursor: str, limit: int) -> tuple[Sequence[Suppression], str | None]: ...
    def count(self) -> int: ...
    def consent(self, consent: Consent) -> None: ...
    def withdraw(self, channel: Channel, address: str) -> None: ...
    def consented(
        self, addresses: Iterable[tuple[Channel, str]]
    ) -> frozenset[tuple[Channel, str]]: ...
    def evidence(
        self, addresses: Iterable[tuple[Channel, str]]
    ) -> Mapping[tuple[Channel, str], Consent]:
        """Return the recorded consents among `addresses`."""
        ...

    def blocked(
        self, addresses: Collection[tuple[Channel, str]]
    ) -> Mapping[tuple[Channel, str], str]:
        """Return why each address may not be written to; absent means it may."""
        ...


class Automations(Protocol):
    """Automations, their runs, and whom they proposed."""

    def add(self, automation: Automation) -> None: ...
    def get(self, automation_id: AutomationId) -> Automation | None: ...
    def page(self, cursor: str, limit: int) -> tuple[Sequence[Automation], str | None]: ...
    def active(self) -> Sequence[Automation]:
        """Return every automation that is on, the one that waited longest first."""
        ...

    def save(self, automation: Automation) -> bool:
        """Store every field as the next revision when the stored one is the one it was read at."""
        ...

    def remove(self, automation_id: AutomationId) -> bool: ...
    def add_run(self, run: Run) -> None:
        """Store a run; a second one of the same due time is refused."""
        ...

    def runs(
        self, automation_id: AutomationId, cursor: str, limit: int
    ) -> tuple[Sequence[Run], str | None]: ...
    def latest_runs(self, ids: Sequence[AutomationId]) -> Mapping[AutomationId, Run]: ...
    def proposed(self, automation_id: AutomationId) -> Mapping[CustomerId, Proposal]:
        """Return the latest proposal of every customer the automation ever proposed."""
        ...

    def propose(self, automation_id: AutomationId, proposals: Sequence[Proposal]) -> None: ...


class Keys(Protocol):
    """API keys as stored."""

    def add(self, key: ApiKey) -> None: ...
    def by_hash(self, secret_hash: str) -> ApiKey | None: ...
    def all(self) -> Sequence[ApiKey]: ...
    def revoke(self, key_id: KeyId, at: datetime) -> bool: ...


class People(Protocol):
    """People with an account, their sessions and the one-time links that let them in."""

    def add(self, person: Person) -> None: ...
    def get(self, person_id: PersonId) -> Person | None: ...
    def by_email(self, email: str) -> Person | None: ...
    def all(self) -> Sequence[Person]: ...
    def change(self, person: Person) -> None:
        """Store every field of a person who is there."""
        ...

    def open(self, session: Session) -> None: ...
    def session(self, token_hash: str) -> Session | None: ...
    def touch(self, token_hash: str, at: datetime) -> None:
        """Note when a session, and so its person, was last seen."""
        ...

    def close(self, token_hash: str) -> None: ...
    def close_all(self, person_id: PersonId) -> int:
        """End every session of a person; return how many."""
        ...

    def issue(self, ticket: Ticket) -> None:
        """Store a one-time link; earlier ones of the same kind for the same person are void."""
        ...

    def ticket(self, token_hash: str) -> Ticket | None: ...
    def use(self, token_hash: str, at: datetime) -> bool:
        """Use a one-time link up; False when it was used already."""
        ...

    def failed(self, email: str, at: datetime) -> None:
        """Note a wrong password for an e-mail address, whether it has an account or not."""
        ...

    def failures(self, email: str, since: datetime) -> Sequence[datetime]:
        """Return when wrong passwords were given since then, oldest first."""
        ...

    def forgive(self, email: str) -> None: ...


class Desk(Protocol):
    """What people at the console look for: lists with a search, a filter, pages and totals."""

    def campaigns(
        self, statuses: Collection[CampaignStatus], words: str, first: int, limit: int
    ) -> tuple[Sequence[Campaign], int]:
        """Return campaigns in any of `statuses` (none means all) by name, and how many match."""
        ...

    def member_ids(self, campaign_id: CampaignId) -> Sequence[CustomerId]:
        """Return the audience's customers in its order: the soonest contract end first."""
        ...

    def members(
        self, campaign_id: CampaignId, ids: Collection[CustomerId]
    ) -> Mapping[CustomerId, Member]: ...
    def messages_to(
        self, campaign_id: CampaignId, ids: Collection[CustomerId]
    ) -> Mapping[CustomerId, Sequence[Message]]:
        """Return the campaign's messages to these customers, tests aside, without history."""
        ...

    def first_blocked(self, campaign_id: CampaignId) -> Message | None: ...
    def outline(self, campaign_id: CampaignId) -> Sequence[tuple[MessageId, CustomerId, bool]]:
        """Return (id, customer, edited by hand) of every message, in the audience's order."""
        ...

    def languages(self, campaign_id: CampaignId) -> Mapping[str, int]: ...
    def under_way_with(self, ids: Collection[CustomerId]) -> Sequence[str]:
        """Return the names of campaigns approved or under way that write to these customers."""
        ...

    def customers(
        self, query: CustomerQuery, first: int, limit: int
    ) -> tuple[Sequence[Customer], int, int]:
        """Return customers that match, how many do, and how many zones those have."""
        ...

    def suppressions(
        self, words: str, reason: SuppressionReason | None, first: int, limit: int
    ) -> tuple[Sequence[tuple[Suppression, CustomerId | None, str | None]], int]:
        """Return suppressions, newest first, each with a customer that has the address, if any."""
        ...

    def trail(self, query: TrailQuery, before: int | None, limit: int) -> Sequence[AuditEntry]:
        """Return entries older than `before`, newest first."""
        ...

    def actors(self) -> Sequence[str]: ...
    def assign(self, assignment: Assignment) -> None:
        """Hand something to a person, in place of whoever had it."""
        ...

    def assigned(self, subjects: Collection[str]) -> Mapping[str, Assignment]: ...


class Inbox(Protocol):
    """Conversations: replies by who wrote them, and everything that went to and fro."""

    def conversations(self, query: InboxQuery, first: int, limit: int) -> Sequence[Reply]:
        """Return the newest matching reply of each address."""
        ...

    def counts(self, query: InboxQuery) -> Mapping[InboxFilter, int]: ...
    def waiting(self) -> int:
        """Return how many conversations wait for a person."""
        ...

    def newest(self) -> str: ...
    def replies_from(self, channel: Channel, address: str, limit: int) -> Sequence[Reply]: ...
    def messages_to(
        self, channel: Channel, address: str, limit: int
    ) -> Sequence[tuple[Message, datetime]]:
        """Return the newest messages that left for an address and when, oldest first."""
        ...

    def of_customer(self, customer_id: CustomerId, limit: int) -> Sequence[Reply]: ...
    def campaigns_of(
        self, customer_id: CustomerId, limit: int
    ) -> Sequence[tuple[CampaignId, Message]]:
        """Return the newest messages that left for a customer, newest first."""
        ...

    def reread(self, changed: Reply) -> None:
        """Store another reading of a reply, and what follows from it."""
        ...

    def finish(self, done: Reply, at: datetime) -> bool:
        """Mark a reply and what came before it from the same address as dealt with."""
        ...

    def reopen(self, finished: Reply) -> bool:
        """Take up again what was dealt with together with a reply; False when it was open."""
        ...


class Queued(Protocol):
    """What waits on one channel: how many messages, until when the first, and why."""

    @property
    def messages(self) -> int: ...
    @property
    def until(self) -> datetime | None: ...
    @property
    def reason(self) -> str | None: ...


class Answered(Protocol):
    """One reply to a campaign, as far as counting goes."""

    @property
    def channel(self) -> Channel: ...
    @property
    def intent(self) -> Intent: ...
    @property
    def customer_id(self) -> CustomerId: ...
    @property
    def at(self) -> datetime: ...


class UsualOutcome(Protocol):
    """What became of all other campaigns together; customers are counted once a campaign."""

    @property
    def sent(self) -> int: ...
    @property
    def delivered(self) -> int: ...
    @property
    def read(self) -> int: ...
    @property
    def customers_reached(self) -> int: ...
    @property
    def customers_replied(self) -> int: ...


class Progress(Protocol):
    """What becomes of a campaign while it is sent; test messages aside."""

    def queues(self, campaign_id: CampaignId) -> Mapping[Channel, Queued]:
        """Return what is queued on each channel; what is held for a person is not among it."""
        ...

    def reached(self, campaign_id: CampaignId) -> int:
        """Return how many customers got at least one message delivered."""
        ...

    def left_since(self, campaign_id: CampaignId, since: datetime) -> int: ...
    def answers(self, campaign_id: CampaignId) -> Sequence[Answered]:
        """Return every reply of known customers to the campaign, oldest first."""
        ...

    def usual(self, campaign_id: CampaignId) -> UsualOutcome: ...
    def troubles(self, campaign_id: CampaignId, limit: int) -> tuple[Sequence[Message], int]:
        """Return messages that did not arrive or wait for a decision, and how many there are."""
        ...

    def recipients(
        self,
        campaign_id: CampaignId,
        statuses: Collection[MessageStatus],
        channel: Channel | None,
        first: int,
        limit: int,
    ) -> tuple[Sequence[Message], int]:
        """Return messages in any of `statuses` (none means all) on a channel, and how many."""
        ...

    def tests(self, campaign_id: CampaignId) -> Sequence[Message]: ...


class Audit(Protocol):
    """The audit trail."""

    def add(
        self, at: datetime, actor: str, action: str, subject: str, detail: Mapping[str, object]
    ) -> AuditEntry: ...
    def page(
        self, cursor: str, limit: int, subject: str = ""
    ) -> tuple[Sequence[AuditEntry], str | None]: ...
    def from_start(self) -> Iterable[AuditEntry]: ...


class KeptAnswer(Protocol):
    """The first call under an Idempotency-Key. `status` is None while it is under way."""

    @property
    def request_hash(self) -> str: ...
    @property
    def status(self) -> int | None: ...
    @property
    def body(self) -> str | None: ...


class Webhooks(Protocol):
    """Verified requests of providers, kept as they came until everything in them is taken in."""

    def keep(self, channel: Channel, body: bytes, at: datetime) -> bool:
        """Store a request; False when exactly this one is there already."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[RawWebhook]:
        """Return requests to read now, oldest first; each is due again later unless finished."""
        ...

    def finish(self, webhook_id: str, at: datetime, trouble: str | None = None) -> None:
        """Note that everything in a request is taken in, and what of it could not be read."""
        ...

    def troubled(self, limit: int) -> Sequence[RawWebhook]:
        """Return the newest requests with something in them that could not be read."""
        ...

    def waiting(self) -> int:
        """Return how many requests are not taken in yet."""
        ...

    def forget(self, before: datetime) -> int:
        """Drop requests taken in before then; return how many."""
        ...


class Identities(Protocol):
    """The ids providers have for people, beside the addresses we write to."""

    def learn(self, channel: Channel, user_id: str, address: str, at: datetime) -> None:
        """Note that a provider's id belongs to an address; the newest word counts."""
        ...

    def address_of(self, channel: Channel, user_id: str) -> str | None: ...


class Templates(Protocol):
    """WhatsApp templates as Meta told us they are."""

    def all(self) -> Sequence[KnownTemplate]: ...
    def get(self, name: str, language: str) -> KnownTemplate | None: ...
    def put(self, template: KnownTemplate) -> None:
        """Store a template, in place of what was known."""
        ...

    def wanted(self) -> Sequence[WantedTemplate]:
        """Return the templates that messages not sent yet are to be sent with."""
        ...


class Idempotency(Protocol):
    """Answers kept under an Idempotency-Key, so that a repeated write is answered, not redone."""

    def begin(
        self, key: str, caller: str, request_hash: str, at: datetime
    ) -> KeptAnswer | None: ...
    def finish(self, key: str, caller: str, status: int, body: str) -> None: ...
    def abandon(self, key: str, caller: str) -> None: ...


class ModelCalls(Protocol):
    """Calls to a model, and what they cost."""

    def lock(self) -> None:
        """Let nobody else reserve until this transaction ends."""
        ...

    def reserve(self, call: ModelCall, most: Tokens, cost: Decimal) -> None:
        """Note a call that is about to be made, with the most it can cost."""
        ...

    def settle(self, call_id: str, tokens: Tokens, cost: Decimal, outcome: str) -> None:
        """Put what a call used in place of what was set aside."""
        ...

    def leave(self, call_id: str, outcome: str) -> None:
        """End a call whose cost nobody knows: all that was set aside stays spent."""
        ...

    def spending(
        self, since: datetime | None = None, campaign_id: CampaignId | None = None
    ) -> Spending:
        """Return what was spent, calls under way in full; exact after `lock`."""
        ...


class ModelTexts(Protocol):
    """Texts that a model wrote."""

    def get(self, key: str) -> CohortText | None: ...
    def put(self, key: str, text: CohortText, at: datetime) -> None:
        """Keep a text; one that is there already stays."""
        ...


class Tx(Protocol):
    """One transaction over the whole store."""

    @property
    def customers(self) -> Customers: ...
    @property
    def entries(self) -> Entries: ...
    @property
    def remarks(self) -> Remarks: ...
    @property
    def changes(self) -> Changes: ...
    @property
    def campaigns(self) -> Campaigns: ...
    @property
    def messages(self) -> Messages: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def replies(self) -> Replies: ...
    @property
    def consents(self) -> Consents: ...
    @property
    def automations(self) -> Automations: ...
    @property
    def keys(self) -> Keys: ...
    @property
    def people(self) -> People: ...
    @property
    def desk(self) -> Desk: ...
    @property
    def progress(self) -> Progress: ...
    @property
    def inbox(self) -> Inbox: ...
    @property
    def audit(self) -> Audit: ...
    @property
    def webhooks(self) -> Webhooks: ...
    @property
    def identities(self) -> Identities: ...
    @property
    def templates(self) -> Templates: ...
    @property
    def idempotency(self) -> Idempotency: ...
    @property
    def model_calls(self) -> ModelCalls: ...
    @property
    def model_texts(self) -> ModelTexts: ...
    def latest_instant(self) -> datetime | None:
        """Return the newest time any table knows, for a clock that must not run backwards."""
        ...


class Store(Protocol):
    """The database."""

    def begin(self) -> AbstractContextManager[Tx]:
        """Open a transaction that may write: committed when the block ends, else rolled back."""
        ...

    def read(self) -> AbstractContextManager[Tx]:
        """Open a consistent view for reading only."""
        ...


class Dispatcher(Protocol):
    """The durable engine behind sending."""

    def start(
        self,
        tx: Tx,
        campaign: Campaign,
        channels: Sequence[Channel],
        at: datetime,
        *,
        tests: bool = False,
    ) -> None:
        """Have the campaign's queued messages sent from `at` on, enqueued in this transaction.

        With `tests` only its test messages, whatever the campaign's state.
        """
        ...
