"""A transaction of the row writer while it is under way."""

from __future__ import annotations

from dataclasses import dataclass, field

from support import clock
from support.generate.row_changes import RowChanges, Rows
from support.record.changes import Change, Fate, Transaction


@dataclass
class Work:
    """`rows` as they are if it is undone."""

    kind: str
    rows: Rows
    changes: list[Change] = field(default_factory=list)
    fate: Fate = Fate.ROLLED_BACK
    before_lsn: int | None = None
    xid: int | None = None

    def undo(self, changes: RowChanges) -> None:
        changes.rows = self.rows

    def done(self) -> Transaction:
        """For the record."""
        changes, now = tuple(self.changes), clock.now_ns()
        return Transaction(self.kind, changes, self.fate, now, self.before_lsn, self.xid)
