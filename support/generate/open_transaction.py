"""A transaction of the row writer whose outcome is not known yet."""

from __future__ import annotations

from dataclasses import dataclass, field

from support import clock
from support.generate.row_changes import RowChanges, Rows
from support.record.changes import Change, Transaction, TransactionOutcome


@dataclass
class OpenTransaction:
    """A transaction of one `kind`; `rows_before` are the rows as they are if it is rolled back."""

    kind: str
    rows_before: Rows
    changes: list[Change] = field(default_factory=list)
    outcome: TransactionOutcome = TransactionOutcome.ROLLED_BACK
    before_lsn: int | None = None
    xid: int | None = None

    def undo(self, changes: RowChanges) -> None:
        """Gives `changes` back the rows that existed before this transaction."""
        changes.rows = self.rows_before

    def ended(self) -> Transaction:
        """Returns the record of this transaction, which ends now."""
        changes, now = tuple(self.changes), clock.now_ns()
        return Transaction(self.kind, changes, self.outcome, now, self.before_lsn, self.xid)
