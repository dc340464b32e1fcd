"""The point in the write-ahead log at which a table and its topic are compared."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

XIDS = 1 << 32
"""PostgreSQL's transaction ids in events have 32 bits, those of a snapshot have 64."""

FOREIGN_MS = 600_000
"""An event that is older than the cut by more than this, and yet has a higher LSN, was written by
another server or before a restore. Both times are those of PostgreSQL's clock."""


class Side(IntEnum):
    """On which side of the cut an event is."""

    BEFORE = 1
    AFTER = 2
    UNKNOWN = 3
    """The event has no transaction id, and its transaction may have been open at the cut."""


@dataclass(frozen=True)
class Cut:
    """The snapshot of a REPEATABLE READ transaction, as pg_current_snapshot() reports it.

    `lsn` is the end of the log when the snapshot was taken: what it sees was committed before.
    `settled_lsn` is the slot's restart_lsn, read before: every transaction that was open at the cut
    begins after it. `taken_ms` is by PostgreSQL's clock.
    """

    xmin: int
    xmax: int
    running: frozenset[int]
    lsn: int
    settled_lsn: int
    taken_ms: int

    @classmethod
    def of(cls, snapshot: str, lsn: int, settled_lsn: int, taken_ms: int) -> Cut:
        """Returns the cut of a pg_snapshot in text form: `xmin:xmax:xid,xid`."""
        xmin, xmax, running = snapshot.split(":")
        ids = frozenset(int(each) for each in running.split(",") if each)
        return cls(int(xmin), int(xmax), ids, lsn, min(settled_lsn, lsn), taken_ms)

    def side(self, lsn: int, transaction: int | None, committed_ms: int, *, row: bool) -> Side:
        """Returns the side of an event; `row`: it is of a snapshot (op r), not of a change.

        A change belongs to the cut if the snapshot sees its transaction. An event of Debezium's
        snapshot has the transaction id of the snapshot itself, so its LSN decides. `committed_ms`
        is 0 where it is not known.
        """
        if lsn >= self.lsn:
            foreign = 0 < committed_ms < self.taken_ms - FOREIGN_MS
            return Side.BEFORE if foreign else Side.AFTER
        if row or lsn < self.settled_lsn:
            return Side.BEFORE
        if transaction is None:
            return Side.UNKNOWN
        return Side.BEFORE if self.sees(transaction) else Side.AFTER

    def sees(self, transaction: int) -> bool:
        """Whether the snapshot sees a transaction, which was assigned within 2^31 ids of it."""
        ahead = (transaction - self.xmax) % XIDS
        if ahead < XIDS // 2:
            return False
        full = self.xmax + ahead - XIDS
        return full < self.xmin or full not in self.running

    def age(self, transaction: int) -> int:
        """Returns by how many transaction ids one is older than the cut."""
        return (self.xmax - transaction) % XIDS
