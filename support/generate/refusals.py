"""A connection that was lost, and a statement that was refused: what an error of PostgreSQL means.

Only a lost connection is something that a fault of the database explains. Everything else is
PostgreSQL's answer to a statement, however it came to it: a missing replica identity, a violated
constraint, a time-out, a full disk, a permission.
"""

from __future__ import annotations

import psycopg

from support.record.changes import Refusal

LOST = ("08", "57P0")
"""Beginnings of SQLSTATEs: connection exceptions, and a server that shuts down or starts."""

AGAIN = "40"
"""Class of SQLSTATEs by which PostgreSQL asks for the transaction once more (a deadlock)."""


class StatementRefused(Exception):
    """PostgreSQL does not carry out a statement that a scenario is about."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.words)
        self.refusal = refusal


def connection_lost(error: psycopg.Error, *, broken: bool) -> bool:
    """Whether the connection is gone, and not the statement refused.

    `broken`: whether the client found the connection broken; that decides for errors that the
    client raised itself, which have no SQLSTATE.
    """
    if error.sqlstate is not None:
        return error.sqlstate.startswith(LOST)
    return broken and isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)


def words_of(error: psycopg.Error) -> str:
    """What PostgreSQL says, in one line: message, detail and hint."""
    diag = error.diag
    parts = [diag.message_primary or str(error)]
    marked = ("DETAIL", diag.message_detail), ("HINT", diag.message_hint)
    parts += [f"{mark}: {part}" for mark, part in marked if part]
    return " ".join(" ".join(parts).split())
