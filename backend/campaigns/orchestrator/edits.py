"""A person's own words in a message, and who answers for words: an approval is void."""

from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

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
from campaigns.orchestrator.words import (
    Claim,
    claims_of,
    confirmed,
    confirmed_words,
    found_in,
    sourced,
)
from campaigns.orchestrator.writing import Writing

REMEMBERED = 200  # counts kept, so that a page counts again only when something changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """The message that words were read in, as it is now, and in how many they were confirmed.

    Of those `blocked` have other faults still.
    """

    message: Message
    messages: int
    blocked: int


class Edits:
    """Changing a message, and naming who stands behind what it claims."""

    def __init__(self, ports: Ports, writing: Writing) -> None:
        self._p = ports
        self._writing = writing
        self._looks: OrderedDict[tuple[object, ...], Mapping[str, int]] = OrderedDict()

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
    ) -> Confirmed:
        """Confirm words wherever the message says them: all of them, or with `WrongState` none."""
        with self._p.store.begin() as tx:
            campaign, old = self._editable(tx, campaign_id, message_id)
            _require_said(words, lambda said: bool(claims_of(old, said)))
            named = confirmed_words(old, words, actor.name)
            put = self._put(
                tx, campaign, named, actor, {"claims": list(words)}, "message.confirmed"
            )
        return Confirmed(message=put, messages=1, blocked=int(put.status is M.BLOCKED))

    def confirm_everywhere(
        self, campaign_id: CampaignId, message_id: MessageId, words: Sequence[str], actor: Actor
    ) -> Confirmed:
        """Confirm words of one message in every message of the campaign that is blocked for them.

        Where another is blocked for more of the same sentence, that is left to be looked at there.
        Who answers for them has read them in that one, where they may be confirmed by now. In one
        transaction and with one entry in the audit trail. Raises `WrongState` when that message
        does not say one of them or nothing is left to confirm, `Stale` when somebody was faster.
        """
        with self._p.store.read() as tx:
            campaign, read = self._editable(tx, campaign_id, message_id)
            _require_said(words, lambda said: bool(found_in(read, said)))
            # Another record may not hold what this one's does: that is not what was read here.
            found = frozenset().union(*(found_in(read, said) for said in words))
            # Nothing is locked meanwhile: thousands of messages are read.
            named = [
                after
                for m in tx.messages.blocked(campaign_id)
                if (after := confirmed_words(m, words, actor.name, found)).vouched > m.vouched
            ]
        if not named:
            raise _not_confirmable(words[0])
        blocked = sum(m.status is M.BLOCKED for m in named)
        now = self._p.clock.now()
        with self._p.store.begin() as tx:
            if not tx.messages.edit_all(named, M.BLOCKED):
                raise Stale(f"Messages of campaign {campaign_id} changed meanwhile. Try again.")
            # Words and addresses are as they were, and so is the content hash.
            save(tx, replace(void_approval(tx, campaign, now), updated_at=now))
            tx.audit.add(
                now,
                actor.name,
                "campaign.confirmed",
                f"campaign:{campaign_id}",
                {
                    "claims": list(words),
                    "read_in": message_id,
                    "messages": len(named),
                    "blocked": blocked,
                },
            )
            put = message_in(tx, campaign_id, message_id)
        return Confirmed(message=put, messages=len(named), blocked=blocked)

    def elsewhere(self, message: Message, words: Collection[str]) -> Mapping[str, int]:
        """Return in how many other messages of its campaign each of the words may be confirmed.

        They are words that may be confirmed in this one.
        """
        found = {said: found_in(message, said) for said in words}
        if not found:
            return {}
        with self._p.store.read() as tx:
            campaign = campaign_in(tx, message.campaign_id)
            look = (campaign.id, campaign.revision, frozenset(found.items()))
            counted = self._looks.get(look)
            if counted is None:
                counted = self._looks[look] = Counter(
                    said
                    for blocked in tx.desk.findings(campaign.id)
                    for said in found
                    if claims_of(blocked, said, found[said])
                )
        while len(self._looks) > REMEMBERED:
            self._looks.popitem(last=False)
        return {said: number - 1 for said, number in counted.items()}

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


def _require_said(words: Iterable[str], is_said: Callable[[str], bool]) -> None:
    for said in words:
        if not is_said(said):
            raise _not_confirmable(said)


def _not_confirmable(words: str) -> WrongState:
    return WrongState(
        f"Nothing about “{words}” can be confirmed by hand: only words that the fact guard found no "
        "source for. A figure, a name or a promise needs a source, named by an approver."
    )
