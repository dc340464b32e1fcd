"""Reads all replication slots of a server, and how much write-ahead log it may keep for them."""

from __future__ import annotations

from support.clients.database import Database
from support.record.team_pipeline import SlotSeen

# What older servers do not have is read as JSON: wal_status and safe_wal_size came with 13.
SLOTS = """
SELECT slot_name, active, coalesce(confirmed_flush_lsn - '0/0'::pg_lsn, 0),
       CASE WHEN restart_lsn IS NULL THEN 0 ELSE pg_current_wal_lsn() - restart_lsn END,
       coalesce(to_jsonb(s)->>'wal_status', ''), (to_jsonb(s)->>'safe_wal_size')::numeric,
       coalesce(database, '')
FROM pg_replication_slots s WHERE NOT temporary ORDER BY slot_name
"""
OF_THE_DATABASE = "SELECT slot_name FROM pg_replication_slots WHERE database = current_database()"
WRITTEN = "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn"
KEEP = """
SELECT pg_size_bytes(current_setting('max_slot_wal_keep_size', true))
WHERE current_setting('max_slot_wal_keep_size', true) <> '-1'
"""


def all_slots(database: Database) -> tuple[SlotSeen, ...]:
    """The slots of the server, without temporary ones: these end with their session."""
    return tuple(
        SlotSeen(
            name,
            active,
            int(confirmed),
            max(0, int(retained)),
            status,
            None if safe is None else int(safe),
            of,
        )
        for name, active, confirmed, retained, status, safe, of in database.query(SLOTS)
    )


def slots_of(database: Database) -> frozenset[str]:
    """The names of the logical slots of one database."""
    return frozenset(str(name) for (name,) in database.query(OF_THE_DATABASE))


def written_lsn(database: Database) -> int:
    """The end of the write-ahead log, in bytes."""
    ((position,),) = database.query(WRITTEN)
    return int(position)


def keep_bytes(database: Database) -> int | None:
    """max_slot_wal_keep_size in bytes; None if the server has no limit (or is older than 13)."""
    rows = database.query(KEEP)
    return int(rows[0][0]) if rows else None
