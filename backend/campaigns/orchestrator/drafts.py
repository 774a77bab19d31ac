"""From a request to messages ready for review: interpret, resolve, compose, check, edit."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from campaigns.flow.approve import EDITABLE, require
from campaigns.flow.plan import amend, structured
from campaigns.flow.variants import spread
from campaigns.model.access import Actor, Scope
from campaigns.model.audience import Audience, Toggle
from campaigns.model.campaign import Campaign, CampaignStatus
from campaigns.model.customer import Channel
from campaigns.model.errors import NotAllowed, WrongState
from campaigns.model.ids import CampaignId, ContactId, CustomerId, MessageId
from campaigns.model.message import Message, MessageStatus
from campaigns.model.plan import CampaignType, Filters, Plan
from campaigns.model.ports import Tx
from campaigns.orchestrator.approvals import save, void_approval
from campaigns.orchestrator.customers import CustomerBook
from campaigns.orchestrator.hints import hint
from campaigns.orchestrator.lookup import campaign_in, message_in
from campaigns.orchestrator.opinions import with_opinions
from campaigns.orchestrator.ports import Ports
from campaigns.orchestrator.sends import hash_of
from campaigns.orchestrator.writing import Kept, Writing, sourced

C = CampaignStatus
M = MessageStatus
NAME_CHARS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Sample messages and counts; the campaign's content hash is what an approval is bound to."""

    campaign: Campaign
    audience: Audience
    samples: Sequence[Message]
    counts: Mapping[tuple[Channel, MessageStatus], int]
    languages: Mapping[str, int]
    gaps: Mapping[str, int]
    variants: Mapping[str, int]  # customers by variant


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A new campaign, resolved, written and checked, not stored yet."""

    campaign: Campaign
    audience: Audience
    messages: Sequence[Message]


class Drafts:
    """The steps up to review."""

    def __init__(self, ports: Ports, book: CustomerBook, writing: Writing) -> None:
        self._p = ports
        self._book = book
        self._writing = writing

    # --- making ----------------------------------------------------------------------------------

    def plan(self, request: str) -> Plan:
        """Read a request; nothing is stored."""
        vocabulary = self._book.vocabulary
        return self._p.interpreter.interpret(request, vocabulary, self._p.clock.local_now())

    def look(self, request: str) -> tuple[Plan, Audience]:
        """Read a request and resolve its audience; nothing is stored."""
        plan = self.plan(request)
        return plan, self.audience_of(plan)

    def audience_of(self, plan: Plan) -> Audience:
        """Resolve a plan's audience; nothing is stored."""
        with self._p.store.read() as tx:
            return self._resolve(tx, plan, ())

    def create(self, request: str, actor: Actor, name: str = "") -> tuple[Campaign, Audience]:
        """Create a campaign from a request in words."""
        return self._store_new(self.plan(request), request, actor, name)

    def create_structured(
        self, body: Mapping[str, object], actor: Actor
    ) -> tuple[Campaign, Audience]:
        """Create a campaign from a structured request; raises `RequestInvalid` with pointers."""
        given = {key: value for key, value in body.items() if key != "name"}
        return self._store_new(self.structured(given), None, actor, str(body.get("name", "")))

    def structured(self, body: Mapping[str, object]) -> Plan:
        """Read a structured request; nothing is stored. Raises `RequestInvalid` with pointers."""
        vocabulary, occasions = self._book.vocabulary, self._p.writer.occasions()
        return structured(body, vocabulary, self._p.clock.today(), occasions)

    def _store_new(
        self, plan: Plan, request: str | None, actor: Actor, name: str
    ) -> tuple[Campaign, Audience]:
        draft = self.draft(plan, request, actor.name, name)
        with self._p.store.begin() as tx:
            self.put_new(tx, draft, actor)
        return draft.campaign, draft.audience

    def draft(
        self,
        plan: Plan,
        request: str | None,
        author: str,
        name: str = "",
        toggles: Sequence[Toggle] = (),
    ) -> Draft:
        """Return a new campaign with its audience and messages; nothing is stored."""
        now = self._p.clock.now()
        campaign = Campaign(
            id=CampaignId(self._p.ids.new("c")),
            name=name or _name(plan, request),
            status=C.DRAFT if plan.is_clear else C.NEEDS_CLARIFICATION,
            request=request,
            plan=plan,
            author=author,
            created_at=now,
            updated_at=now,
            toggles=tuple(toggles),
        )
        audience, messages = self._build(campaign, {})
        campaign = replace(campaign, content_hash=hash_of(messages, audience))
        return Draft(campaign=campaign, audience=audience, messages=messages)

    def put_new(self, tx: Tx, draft: Draft, actor: Actor) -> None:
        """Store a new campaign in the caller's transaction."""
        campaign = draft.campaign
        tx.campaigns.add(campaign)
        tx.campaigns.freeze(campaign.id, draft.audience)
        tx.messages.add(draft.messages)
        tx.audit.add(
            campaign.created_at,
            actor.name,
            "campaign.created",
            f"campaign:{campaign.id}",
            {"engine": campaign.plan.engine, "customers": draft.audience.customers},
        )

    def _resolve(self, tx: Tx, plan: Plan, toggles: Sequence[Toggle]) -> Audience:
        if not plan.is_clear:
            return Audience(customers=0, zones=0, hint=hint(tx, plan))
        audience = tx.customers.resolve(plan, toggles)
        return replace(audience, hint="" if audience.customers else hint(tx, plan))

    def _build(self, campaign: Campaign, kept: Kept) -> tuple[Audience, Sequence[Message]]:
        """Resolve and write; hand edits of messages that stay are kept and checked again.

        Nothing is locked meanwhile: writing for thousands takes seconds.
        """
        with self._p.store.read() as tx:
            audience = self._resolve(tx, campaign.plan, campaign.toggles)
            customers = tx.customers.many([m.customer_id for m in audience.members])
        return audience, self._writing.write(campaign, audience, customers, kept)

    # --- changing --------------------------------------------------------------------------------

    def change(
        self, campaign_id: CampaignId, patch: Mapping[str, object], actor: Actor
    ) -> tuple[Campaign, Audience]:
        """Change the plan, the contacts or the name; anything but the name voids an approval."""
        now = self._p.clock.now()
        campaign, kept = self.opened(campaign_id)
        name = str(patch.get("name") or campaign.name)
        if set(patch) == {"name"}:
            with self._p.store.begin() as tx:
                save(tx, replace(campaign, name=name, updated_at=now))
                return campaign_in(tx, campaign_id), tx.campaigns.audience(campaign_id)
        plan, request = self._changed_plan(campaign, patch)
        changed = replace(
            campaign,
            name=name,
            request=request,
            plan=plan,
            toggles=_toggles(campaign.toggles, patch.get("contacts")),
        )
        return self.redone(changed, kept, actor, "changed", {"keys": sorted(patch)})

    def opened(self, campaign_id: CampaignId) -> tuple[Campaign, Kept]:
        """Return a campaign that may be changed, with its messages as they are."""
        with self._p.store.read() as tx:
            campaign = campaign_in(tx, campaign_id)
            require(campaign, EDITABLE, "changed")
            return campaign, {(m.contact_id, m.channel): m for m in tx.messages.all(campaign_id)}

    def redone(
        self,
        changed: Campaign,
        kept: Kept,
        actor: Actor,
        what: str,
        detail: Mapping[str, object],
    ) -> tuple[Campaign, Audience]:
        """Resolve and write a changed campaign anew and store it as a draft; voids an approval."""
        now = self._p.clock.now()
        clear = changed.plan.is_clear
        changed = replace(
            changed,
            status=C.DRAFT if clear else C.NEEDS_CLARIFICATION,
            approval=None,
            updated_at=now,
        )
        audience, messages = self._build(changed, kept)
        with self._p.store.begin() as tx:
            save(tx, replace(changed, content_hash=hash_of(messages, audience)))
            tx.campaigns.freeze(changed.id, audience)
            tx.messages.replace_drafts(changed.id, messages)
            said = {**detail, "customers": audience.customers}
            tx.audit.add(now, actor.name, f"campaign.{what}", f"campaign:{changed.id}", said)
            return campaign_in(tx, changed.id), audience

    def _changed_plan(
        self, campaign: Campaign, patch: Mapping[str, object]
    ) -> tuple[Plan, str | None]:
        request = campaign.request
        plan = campaign.plan
        if patch.get("human_request") is not None:
            request = str(patch["human_request"])
            plan = self.plan(request)
        rest = {k: v for k, v in patch.items() if k not in ("human_request", "name", "contacts")}
        if rest:
            today, occasions = self._p.clock.today(), self._p.writer.occasions()
            plan = amend(plan, rest, self._book.vocabulary, today, occasions)
        return plan, request

    def edit(
        self,
        campaign_id: CampaignId,
        message_id: MessageId,
        changes: Mapping[str, str | None],
        actor: Actor,
    ) -> Message:
        """Change a message's words and check it at once; "text" None restores the library's.

        Voids an approval: what was approved is no longer what is there.
        """
        with self._p.store.begin() as tx:
            campaign, old = self._editable(tx, campaign_id, message_id)
            customer = tx.customers.get(old.customer_id)
            edited = self._writing.edited(campaign, customer, old, changes)
            return self._put(tx, campaign, edited, actor, {"changed": sorted(changes)})

    def source(
        self, campaign_id: CampaignId, message_id: MessageId, source: str, actor: Actor
    ) -> Message:
        """Name the source of a blocked message's claims; by an approver, and audited."""
        if not actor.allows(Scope.APPROVE):
            raise NotAllowed("Naming a source for a claim needs a key with the `approve` scope.")
        with self._p.store.begin() as tx:
            campaign, old = self._editable(tx, campaign_id, message_id)
            if old.status is not M.BLOCKED:
                raise WrongState(f"Message {message_id} is {old.status.value}: nothing blocks it.")
            claims = [c.found for c in old.checks if not c.ok]
            named = sourced(old, f"{actor.name}: {source}")
            return self._put(tx, campaign, named, actor, {"claims": claims, "source": source})

    def _editable(
        self, tx: Tx, campaign_id: CampaignId, message_id: MessageId
    ) -> tuple[Campaign, Message]:
        campaign = campaign_in(tx, campaign_id)
        require(campaign, EDITABLE, "edited")
        return campaign, message_in(tx, campaign_id, message_id)

    def _put(
        self, tx: Tx, campaign: Campaign, message: Message, actor: Actor, detail: dict[str, object]
    ) -> Message:
        """Store a changed message; the campaign is a draft again with a new content hash."""
        now = self._p.clock.now()
        campaign = void_approval(tx, campaign, now)
        if not tx.messages.edit(message, [M.VERIFIED, M.BLOCKED]):
            raise WrongState(f"Message {message.id} has left and can no longer be edited.")
        content_hash = hash_of(tx.messages.all(campaign.id), tx.campaigns.audience(campaign.id))
        save(tx, replace(campaign, content_hash=content_hash, updated_at=now))
        tx.audit.add(
            now,
            actor.name,
            "message.edited",
            f"message:{message.id}",
            detail | {"status": message.status.value},
        )
        return message_in(tx, campaign.id, message.id)

    def correction(
        self, rolled_back: Campaign, reached: Sequence[CustomerId], actor: Actor
    ) -> Campaign | None:
        """Draft, never send, a correction to exactly the customers a campaign reached."""
        if not reached:
            return None
        plan = Plan(
            type=CampaignType.ANNOUNCEMENT,
            filters=Filters(customer=tuple(reached)),
            context="a correction to our last message",
            channels=rolled_back.channels,
            assumptions=(f"everybody campaign {rolled_back.id} reached, and nobody else",),
            engine="rollback",
        )
        campaign, _ = self._store_new(plan, None, actor, f"Correction to {rolled_back.name}")
        return campaign

    # --- reading ---------------------------------------------------------------------------------

    def get(self, campaign_id: CampaignId) -> Campaign:
        """Return one campaign."""
        with self._p.store.read() as tx:
            return campaign_in(tx, campaign_id)

    def page(
        self, status: CampaignStatus | None, cursor: str, limit: int
    ) -> tuple[Sequence[Campaign], str | None]:
        """Return a page of campaigns, newest first."""
        with self._p.store.read() as tx:
            return tx.campaigns.page(status, cursor, limit)

    def audience(
        self, campaign_id: CampaignId, cursor: str = "", limit: int = 50
    ) -> tuple[Audience, str | None]:
        """Return the frozen audience with one page of its members."""
        first = int(cursor) if cursor.isdecimal() else 0
        with self._p.store.read() as tx:
            campaign_in(tx, campaign_id)
            audience = tx.campaigns.audience(campaign_id, first, limit)
        following = first + limit
        return audience, str(following) if following < audience.customers else None

    def preview(self, campaign_id: CampaignId, samples: int) -> Preview:
        """Return samples, one a customer before a second to anybody, and counts of all.

        Providers that validate without sending are asked about the samples.
        """
        with self._p.store.read() as tx:
            campaign = campaign_in(tx, campaign_id)
            messages = tx.messages.all(campaign_id)
            audience = tx.campaigns.audience(campaign_id, 0, 0)
            counts = tx.messages.counts(campaign_id)
        first: dict[CustomerId, Message] = {}
        for m in messages:
            first.setdefault(m.customer_id, m)
        others = [m for m in messages if first[m.customer_id] is not m]
        return Preview(
            campaign=campaign,
            audience=audience,
            samples=with_opinions(
                [*spread([*first.values()]), *others][:samples], self._p.opinions
            ),
            counts=counts,
            languages=Counter(m.language for m in messages),
            gaps=Counter(gap for m in messages for gap in m.gaps),
            variants=Counter(m.variant for m in first.values() if m.variant),
        )

    def messages(
        self, campaign_id: CampaignId, cursor: str, limit: int, *, tests: bool = False
    ) -> tuple[Sequence[Message], str | None]:
        """Return a page of messages with their history."""
        with self._p.store.read() as tx:
            campaign_in(tx, campaign_id)
            return tx.messages.page(campaign_id, cursor, limit, tests=tests)

    def message(self, campaign_id: CampaignId, message_id: MessageId) -> Message:
        """Return one message with its history."""
        with self._p.store.read() as tx:
            return message_in(tx, campaign_id, message_id)


def _name(plan: Plan, request: str | None) -> str:
    if request:
        words = " ".join(request.split())
        return words if len(words) <= NAME_CHARS else words[: NAME_CHARS - 1] + "…"
    kind = plan.type.value.replace("_", " ").capitalize() if plan.type else "Campaign"
    whom = (
        ", ".join((*plan.filters.brand, *plan.filters.country, *plan.filters.city)) or "customers"
    )
    return f"{kind}: {whom}"[:NAME_CHARS]


def _toggles(old: Sequence[Toggle], changes: object) -> tuple[Toggle, ...]:
    """Return the toggles with `changes` (as the API takes them) put over the old ones."""
    merged = {(t.customer_id, t.contact_id): t for t in old}
    for change in changes if isinstance(changes, list) else []:
        customer_id = CustomerId(change["customer_id"])
        contact = change.get("contact_id")
        contact_id = ContactId(contact) if contact else None
        merged[customer_id, contact_id] = Toggle(
            customer_id=customer_id, contact_id=contact_id, include=change["include"]
        )
    return tuple(merged.values())
