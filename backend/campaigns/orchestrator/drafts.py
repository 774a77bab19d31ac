"""From a request to messages ready for review: interpret, resolve, compose, check, edit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from campaigns.flow.approve import EDITABLE, PUT_AWAY, require
from campaigns.flow.plan import amend, customer_ids, structured
from campaigns.flow.plan.wording import title
from campaigns.model.access import Actor
from campaigns.model.audience import Audience, Toggle
from campaigns.model.campaign import Campaign, CampaignStatus
from campaigns.model.ids import CampaignId, ContactId, CustomerId, MessageId
from campaigns.model.message import Message, MessageStatus
from campaigns.model.plan import CampaignType, Filters, Plan, reference
from campaigns.model.ports import Tx
from campaigns.model.spending import Forecast
from campaigns.orchestrator.approvals import remember_approval, save
from campaigns.orchestrator.costs import Costs
from campaigns.orchestrator.customers import CustomerBook
from campaigns.orchestrator.hints import hint
from campaigns.orchestrator.lookup import campaign_in, message_in
from campaigns.orchestrator.opinions import with_opinions
from campaigns.orchestrator.ports import Ports
from campaigns.orchestrator.previews import Preview, preview_of
from campaigns.orchestrator.seal import hash_of
from campaigns.orchestrator.writing import Kept, Writing

C = CampaignStatus
M = MessageStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A new campaign, resolved, written and checked, not stored yet."""

    campaign: Campaign
    audience: Audience
    messages: Sequence[Message]


