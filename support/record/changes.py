"""The writer's changes to the database: those that were committed, and those that were not."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from support.record.section import json_section


class TransactionOutcome(Enum):
    """The outcome of a transaction, as far as the writer knows it."""

    COMMITTED = "committed"
    ROLLED_BACK = "rolled back"
    UNKNOWN = "unknown"
    """The connection was lost in the commit, which may or may not have happened."""


@dataclass(frozen=True)
class Change:
    """One event that a committed transaction must lead to.

    `op` is c, u or d. `version` is unique over all changes: after a c or u it is the version of the
    new row, for a d that of the deleted row. `previous` is the version that a u replaces. A deleted
    key is never used again.
    """

    op: str
    table: str
    key: int
    version: int
    previous: int | None = None


@dataclass(frozen=True)
class Transaction:
    """One transaction: its `kind` in words; its outcome was known at `ended_ns` (monotonic)."""

    kind: str
    changes: tuple[Change, ...]
    outcome: TransactionOutcome
    ended_ns: int
    before_lsn: int | None = None
    """End of the write-ahead log just before the commit, whose LSN is higher. None for a
    transaction that was not about to commit."""
    xid: int | None = None
    """PostgreSQL's transaction id (32 bits); None unless triggers or referential actions may have
    changed more rows than `changes` has."""


@dataclass(frozen=True)
class Refusal:
    """A statement that PostgreSQL refused over a connection that works.

    `kind` is that of the transaction. `table` is empty for a statement without one, as COMMIT.
    `words` is PostgreSQL's message.
    """

    kind: str
    table: str
    statement: str
    sqlstate: str
    words: str

    @property
    def of_what(self) -> tuple[str, str, str]:
        """Table, first word of the statement, and SQLSTATE: equal for the same kind of refusal."""
        return self.table, self.statement.partition(" ")[0], self.sqlstate


@dataclass
class WrittenChanges:
    """Everything that one writer did, in order."""

    transactions: list[Transaction] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def of(self, outcome: TransactionOutcome) -> list[Change]:
        """Returns the changes of all transactions with this outcome."""
        return [c for t in self.transactions if t.outcome is outcome for c in t.changes]

    def deleted(self) -> set[tuple[str, int]]:
        """Returns table and key of every row that a committed change removed."""
        return {(c.table, c.key) for c in self.of(TransactionOutcome.COMMITTED) if c.op == "d"}

    def last_committed(self) -> Transaction | None:
        """Returns the last transaction with a committed change; None without any."""
        committed = (
            t for t in reversed(self.transactions) if t.outcome is TransactionOutcome.COMMITTED
        )
        return next((t for t in committed if t.changes), None)


CHANGES = json_section("changes", WrittenChanges, indent=0, older={"fate": "outcome"})
