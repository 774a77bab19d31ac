"""Messages from texts and facts: written once a cohort, filled and checked once a contact."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain

from campaigns.flow import guard
from campaigns.flow.compose import cohort_for, gather, language_for, render, tone_for
from campaigns.flow.variants import assigned
from campaigns.model.audience import Audience
from campaigns.model.campaign import Campaign
from campaigns.model.customer import Channel, Contact, Customer
from campaigns.model.errors import WrongState
from campaigns.model.facts import Facts
from campaigns.model.ids import ContactId, CustomerId, MessageId
from campaigns.model.message import Check, Message, MessageStatus, Review
from campaigns.model.offer import Offer
from campaigns.model.plan import CampaignType, Plan, Tone
from campaigns.model.standing import high_value
from campaigns.model.text import Cohort, CohortText, Rendered
from campaigns.orchestrator.ports import Ports
from campaigns.orchestrator.words import in_words_of, reworded, with_reserves

Kept = Mapping[tuple[ContactId, Channel], Message]
One = tuple[Customer, Contact, Channel]
Place = tuple[CustomerId, ContactId, Channel]
AT_ONCE = 8  # texts under way at the same time
NEW_WORDS = "these words are a template of their own, which leaves once Meta has approved it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How the house writes: tones by brand or business type, offers it makes, languages.

    `calendar` gives the next occasion of a country, for seasonal texts that name none.
    `reserves` has a message written for each contact's next channel too.
    """

    tones: Mapping[str, Tone] = field(default_factory=dict)
    offers: Sequence[Offer] = ()
    languages: Sequence[str] = ("en", "th")
    calendar: Callable[[str | None, date], str | None] = lambda country, today: None
    reserves: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A message before its words are final: its text, the facts and both together.

    `before` is the message as it was, None for a new one.
    """

    message: Message
    text: CohortText
    rendered: Rendered
    before: Message | None = None


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
        chosen = [*_chosen(audience, customers)]
        reserves = self._reserves(campaign, audience, customers)
        texts = self._texts_of(campaign, [*chosen, *chain.from_iterable(reserves.values())])
        written = []
        for one in chosen:
            _, contact, channel = one
            old = kept.get((contact.id, channel))
            sheet = self._sheet(campaign, one, texts[_place(one)], old)
            message = self._finished(sheet, old if old and old.edited else None)
            after = []
            for n, way in enumerate(reserves.get(contact.id, ()), start=1):
                # Ids are made of the first one's, so that the same words are the same bytes again
                # after a time in which there was no reserve.
                own_id = MessageId(message.id + "r" * n)
                sheet = self._sheet(campaign, way, texts[_place(way)], None, own_id)
                after.append(self._finished(sheet, None))
            written.append(with_reserves(message, after))
        return written

    def _reserves(
        self, campaign: Campaign, audience: Audience, customers: Mapping[CustomerId, Customer]
    ) -> Mapping[ContactId, Sequence[One]]:
        """Return the ways to try next for each contact, in order: those we can send on.

        A customer whose messages are looked at one by one has none: nothing else leaves.
        """
        if not self._style.reserves:
            return {}
        chosen = [(customers[m.customer_id], one) for m in audience.members for one in m.contacts]
        return {
            one.contact.id: [
                (customer, one.contact, channel)
                for channel in one.reserves
                if self._p.carriers[channel].ready is None
            ]
            for customer, one in chosen
            if not self._review(
                campaign, customer, self._language(campaign.plan, customer, one.contact)
            )
        }

    def edited(
        self,
        campaign: Campaign,
        customer: Customer | None,
        old: Message,
        changes: Mapping[str, str | None],
    ) -> Message:
        """Return `old` with its words changed, checked against the record as it is now.

        `changes` holds "text" and "subject"; None for the text restores the library's own.
        Raises `WrongState` when there is no record left to check it against.
        """
        sheet = self.sheet(campaign, customer, old)
        if "text" in changes and changes["text"] is None:
            return replace(self._finished(sheet, None), reserve=old.reserve)
        words = replace(
            old,
            text=str(changes.get("text", old.text)),
            subject=str(changes.get("subject", old.subject) or ""),
        )
        return replace(self._finished(sheet, words), reserve=old.reserve)

    def sheet(self, campaign: Campaign, customer: Customer | None, old: Message) -> Sheet:
        """Return a message as its cohort's text makes it now; raises `WrongState`."""
        contact = contact_of(customer, old.contact_id)
        if customer is None or contact is None:
            raise WrongState(
                f"{old.customer} or this contact of it is no longer in the customer book, so the "
                "message cannot be checked.",
                programs="PATCH the campaign to resolve its audience again.",
                people="Find the campaign's audience again.",
            )
        one = (customer, contact, old.channel)
        [text] = self._texts_of(campaign, [one]).values()
        return self._sheet(campaign, one, text, old)

    def occasion(self, plan: Plan, customer: Customer) -> str | None:
        """Return the plan's occasion or, for a seasonal plan without one, the customer's next."""
        if plan.occasion or plan.type is not CampaignType.SEASONAL:
            return plan.occasion
        country = customer.country.value if customer.country else None
        return self._style.calendar(country, self._p.clock.today())

    def facts(
        self,
        customer: Customer,
        contact: Contact,
        *,
        occasion: str | None = None,
        link: str | None = None,
    ) -> Facts:
        """Return what may be stated to a contact, from the record as it is."""
        return gather(
            customer,
            contact,
            today=self._p.clock.today(),
            sender=self._p.house.sender,
            occasion=occasion,
            unsubscribe_url=link,
            offers=self._style.offers,
        )

    def high_value(self, customer: Customer) -> str | None:
        """Return why a customer is a high-value one, None where it is not known to be."""
        return high_value(customer, self._p.house.high_value)

    # --- one message -----------------------------------------------------------------------------

    def _sheet(
        self,
        campaign: Campaign,
        one: One,
        text: CohortText,
        old: Message | None,
        message_id: MessageId | None = None,
    ) -> Sheet:
        customer, contact, channel = one
        plan = campaign.plan
        address = contact.address(channel)
        if address is None:
            raise WrongState(f"{contact.id} has no {channel.value} address any more.")
        message_id = message_id or (old.id if old else MessageId(self._p.ids.new("m")))
        cohort = text.cohort
        link = self._p.links.url(message_id, address.value) if channel is Channel.EMAIL else None
        facts = self.facts(customer, contact, occasion=self.occasion(plan, customer), link=link)
        rendered = render(text, facts)
        message = Message(
            id=message_id,
            campaign_id=campaign.id,
            customer_id=customer.id,
            customer=customer.name,
            contact_id=contact.id,
            contact=contact.name,
            channel=channel,
            address=address.value,
            cohort=cohort.key,
            variant=cohort.variant if campaign.variants else "",
            language=cohort.language,
            text=rendered.text,
            subject=rendered.subject,
            preheader=rendered.preheader,
            facts=facts,
            gaps=rendered.gaps,
            engine=text.engine,
            fallback=text.fallback,
            review=self._review(campaign, customer, cohort.language),
            reviewed_by=old.reviewed_by if old else None,
            timezone=customer.timezone.value if customer.timezone else "",
            country=customer.country.value if customer.country else "",
            updated_at=self._p.clock.now(),
        )
        return Sheet(message=message, text=text, rendered=rendered, before=old)

    def _review(self, campaign: Campaign, customer: Customer, language: str) -> Review | None:
        if customer.id in campaign.individual:
            return Review.INDIVIDUAL
        if self.high_value(customer):
            return Review.HIGH_VALUE
        return None if language in guard.LANGUAGES else Review.LANGUAGE

    def _texts_of(self, campaign: Campaign, chosen: Sequence[One]) -> Mapping[Place, CohortText]:
        """Return each message's text: its cohort's, or the customer's own."""
        mine = [one for one in chosen if one[0].id in campaign.individual]
        shared = [one for one in chosen if one[0].id not in campaign.individual]
        cohorts = {_place(one): self._cohort(campaign, *one) for one in shared}
        texts = self._texts(campaign, sorted(set(cohorts.values())))
        found = {place: texts[cohort] for place, cohort in cohorts.items()}
        with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
            own = pool.map(lambda one: self._own_text(campaign, one), mine)
            return found | dict(zip(map(_place, mine), own, strict=True))

    def _own_text(self, campaign: Campaign, one: One) -> CohortText:
        """Return a text written for one customer alone; the library's where no model writes."""
        customer, contact, _ = one
        cohort, context = self._cohort(campaign, *one), campaign.plan.context
        if self._p.account_writer is None:
            text = self._p.writer.write(cohort, context, campaign.id)
            return replace(text, fallback="no model is configured to write for one customer")
        facts = self.facts(customer, contact, occasion=self.occasion(campaign.plan, customer))
        return self._p.account_writer.write_for(cohort, context, facts, campaign.id)

    def _texts(self, campaign: Campaign, cohorts: Sequence[Cohort]) -> Mapping[Cohort, CohortText]:
        """Return the text of each cohort; a model writes several at once."""
        variants = {v.key: v for v in campaign.variants}

        def written(cohort: Cohort) -> CohortText:
            text = self._p.writer.write(cohort, campaign.plan.context, campaign.id)
            return in_words_of(variants.get(cohort.variant), text)

        if len(cohorts) == 1:
            return {cohorts[0]: written(cohorts[0])}
        with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
            return dict(zip(cohorts, pool.map(written, cohorts), strict=True))

    def cohorts(
        self, plan: Plan, audience: Audience, customers: Mapping[CustomerId, Customer]
    ) -> list[Cohort]:
        """Return the cohorts that a plan's messages would be written for."""
        return sorted({self._plain_cohort(plan, *one) for one in _chosen(audience, customers)})

    def _cohort(
        self, campaign: Campaign, customer: Customer, contact: Contact, channel: Channel
    ) -> Cohort:
        cohort = self._plain_cohort(campaign.plan, customer, contact, channel)
        variant = assigned(campaign.id, customer.id, campaign.variants)
        if variant is None:
            return cohort
        return replace(cohort, variant=variant.key, tone=variant.tone or cohort.tone)

    def _plain_cohort(
        self, plan: Plan, customer: Customer, contact: Contact, channel: Channel
    ) -> Cohort:
        return cohort_for(
            plan.type or CampaignType.ANNOUNCEMENT,
            tone_for(customer, plan, self._style.tones),
            self._language(plan, customer, contact),
            channel,
            occasion=self.occasion(plan, customer),
        )

    def _language(self, plan: Plan, customer: Customer, contact: Contact) -> str:
        written, default = self._style.languages, self._p.house.language
        return language_for(customer, plan, contact, written=written, default=default)

    def _finished(self, sheet: Sheet, words: Message | None) -> Message:
        """Return the message dressed for its channel and checked, with a person's words if any."""
        message, rendered = sheet.message, sheet.rendered
        if words is not None:
            message = replace(message, text=words.text, subject=words.subject, edited=True)
            rendered = reworded(rendered, words.text, words.subject)
        carrier = self._p.carriers[message.channel]
        html, template = carrier.dress(sheet.text, rendered, message.facts)
        message = replace(message, html=html, template=template)
        checks = (
            *self._guarded(message, sheet),
            *self._formed(message, new_words=not rendered.body),
        )
        passed = guard.passes(checks)
        status = MessageStatus.VERIFIED if passed else MessageStatus.BLOCKED
        seen = message.reviewed_by if _reads_as(sheet.before, message) else None
        return replace(message, checks=checks, status=status, reviewed_by=seen)

    def _guarded(self, message: Message, sheet: Sheet) -> tuple[Check, ...]:
        """Return the guard's verdicts; sentences that people of the house wrote are vouched for.

        An edit may use the house's sentences of any tone: a rewrite without a model is made of
        them.
        """
        text, vouched = sheet.text, sheet.rendered
        if text.vetted is not None or message.edited:
            house = (*(text.vetted or text.paragraphs),)
            if message.edited:
                house += tuple(self._p.rewriter.house_paragraphs(text.cohort))
            own = replace(text, paragraphs=house, subject="", preheader="")
            vouched = render(own, message.facts)
            if text.vetted is None:
                vouched = replace(
                    vouched,
                    subject=sheet.rendered.subject,
                    preheader=sheet.rendered.preheader,
                )
        return guard.check(
            message.text,
            message.facts,
            type_=text.cohort.type,
            language=message.language,
            composed=vouched,
            headings=(message.subject, message.preheader),
        )

    def _formed(self, message: Message, *, new_words: bool) -> tuple[Check, ...]:
        """Return what the channel itself has to say about the message's form."""
        problem = self._p.carriers[message.channel].problem(message)
        if problem is not None:
            return (Check(check="channel", ok=False, expected=problem),)
        if message.template is not None and new_words:
            return (Check(check="template", ok=True, expected=NEW_WORDS),)
        return ()


def _chosen(
    audience: Audience, customers: Mapping[CustomerId, Customer]
) -> Iterator[tuple[Customer, Contact, Channel]]:
    """Yield every chosen contact of an audience on every channel that is open."""
    for member in audience.members:
        for one in member.contacts:
            for channel in one.channels if one.chosen else ():
                yield customers[member.customer_id], one.contact, channel


def _place(one: One) -> Place:
    customer, contact, channel = one
    return customer.id, contact.id, channel


def _reads_as(before: Message | None, now: Message) -> bool:
    """Whether a message still says what it said when somebody looked at it."""
    return before is not None and (before.text, before.subject) == (now.text, now.subject)


def contact_of(customer: Customer | None, contact_id: ContactId | None) -> Contact | None:
    """Return a customer's contact by its id."""
    return next((c for c in customer.contacts if c.id == contact_id), None) if customer else None
