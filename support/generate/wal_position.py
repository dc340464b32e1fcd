"""Positions in PostgreSQL's write-ahead log, and whether statements have side effects."""

from __future__ import annotations

import psycopg

POSITION = "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn, txid_current() & 4294967295"
SIDE_EFFECTS = """
SELECT EXISTS (
    SELECT FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = %(schema)s::regnamespace AND NOT t.tgisinternal
) OR EXISTS (
    SELECT FROM pg_constraint f WHERE f.connamespace = %(schema)s::regnamespace
    AND f.contype = 'f' AND (f.confdeltype IN ('c', 'n', 'd') OR f.confupdtype IN ('c', 'n', 'd'))
)
"""
"""Selects whether the schema has triggers, or foreign keys that cascade or set values."""


def position(cursor: psycopg.Cursor) -> tuple[int, int]:
    """Returns the end of the write-ahead log, and the lower 32 bits of the transaction's id."""
    row = cursor.execute(POSITION).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def has_side_effects(connection: psycopg.Connection, schema: str) -> bool:
    """Whether triggers or referential actions may change more rows than a statement names."""
    row = connection.execute(SIDE_EFFECTS, {"schema": schema}).fetchone()
    connection.rollback()
    return bool(row and row[0])


def written_lsn(connection: psycopg.Connection) -> int:
    """Returns the end of the write-ahead log as a number of bytes."""
    row = connection.execute("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn").fetchone()
    connection.rollback()
    return int(row[0]) if row else 0
