"""Campaigns, their frozen audiences, and the moves between states."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from campaigns.model.answer import ANSWERS
from campaigns.model.audience import Audience, Member
from campaigns.model.campaign import Campaign, CampaignStatus
from campaigns.model.ids import CampaignId, CustomerId
from campaigns.store import tables as t
from campaigns.store.codec import dump, load
from campaigns.store.database import streamed
from campaigns.store.paging import next_cursor


class CampaignRows:
    """`model.ports.Campaigns` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def add(self, campaign: Campaign) -> None:
        """Store a new campaign."""
        self._c.execute(insert(t.campaigns).values(id=campaign.id, **columns(campaign)))

    def get(self, campaign_id: CampaignId) -> Campaign | None:
        """Return one campaign."""
        row = self._c.execute(select(t.campaigns).where(t.campaigns.c.id == campaign_id)).first()
        return campaign(row) if row else None

    def lock(self, campaign_id: CampaignId) -> None:
        """Have nobody else lock or change the campaign until the transaction ends."""
        if self._c.dialect.name == "postgresql":  # SQLite has one writer by nature
            one = select(t.campaigns.c.id).where(t.campaigns.c.id == campaign_id)
            self._c.execute(one.with_for_update(key_share=True))

    def page(
        self, status: CampaignStatus | None, cursor: str, limit: int
    ) -> tuple[Sequence[Campaign], str | None]:
        """Return a page, newest first; the lane of answers is no campaign."""
        query = (
            select(t.campaigns)
            .where(t.campaigns.c.id != ANSWERS)
            .order_by(t.campaigns.c.id.desc())
            .limit(limit + 1)
        )
        if status is not None:
            query = query.where(t.campaigns.c.status == status.value)
        if cursor:
            query = query.where(t.campaigns.c.id < cursor)
        rows = self._c.execute(query).all()
        return [campaign(r) for r in rows[:limit]], next_cursor(rows, limit, lambda r: str(r.id))

    def move(
        self,
        campaign_id: CampaignId,
        old: Iterable[CampaignStatus],
        new: CampaignStatus,
        at: datetime,
    ) -> bool:
        """Set `new` when the status is one of `old`; return whether it was."""
        done = self._c.execute(
            update(t.campaigns)
            .where(
                t.campaigns.c.id == campaign_id, t.campaigns.c.status.in_([s.value for s in old])
            )
            .values(status=new.value, updated_at=at, revision=t.campaigns.c.revision + 1)
        )
        return done.rowcount == 1

    def save(self, campaign: Campaign, expected_revision: int) -> bool:
        """Store every field, as the next revision, when the stored one is the expected one."""
        done = self._c.execute(
            update(t.campaigns)
            .where(
                t.campaigns.c.id == campaign.id,
                t.campaigns.c.revision == expected_revision,
            )
            .values(**columns(replace(campaign, revision=expected_revision + 1)))
        )
        return done.rowcount == 1

    def counts(self) -> Mapping[CampaignStatus, int]:
        """Return how many campaigns are in each state."""
        rows = self._c.execute(
            select(t.campaigns.c.status, func.count())
            .where(t.campaigns.c.id != ANSWERS)
            .group_by(t.campaigns.c.status)
        )
        return {CampaignStatus(status): n for status, n in rows}

    def freeze(self, campaign_id: CampaignId, audience: Audience) -> None:
        """Store the audience snapshot, in place of the one before."""
        self._c.execute(delete(t.members).where(t.members.c.campaign_id == campaign_id))
        self._c.execute(delete(t.audiences).where(t.audiences.c.campaign_id == campaign_id))
        self._c.execute(
            insert(t.audiences).values(
                campaign_id=campaign_id, record=dump(replace(audience, members=()))
            )
        )
        if audience.members:
            self._c.execute(
                insert(t.members),
                [
                    {
                        "campaign_id": campaign_id,
                        "position": position,
                        "customer_id": m.customer_id,
                        "record": dump(m),
                    }
                    for position, m in enumerate(audience.members)
                ],
            )

    def audience(
        self, campaign_id: CampaignId, first: int = 0, limit: int | None = None
    ) -> Audience:
        """Return the frozen audience; its members from position `first`, at most `limit`."""
        record = self._c.scalar(
            select(t.audiences.c.record).where(t.audiences.c.campaign_id == campaign_id)
        )
        totals = load(Audience, record) if record else Audience(customers=0, zones=0)
        rows = self._c.scalars(
            select(t.members.c.record)
            .where(t.members.c.campaign_id == campaign_id, t.members.c.position >= first)
            .order_by(t.members.c.position)
            .limit(limit)
        )
        return replace(totals, members=tuple(load(Member, r) for r in rows))

    def unwritten(self, campaign_id: CampaignId) -> Iterator[tuple[CustomerId, str | None]]:
        """Yield the members nothing is written to, and why nobody there can be.

        The database finds them as a difference of two sets: without an index of messages by
        customer it would otherwise look through all of them once a member.
        """
        members, messages = t.members.c, t.messages.c
        ids = select(members.customer_id).where(members.campaign_id == campaign_id)
        written = select(messages.customer_id).where(
            messages.campaign_id == campaign_id, messages.is_test.is_(False)
        )
        rest = ids.except_(written).subquery()
        found = (
            select(members.customer_id, members.record["unreachable"].as_string().label("why"))
            .join_from(t.members, rest, members.customer_id == rest.c.customer_id)
            .where(members.campaign_id == campaign_id)
        )
        return ((row.customer_id, row.why) for row in streamed(self._c, found))


def columns(campaign: Campaign) -> dict[str, object]:
    """Return the columns of a campaign, its id aside."""
    return {
        "status": campaign.status.value,
        "revision": campaign.revision,
        "created_at": campaign.created_at,
        "updated_at": campaign.updated_at,
        "schedule_at": campaign.schedule_at,
        "epoch": campaign.epoch,
        "record": dump(campaign),
    }


def campaign(row: Row[Any]) -> Campaign:
    """Read a campaign; the columns win over the record, for they are what transitions change."""
    return replace(
        load(Campaign, row.record),
        status=CampaignStatus(row.status),
        revision=row.revision,
        updated_at=row.updated_at,
        schedule_at=row.schedule_at,
        epoch=row.epoch,
    )
