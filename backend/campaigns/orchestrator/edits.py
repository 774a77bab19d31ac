"""A person's own words in one message: checked at once, and an approval is void."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from campaigns.flow.approve import EDITABLE, require
from campaigns.model.access import Actor, Scope
from campaigns.model.campaign import Campaign
from campaigns.model.errors import NotAllowed, Stale, WrongState
from campaigns.model.ids import CampaignId, MessageId
from campaigns.model.message import Message
from campaigns.model.message import MessageStatus as M
from campaigns.model.ports import Tx
from campaigns.orchestrator.approvals import save, void_approval
from campaigns.orchestrator.lookup import campaign_in, message_in
from campaigns.orchestrator.ports import Ports
from campaigns.orchestrator.seal import hash_now
from campaigns.orchestrator.words import Claim, claims_of, confirmed, sourced
from campaigns.orchestrator.writing import Writing


class Edits:
    """Changing a message, and naming who stands behind what it claims."""

    def __init__(self, ports: Ports, writing: Writing) -> None:
        self._p = ports
        self._writing = writing

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
        with self._p.store.read() as tx:
            campaign, old = self._editable(tx, campaign_id, message_id)
            customer = tx.customers.get(old.customer_id)
        # Nothing is locked meanwhile: the cohort's text may have to be written again.
        edited = self._writing.edited(campaign, customer, old, changes)
        with self._p.store.begin() as tx:
            now, there = self._editable(tx, campaign_id, message_id)
            if (now.revision, there.text) != (campaign.revision, old.text):
                raise Stale("The campaign changed meanwhile. Read the message again, then edit it.")
            return self._put(tx, now, edited, actor, {"changed": sorted(changes)})

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
            named = sourced(old, f"{actor.name}: {source}", actor.name)
            return self._put(tx, campaign, named, actor, {"claims": claims, "source": source})

    def confirm(
        self, campaign_id: CampaignId, message_id: MessageId, claim: Claim, actor: Actor
    ) -> Message:
        """Have a person answer for words that neither the record nor the vocabulary holds; audited.

        Only for plain words: a figure, a name or a promise needs a source. Raises `WrongState`
        when there is nothing to confirm there, `Stale` when the message says something else now.
        """
        with self._p.store.begin() as tx:
            campaign, old = self._editable(tx, campaign_id, message_id)
            if not claim.stands_in(old):
                raise Stale("The message changed meanwhile. Read it again, then confirm its words.")
            named = confirmed(old, claim, actor.name)
            if named.vouched == old.vouched:
                raise _not_confirmable(claim.words)
            return self._put(
                tx, campaign, named, actor, {"claims": [claim.words]}, "message.confirmed"
            )

    def confirm_words(
        self, campaign_id: CampaignId, message_id: MessageId, words: Sequence[str], actor: Actor
    ) -> Message:
        """Confirm words wherever the message says them: all of them, or with `WrongState` none."""
        with self._p.store.begin() as tx:
            campaign, old = self._editable(tx, campaign_id, message_id)
            named = old
            for said in words:
                claims = claims_of(old, said)
                if not claims:
                    raise _not_confirmable(said)
                for claim in claims:
                    named = confirmed(named, claim, actor.name)
            return self._put(
                tx, campaign, named, actor, {"claims": list(words)}, "message.confirmed"
            )

    def _editable(
        self, tx: Tx, campaign_id: CampaignId, message_id: MessageId
    ) -> tuple[Campaign, Message]:
        campaign = campaign_in(tx, campaign_id)
        require(campaign, EDITABLE, "edited")
        return campaign, message_in(tx, campaign_id, message_id)

    def _put(
        self,
        tx: Tx,
        campaign: Campaign,
        message: Message,
        actor: Actor,
        detail: dict[str, object],
        action: str = "message.edited",
    ) -> Message:
        """Store a changed message; the campaign is a draft again with a new content hash."""
        now = self._p.clock.now()
        campaign = void_approval(tx, campaign, now)
        if not tx.messages.edit(message, [M.VERIFIED, M.BLOCKED]):
            raise WrongState(f"Message {message.id} has left and can no longer be edited.")
        save(tx, replace(campaign, content_hash=hash_now(tx, campaign.id), updated_at=now))
        tx.audit.add(
            now,
            actor.name,
            action,
            f"message:{message.id}",
            detail | {"status": message.status.value},
        )
        return message_in(tx, campaign.id, message.id)

    def tried(
        self, campaign_id: CampaignId, message_id: MessageId, changes: Mapping[str, str | None]
    ) -> Message:
        """Return a message as `edit` would make it, checked; nothing is stored."""
        with self._p.store.read() as tx:
            campaign = campaign_in(tx, campaign_id)
            require(campaign, EDITABLE, "edited")
            old = message_in(tx, campaign_id, message_id)
            customer = tx.customers.get(old.customer_id)
        return self._writing.edited(campaign, customer, old, changes)


def _not_confirmable(words: str) -> WrongState:
    return WrongState(
        f"Nothing about “{words}” can be confirmed by hand: only words that the fact guard found no "
        "source for. A figure, a name or a promise needs a source, named by an approver."
    )
