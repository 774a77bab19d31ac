"""What people said replies mean, and the lines fitted to it."""

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select

from campaigns.model.calibration import Correction, LinesSet
from campaigns.store import correction_tables as t
from campaigns.store.codec import dump, load
from campaigns.store.database import insert_into


class CorrectionRows:
    """`model.ports.Corrections` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def add(self, new: Correction) -> None:
        """Keep a correction; an earlier one of the same reply gives way."""
        values = {"at": new.at, "meant": new.meant.value, "record": dump(new)}
        row = insert_into(self._c, t.corrections).values(reply_id=new.reply_id, **values)
        self._c.execute(row.on_conflict_do_update(index_elements=["reply_id"], set_=values))

    def all(self) -> Sequence[Correction]:
        """Return every correction, oldest first."""
        found = select(t.corrections.c.record).order_by(
            t.corrections.c.at, t.corrections.c.reply_id
        )
        return [load(Correction, record) for record in self._c.scalars(found)]

    def put_in_force(self, lines: LinesSet) -> None:
        """Have lines hold from now on; of two at once the second fails on its number."""
        self._c.execute(
            insert(t.reply_lines).values(number=lines.number, at=lines.at, record=dump(lines))
        )

    def in_force(self) -> LinesSet | None:
        """Return the lines that hold, None when nobody ever fitted any."""
        newest = select(t.reply_lines.c.record).order_by(t.reply_lines.c.number.desc()).limit(1)
        record = self._c.scalar(newest)
        return load(LinesSet, record) if record is not None else None

    def history(self) -> Sequence[LinesSet]:
        """Return all lines that were ever in force, oldest first."""
        found = select(t.reply_lines.c.record).order_by(t.reply_lines.c.number)
        return [load(LinesSet, record) for record in self._c.scalars(found)]
