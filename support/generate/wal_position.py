"""Where a writer's transactions stand in PostgreSQL's write-ahead log, and how far they reach."""

from __future__ import annotations

import psycopg

PLACE = "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn, txid_current() & 4294967295"
SIDE_EFFECTS = """
SELECT EXISTS (
    SELECT FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = %(schema)s::regnamespace AND NOT t.tgisinternal
) OR EXISTS (
    SELECT FROM pg_constraint f WHERE f.connamespace = %(schema)s::regnamespace
    AND f.contype = 'f' AND (f.confdeltype IN ('c', 'n', 'd') OR f.confupdtype IN ('c', 'n', 'd'))
)
"""
"""Whether a statement can change more rows than it names."""


def place(cursor: psycopg.Cursor) -> tuple[int, int]:
    """Where the write-ahead log ends, and the number of the transaction (32 bits)."""
    row = cursor.execute(PLACE).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def may_change_more(connection: psycopg.Connection, schema: str) -> bool:
    """Whether triggers or referential actions may change more rows than a statement names."""
    row = connection.execute(SIDE_EFFECTS, {"schema": schema}).fetchone()
    connection.rollback()
    return bool(row and row[0])


def written_lsn(connection: psycopg.Connection) -> int:
    """Where the write-ahead log ends."""
    row = connection.execute("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn").fetchone()
    connection.rollback()
    return int(row[0]) if row else 0
