"""Messages from texts and facts: written once a cohort, filled and checked once a contact."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from campaigns.flow.compose import render
from campaigns.model.audience import Audience
from campaigns.model.campaign import Campaign
from campaigns.model.customer import Channel, Contact, Customer
from campaigns.model.ids import ContactId, CustomerId, MessageId
from campaigns.model.message import Message
from campaigns.model.offer import Offer
from campaigns.model.plan import Tone
from campaigns.model.text import Cohort, CohortText
from campaigns.orchestrator.ports import Ports

Kept = Mapping[tuple[ContactId, Channel], Message]


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How the house writes: tones by brand or business type, offers it makes, languages."""

    tones: Mapping[str, Tone] = field(default_factory=dict)
    offers: Sequence[Offer] = ()
    languages: Sequence[str] = ("en", "th")


class Writing:
    """The compose and guard steps."""

    def __init__(self, ports: Ports, style: Style) -> None:
        self._p = ports
        self._style = style

    def write(
        self,
        campaign: Campaign,
        audience: Audience,
        customers: Mapping[CustomerId, Customer],
        kept: Kept,
    ) -> list[Message]:
        """Return a message for every chosen contact on every open channel, checked.

        A message that was there before keeps its id and, when a person edited it, its words,
        which are checked against the facts as they are now.
        """
        texts: dict[Cohort, CohortText] = {}
        written = []
        for member in audience.members:
            customer = customers[member.customer_id]
            for chosen in member.contacts:
                for channel in chosen.channels if chosen.chosen else ():
                    old = kept.get((chosen.contact.id, channel))
                    draft = self._draft(campaign, customer, chosen.contact, channel, texts, old)
                    written.append(draft)
        return written

    def _draft(
        self,
        campaign: Campaign,
        customer: Customer,
        contact: Contact,
        channel: Channel,
        texts: dict[Cohort, CohortText],
        old: Message | None,
    ) -> Message:
        plan = campaign.plan
        address = contact.address(channel)
        if address is None:
            raise ValueError(f"contact {contact.id} has no {channel.value} address")
        message_id = old.id if old else MessageId(self._p.ids.new("m"))
        cohort = self._cohort(plan, customer, contact, channel)
        if cohort not in texts:
            texts[cohort] = self._p.writer.write(cohort, plan.context)
        facts = self.facts(plan, customer, contact, channel, message_id)
        rendered = render(texts[cohort], facts)
        html, template = self._p.carriers[channel].dress(texts[cohort], rendered, facts)
        fresh = Message(
            id=message_id,
            campaign_id=campaign.id,
            customer_id=customer.id,
            customer=customer.name,
            contact_id=contact.id,
            contact=contact.name,
            channel=channel,
            address=address.value,
            cohort=cohort.key,
            language=cohort.language,
            text=rendered.text,
            subject=rendered.subject,
            preheader=rendered.preheader,
            html=html,
            template=template,
            facts=facts,
            gaps=rendered.gaps,
            timezone=customer.timezone.value if customer.timezone else "",
            updated_at=campaign.updated_at,
        )
        return self._checked(self._with_edit(fresh, old), plan)
