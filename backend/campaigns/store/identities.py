"""The ids providers have for people, beside the addresses we write to."""

from datetime import datetime

from sqlalchemy import Connection, literal, select

from campaigns.model.customer import Channel
from campaigns.store import tables as t
from campaigns.store.database import insert_into


class IdentityRows:
    """`model.ports.Identities` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def learn(self, channel: Channel, user_id: str, address: str, at: datetime) -> None:
        """Note that a provider's id belongs to an address; the newest word counts.

        A suppression of the id, from when nobody knew whose it was, holds for the address.
        """
        word = insert_into(self._c, t.identities).values(
            channel=channel.value, user_id=user_id, address=address, at=at
        )
        self._c.execute(
            word.on_conflict_do_update(
                index_elements=["channel", "user_id"],
                set_={"address": address, "at": at},
                where=t.identities.c.at <= at,
            )
        )
        of_the_id = select(
            t.suppressions.c.channel,
            literal(address),
            t.suppressions.c.reason,
            t.suppressions.c.source,
            t.suppressions.c.evidence,
            t.suppressions.c.at,
        ).where(t.suppressions.c.channel == channel.value, t.suppressions.c.address == user_id)
        columns = ["channel", "address", "reason", "source", "evidence", "at"]
        self._c.execute(
            insert_into(self._c, t.suppressions)
            .from_select(columns, of_the_id)
            .on_conflict_do_nothing()
        )

    def address_of(self, channel: Channel, user_id: str) -> str | None:
        """Return the address an id belongs to, None when nobody told."""
        return self._c.execute(
            select(t.identities.c.address).where(
                t.identities.c.channel == channel.value, t.identities.c.user_id == user_id
            )
        ).scalar()
