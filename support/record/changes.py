"""What a writer did to the database: the changes that were committed, and those that were not."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Fate(Enum):
    """What the writer knows of a transaction."""

    COMMITTED = "committed"
    ROLLED_BACK = "rolled back"
    UNKNOWN = "unknown"
    """The connection was lost in the commit: it may or may not have happened."""


@dataclass(frozen=True)
class Change:
    """One event that a committed transaction must lead to.

    `op` is c, u or d. `version` is the row's own, unique over all changes: of the row after a c
    or u, of the row that went away for a d. `previous` is the version that a u replaces. A key
    that was deleted is never used again.
    """

    op: str
    table: str
    key: int
    version: int
    previous: int | None = None


@dataclass(frozen=True)
class Transaction:
    """`kind` says in words what it does; `ended_ns` (monotonic) when its fate was known."""

    kind: str
    changes: tuple[Change, ...]
    fate: Fate
    ended_ns: int
    before_lsn: int | None = None
    """Where the write-ahead log ended just before the commit, which lies behind it. None for a
    transaction that did not get so far."""
    xid: int | None = None
    """PostgreSQL's number of it (32 bits), where it may have changed more rows than `changes`
    says: by triggers, or by referential actions."""


@dataclass(frozen=True)
class Refusal:
    """A statement that PostgreSQL refused over a connection that works, in PostgreSQL's words."""

    kind: str
    """Of the transaction."""
    table: str
    """Empty for a statement that is about none, as COMMIT."""
    statement: str
    sqlstate: str
    words: str

    @property
    def of_what(self) -> tuple[str, str, str]:
        """Table, the statement's first word, and SQLSTATE: alike for what is refused alike."""
        return self.table, self.statement.partition(" ")[0], self.sqlstate


@dataclass
class WrittenChanges:
    """Everything that one writer did, in its order."""

    transactions: list[Transaction] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def of(self, fate: Fate) -> list[Change]:
        return [c for t in self.transactions if t.fate is fate for c in t.changes]

    def deleted(self) -> set[tuple[str, int]]:
        """Table and key of every row that a committed change removed."""
        return {(c.table, c.key) for c in self.of(Fate.COMMITTED) if c.op == "d"}
