"""Messages to look at one by one: texts of a customer's own, and those to high-value customers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from campaigns.flow.approve import EDITABLE, require
from campaigns.model.access import Actor
from campaigns.model.campaign import Campaign
from campaigns.model.errors import Fault, RequestInvalid, WrongState
from campaigns.model.ids import CampaignId, CustomerId, MessageId
from campaigns.model.message import Message, MessageStatus, Review
from campaigns.orchestrator.drafts import Drafts
from campaigns.orchestrator.lookup import campaign_in, message_in
from campaigns.orchestrator.ports import Ports

MOST = 50  # customers of one campaign; each text is paid for and looked at by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """A campaign's customers with a text of their own, and the messages to look at."""

    campaign: Campaign
    messages: Sequence[Message]

    @property
    def waiting(self) -> int:
        """How many messages nobody looked at yet."""
        return sum(not m.reviewed_by for m in self.messages)


class Individual:
    """Choosing who gets a text of their own, and looking at each."""

    def __init__(self, ports: Ports, drafts: Drafts) -> None:
        self._p = ports
        self._drafts = drafts

    def set(self, campaign_id: CampaignId, chosen: Sequence[CustomerId], actor: Actor) -> Alone:
        """Have these customers written to individually, and no others; voids an approval.

        Raises `WrongState` without a model, with variants, or once a message left;
        `RequestInvalid` naming a customer who is not in the campaign.
        """
        campaign, kept = self._drafts.opened(campaign_id)
        if chosen and self._p.account_writer is None:
            raise WrongState(
                "A text for one customer alone is written by a model, and none is configured. "
                "Set OPENAI_API_KEY or OPENAI_BASE_URL, or edit the message by hand."
            )
        if chosen and campaign.variants:
            raise WrongState(
                f"Campaign {campaign_id} tries variants, which a text of one customer's own would "
                "falsify. Remove the variants first."
            )
        if any(m.attempt for m in kept.values()):
            raise WrongState(f"A message of campaign {campaign_id} has left already.")
        wanted = tuple(dict.fromkeys(chosen))
        there = {m.customer_id for m in kept.values()}
        faults = [
            Fault(f"/customers/{n}", f"{customer_id} gets no message in this campaign")
            for n, customer_id in enumerate(wanted)
            if customer_id not in there
        ]
        if len(wanted) > MOST:
            faults.append(Fault("/customers", f"at most {MOST} customers"))
        if faults:
            raise RequestInvalid(faults)
        changed = replace(campaign, individual=wanted)
        self._drafts.redone(changed, kept, actor, "individual", {"chosen": list(wanted)})
        return self.get(campaign_id)

    def get(self, campaign_id: CampaignId) -> Alone:
        """Return who is written to individually, with every message to look at."""
        with self._p.store.read() as tx:
            campaign = campaign_in(tx, campaign_id)
            messages = [m for m in tx.messages.all(campaign_id) if m.review]
        return Alone(campaign=campaign, messages=messages)

    def review(self, campaign_id: CampaignId, message_id: MessageId, actor: Actor) -> Message:
        """Note that somebody looked at a message as it reads now; other words ask again.

        Of messages to be looked at for their language, one look is for all that say the same
        with other facts in it.

        Raises `WrongState` when it needs no look, is blocked, or can no longer be changed.
        """
        with self._p.store.begin() as tx:
            require(campaign_in(tx, campaign_id), EDITABLE, "looked at")
            message = message_in(tx, campaign_id, message_id)
            if message.review is None:
                raise WrongState(f"Message {message_id} is one of a cohort: approve them together.")
            alike = [message]
            if message.review is Review.LANGUAGE:
                alike += [m for m in tx.messages.all(campaign_id) if _says_the_same(m, message)]
            if not all(
                tx.messages.edit(replace(m, reviewed_by=actor.name), [MessageStatus.VERIFIED])
                for m in alike
            ):
                raise WrongState(
                    f"Message {message_id} is {message.status.value}: only one that the fact guard "
                    "lets pass can be taken as looked at."
                )
            tx.audit.add(
                self._p.clock.now(),
                actor.name,
                "message.reviewed",
                f"message:{message_id}",
                {"why": message.review.value, "messages": len(alike)},
            )
            return message_in(tx, campaign_id, message_id)


def _says_the_same(other: Message, seen: Message) -> bool:
    """Whether a message is the text somebody looked at, with another contact's facts in it."""
    if other.id == seen.id or other.edited or seen.edited or other.review is not Review.LANGUAGE:
        return False
    return other.status is MessageStatus.VERIFIED and _form(other) == _form(seen)


def _form(message: Message) -> tuple[object, ...]:
    """Return what decides which of a text's sentences a message has, and how they are filled."""
    facts = message.facts
    shown = min(facts.zone_count or 0, 2), min(len(facts.zone_names), 2)
    whole = (facts.zone_count or 0) == len(facts.zone_names)
    return message.cohort, message.gaps, facts.lapsed, shown, whole, facts.offers