class Drafts:
    """The steps up to review."""

    def __init__(
        self, ports: Ports, book: CustomerBook, writing: Writing, costs: Costs | None = None
    ) -> None:
        self._p = ports
        self._book = book
        self._writing = writing
        self._costs = costs

    # --- making ----------------------------------------------------------------------------------

    def plan(self, request: str, charge: CampaignId | None = None) -> Plan:
        """Read a request; nothing is stored. `charge` is the campaign that pays a model."""
        now = self._p.clock.local_now()
        return self._p.interpreter.interpret(request, self._book.vocabulary, now, charge)

    def look(self, request: str) -> tuple[Plan, Audience]:
        """Read a request and resolve its audience; nothing is stored."""
        plan = self.plan(request)
        return plan, self.audience_of(plan)

    def audience_of(self, plan: Plan) -> Audience:
        """Resolve a plan's audience; nothing is stored."""
        with self._p.store.read() as tx:
            return self._resolve(tx, plan, ())

    def forecast(self, plan: Plan, audience: Audience) -> Forecast | None:
        """Return the most a model would cost to write to `audience`, None where none writes."""
        if self._costs is None or not audience.members:
            return None
        with self._p.store.read() as tx:
            customers = tx.customers.many([m.customer_id for m in audience.members])
        return self._costs.forecast(self._writing.cohorts(plan, audience, customers), plan.context)

    def create(self, request: str, actor: Actor, name: str = "") -> tuple[Campaign, Audience]:
        """Create a campaign from a request in words."""
        campaign_id = self._new_id()
        plan = self.plan(request, campaign_id)
        return self._store_new(campaign_id, plan, actor, name, request)

    def create_structured(
        self, body: Mapping[str, object], actor: Actor
    ) -> tuple[Campaign, Audience]:
        """Create a campaign from a structured request; raises `RequestInvalid` with pointers."""
        given = {key: value for key, value in body.items() if key != "name"}
        plan = self.structured(given)
        return self._store_new(self._new_id(), plan, actor, str(body.get("name", "")))

    def structured(self, body: Mapping[str, object]) -> Plan:
        """Read a structured request; nothing is stored. Raises `RequestInvalid` with pointers."""
        vocabulary, occasions = self._book.vocabulary, self._p.writer.occasions()
        return structured(body, vocabulary, self._p.clock.today(), occasions, self._named(body))

    def _named(self, body: Mapping[str, object]) -> Mapping[CustomerId, str]:
        """Return the names of the customers whose ids a structured request gives."""
        given = customer_ids(body)
        if not given:
            return {}
        with self._p.store.read() as tx:
            return {i: c.name for i, c in tx.customers.many(list(given)).items()}

    def _new_id(self) -> CampaignId:
        return CampaignId(self._p.ids.new("c"))

    def _store_new(
        self,
        campaign_id: CampaignId,
        plan: Plan,
        actor: Actor,
        name: str,
        request: str | None = None,
    ) -> tuple[Campaign, Audience]:
        draft = self.draft(plan, request, actor.name, name, campaign_id=campaign_id)
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
        campaign_id: CampaignId | None = None,
    ) -> Draft:
        """Return a new campaign with its audience and messages; nothing is stored.

        `campaign_id` is the id that reading its request was charged to, if it was.
        """
        now = self._p.clock.now()
        campaign = Campaign(
            id=campaign_id or self._new_id(),
            name=name or title(plan, request),
            status=C.DRAFT if plan.is_clear else C.NEEDS_CLARIFICATION,
            request=request,
            plan=plan,
            author=author,
            created_at=now,
            updated_at=now,
            toggles=tuple(toggles),
            composed_from=self._book.digest,
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
        detail = {"keys": sorted(patch), **_decided(patch.get("contacts"))}
        return self.redone(changed, kept, actor, "changed", detail)

    def archive(self, campaign_id: CampaignId, actor: Actor, *, away: bool) -> Campaign:
        """Take a campaign off the list, or put it back. Raises `WrongState` while it is under way."""
        with self._p.store.begin() as tx:
            campaign = campaign_in(tx, campaign_id)
            require(campaign, PUT_AWAY if away else C, "archived")
            if campaign.archived is away:
                return campaign
            save(tx, replace(campaign, archived=away))
            what = "campaign.archived" if away else "campaign.unarchived"
            tx.audit.add(self._p.clock.now(), actor.name, what, f"campaign:{campaign_id}", {})
            return campaign_in(tx, campaign_id)

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
        """Resolve and write a changed campaign anew and store it as a draft; voids an approval.

        What left already, as a test to the first customer, stays as it was sent.
        """
        now = self._p.clock.now()
        clear = changed.plan.is_clear
        changed = replace(
            changed,
            status=C.DRAFT if clear else C.NEEDS_CLARIFICATION,
            archived=False,
            updated_at=now,
            composed_from=self._book.digest,
        )
        audience, messages = self._build(changed, kept)
        with self._p.store.begin() as tx:
            left = {m.id: m for m in tx.messages.all(changed.id) if m.attempt}
            messages = [m for m in messages if m.id not in left]
            whole = hash_of([*messages, *left.values()], audience)
            save(tx, replace(remember_approval(tx, changed), content_hash=whole))
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
            plan = self.plan(request, campaign.id)
        rest = {k: v for k, v in patch.items() if k not in ("human_request", "name", "contacts")}
        if rest:
            today, occasions = self._p.clock.today(), self._p.writer.occasions()
            ids = self._named(rest)
            plan = amend(plan, rest, self._book.vocabulary, today, occasions, ids)
        return plan, request

    def correction(
        self, rolled_back: Campaign, reached: Sequence[CustomerId], actor: Actor
    ) -> Campaign | None:
        """Draft, never send, a correction to exactly the customers a campaign reached."""
        if not reached:
            return None
        with self._p.store.read() as tx:
            known = tx.customers.many(reached)
        exactly = (reference(known[i].name if i in known else i, i) for i in reached)
        plan = Plan(
            type=CampaignType.ANNOUNCEMENT,
            filters=Filters(customer=tuple(exactly)),
            context="a correction to our last message",
            channels=rolled_back.channels,
            assumptions=(f"everybody campaign {rolled_back.id} reached, and nobody else",),
            engine="rollback",
        )
        name = f"Correction to {rolled_back.name}"
        campaign, _ = self._store_new(self._new_id(), plan, actor, name)
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
        """Return samples and counts of all.

        Providers that validate without sending are asked about the samples.
        """
        cost = self._costs.balance(campaign_id) if self._costs else None
        with self._p.store.read() as tx:
            seen = preview_of(tx, campaign_in(tx, campaign_id), samples, cost)
        return replace(seen, samples=with_opinions(seen.samples, self._p.opinions))

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


def _toggles(old: Sequence[Toggle], changes: object) -> tuple[Toggle, ...]:
    """Return the toggles with `changes` (as the API takes them) put over the old ones."""
    merged = {(t.customer_id, t.contact_id): t for t in old}
    for change in changes if isinstance(changes, list) else []:
        customer_id = CustomerId(change["customer_id"])
        contact = change.get("contact_id")
        contact_id = ContactId(contact) if contact else None
        before = merged.get((customer_id, contact_id))
        merged[customer_id, contact_id] = Toggle(
            customer_id=customer_id,
            contact_id=contact_id,
            include=change["include"],
            added=bool(change.get("added")) or (before is not None and before.added),
        )
    return tuple(merged.values())


def _decided(changes: object) -> dict[str, list[str]]:
    """Return whom toggles take in, add or leave out, for the audit trail."""
    told: dict[str, list[str]] = {}
    for change in changes if isinstance(changes, list) else []:
        what = "left_out" if not change["include"] else "added" if change.get("added") else "in"
        told.setdefault(what, []).append(change.get("contact_id") or change["customer_id"])
    return told
