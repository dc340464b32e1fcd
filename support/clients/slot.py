"""What PostgreSQL says of a replication slot, and its removal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import psycopg

from support.clients.database import Database
from support.waiting import wait_until

QUERY = """
SELECT active_pid, confirmed_flush_lsn - '0/0'::pg_lsn, pg_current_wal_lsn() - '0/0'::pg_lsn,
       pg_current_wal_lsn() - restart_lsn
FROM pg_replication_slots WHERE slot_name = %s
"""
DROP = """
SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots
WHERE slot_name = %s AND active_pid IS NULL
"""


@dataclass(frozen=True)
class Slot:
    """`active_pid` is None while nobody reads. Log sequence numbers and sizes in bytes of
    write-ahead log: confirmed by the reader, written by the server, kept because of the slot."""

    active_pid: int | None
    confirmed_lsn: int
    written_lsn: int
    retained_bytes: int

    @property
    def behind_bytes(self) -> int:
        """Written and not confirmed."""
        return self.written_lsn - self.confirmed_lsn


def read_slot(database: Database, name: str) -> Slot | None:
    """None when there is no such slot."""
    rows = database.query(QUERY, (name,))
    if not rows:
        return None
    pid, *sizes = rows[0]
    return Slot(pid, *(int(size or 0) for size in sizes))


def drop_slot(database: Database, name: str, within: timedelta) -> None:
    """Drop a slot as soon as nobody reads it; one that is gone is fine. Raises NotInTime."""

    def gone() -> bool:
        database.query(DROP, (name,))
        return read_slot(database, name) is None

    what = f"the replication slot {name} to be dropped"
    wait_until(gone, bool, within, what, tolerate=(psycopg.errors.ObjectInUse,))
