"""Test sends: the first customer's messages, to ourselves where that can be."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from campaigns.flow.approve import require
from campaigns.model.access import Actor, Scope
from campaigns.model.campaign import Campaign, CampaignStatus
from campaigns.model.customer import Channel
from campaigns.model.errors import NotAllowed, WrongState
from campaigns.model.ids import CampaignId, MessageId
from campaigns.model.message import Message, MessageStatus
from campaigns.model.ports import Tx
from campaigns.orchestrator.approvals import save
from campaigns.orchestrator.lookup import campaign_in
from campaigns.orchestrator.openness import closed
from campaigns.orchestrator.ports import Ports
from campaigns.orchestrator.seal import require_what_was_approved
from campaigns.orchestrator.sends import UNSENT, Sent

C = CampaignStatus
M = MessageStatus

TESTABLE = frozenset({C.DRAFT, C.IN_REVIEW, C.APPROVED, C.REJECTED})


class TestMode:
    """The test step: `send` with `test_mode`."""

    __test__ = False  # not a class of pytest's

    def __init__(self, ports: Ports) -> None:
        self._p = ports

    def send(self, campaign_id: CampaignId, actor: Actor, channels: Sequence[Channel] = ()) -> Sent:
        """Send the first customer's messages only.

        They go to the house's own test address on a channel that has one, else into the
        simulator; then they are tests and mark nobody as reached. On a real channel without a
        test address they are that customer's real messages, and need the approval.
        """
        now = self._p.clock.now()
        with self._p.store.begin() as tx:
            campaign = campaign_in(tx, campaign_id)
            require(campaign, TESTABLE, "tested")
            first = self._first(tx, campaign, channels)
            own = [m for m in first if self._test_address(m) is not None]
            real = [m for m in first if self._test_address(m) is None]
            blocked = [m for m in first if m.status is M.BLOCKED]
            if blocked:
                raise WrongState(
                    f"Message {blocked[0].id} to {blocked[0].customer} is blocked by the fact "
                    "guard. Edit it first."
                )
            if real and campaign.status is not C.APPROVED:
                raise WrongState(
                    f"There is no test address for {', '.join(m.channel for m in real)}, so this "
                    f"test would be a real message to {real[0].customer} and needs an approval. "
                    "Set CAMPAIGNS_TEST_EMAIL, CAMPAIGNS_TEST_WHATSAPP or CAMPAIGNS_TEST_LINE, "
                    "or have the campaign approved."
                )
            if real and not actor.allows(Scope.SEND):
                raise NotAllowed("A real message needs a key with the `send` scope.")
            test_to = self._send_tests(tx, campaign, own, now) if own else {}
            if real:
                test_to |= self._send_first(tx, campaign, real, now)
            tx.audit.add(
                now,
                actor.name,
                "campaign.test",
                f"campaign:{campaign_id}",
                {"customer": first[0].customer_id, "real": [m.id for m in real]},
            )
            return Sent(
                campaign=campaign_in(tx, campaign_id),
                queued=len(first),
                skipped=(),
                test_to=test_to,
            )

    def _first(self, tx: Tx, campaign: Campaign, channels: Sequence[Channel]) -> Sequence[Message]:
        """Return the messages of the first customer that can get any, on ready channels."""
        usable = [
            m
            for m in tx.messages.all(campaign.id)
            if m.status in UNSENT and closed(self._p.carriers, channels, m.channel) is None
        ]
        for member in tx.campaigns.audience(campaign.id).members:
            if found := [m for m in usable if m.customer_id == member.customer_id]:
                return found
        raise WrongState(
            f"Campaign {campaign.id} has no message that could be sent as a test: nobody in "
            "its audience can be reached on a channel that is configured.",
            programs="`campaigns doctor` says what each channel needs.",
            people="Settings, Channels says what each channel needs.",
        )

    def _test_address(self, message: Message) -> str | None:
        own = self._p.house.test_addresses.get(message.channel)
        if own is not None:
            return own
        return message.address if self._p.carriers[message.channel].simulated else None

    def _send_tests(
        self, tx: Tx, campaign: Campaign, messages: Sequence[Message], now: datetime
    ) -> dict[Channel, str]:
        tx.messages.drop_tests(campaign.id)
        tests = [self._test_of(m, now) for m in messages]
        tx.messages.add(tests)
        channels = tuple(dict.fromkeys(m.channel for m in tests))
        self._p.dispatcher.start(tx, campaign, channels, now, tests=True)
        return {
            t.channel: f"{t.address} (simulator)"
            if self._p.carriers[t.channel].simulated
            else t.address
            for t in tests
        }

    def _test_of(self, message: Message, now: datetime) -> Message:
        """Return a copy to the test address; its unsubscribe link is that address's own."""
        test_id = MessageId(self._p.ids.new("t"))
        address = self._test_address(message) or message.address
        text, html = message.text, message.html
        old = message.facts.unsubscribe_url
        if old is not None:
            new = self._p.links.url(test_id, address)
            text, html = text.replace(old, new), html.replace(old, new) if html else None
        return replace(
            message,
            id=test_id,
            address=address,
            text=text,
            html=html,
            is_test=True,
            reserve=None,
            status=M.QUEUED,
            reason=None,
            not_before=now,
            updated_at=now,
        )

    def _send_first(
        self, tx: Tx, campaign: Campaign, messages: Sequence[Message], now: datetime
    ) -> dict[Channel, str]:
        """Send one customer's real messages; `settle` brings the campaign back to approved."""
        require_what_was_approved(tx, campaign)
        queued = tx.messages.queue(campaign.id, messages[0].customer_id, now, now)
        started = replace(campaign, status=C.SENDING, epoch=campaign.epoch + 1, updated_at=now)
        save(tx, started)
        self._p.dispatcher.start(tx, started, tuple(queued), now)
        return {m.channel: f"{m.address} (really to {m.customer})" for m in messages}
