"""Distinguishes a lost connection from a statement that PostgreSQL refused.

A fault of the database explains a lost connection. Every other error is PostgreSQL's answer to a
statement: a missing replica identity, a violated constraint, a time-out, a full disk, a permission.
"""

from __future__ import annotations

import psycopg

from support.record.changes import Refusal

LOST = ("08", "57P0")
"""Prefixes of SQLSTATEs: connection exceptions, and a server that shuts down or starts."""

RETRYABLE = "40"
"""Class of SQLSTATEs after which a client is meant to retry the transaction (a deadlock)."""


class StatementRefused(Exception):
    """Raised when PostgreSQL refuses a statement that a scenario needs."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.words)
        self.refusal = refusal


def connection_lost(error: psycopg.Error, *, broken: bool) -> bool:
    """Whether the connection was lost, as opposed to the statement refused.

    `broken`: whether the client found the connection broken. This decides about errors without a
    SQLSTATE, which the client raised itself.
    """
    if error.sqlstate is not None:
        return error.sqlstate.startswith(LOST)
    return broken and isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)


def error_text(error: psycopg.Error) -> str:
    """Returns PostgreSQL's message, detail and hint in one line."""
    diag = error.diag
    parts = [diag.message_primary or str(error)]
    marked = ("DETAIL", diag.message_detail), ("HINT", diag.message_hint)
    parts += [f"{mark}: {part}" for mark, part in marked if part]
    return " ".join(" ".join(parts).split())
