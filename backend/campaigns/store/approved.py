"""What was approved, kept from the moment an approval is void until the next one."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from campaigns.model.approved import ApprovedText
from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId, ContactId, CustomerId
from campaigns.store import tables as t
from campaigns.store.approved_tables import approved_texts


class ApprovedRows:
    """`model.ports.Approved` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def keep(self, campaign_id: CampaignId) -> None:
        """Keep the campaign's messages as they are now, in place of what was kept before."""
        self.forget(campaign_id)
        m = t.messages.c
        words = [m.record[key].as_string() for key in ("customer", "subject", "text")]
        columns = approved_texts.c
        self._c.execute(
            insert(approved_texts).from_select(
                [
                    columns.campaign_id,
                    columns.contact_id,
                    columns.channel,
                    columns.customer_id,
                    columns.address,
                    columns.customer,
                    columns.subject,
                    columns.text,
                ],
                select(
                    m.campaign_id, m.contact_id, m.channel, m.customer_id, m.address, *words
                ).where(m.campaign_id == campaign_id, m.is_test.is_(False)),
            )
        )

    def forget(self, campaign_id: CampaignId) -> None:
        """Forget what was kept of a campaign."""
        self._c.execute(delete(approved_texts).where(approved_texts.c.campaign_id == campaign_id))

    def of(self, campaign_id: CampaignId) -> Sequence[ApprovedText]:
        """Return what was kept of a campaign, customer by customer."""
        columns = approved_texts.c
        rows = self._c.execute(
            select(approved_texts)
            .where(columns.campaign_id == campaign_id)
            .order_by(columns.customer_id, columns.contact_id, columns.channel)
        )
        return [
            ApprovedText(
                customer_id=CustomerId(r.customer_id),
                customer=r.customer,
                contact_id=ContactId(r.contact_id),
                channel=Channel(r.channel),
                address=r.address,
                subject=r.subject,
                text=r.text,
            )
            for r in rows
        ]
