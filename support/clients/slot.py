"""Reads and drops a replication slot."""

from __future__ import annotations

from datetime import timedelta

import psycopg

from support.clients.database import Database
from support.record.slots import Slot
from support.waiting import wait_until

QUERY = """
SELECT active_pid, confirmed_flush_lsn - '0/0'::pg_lsn, pg_current_wal_lsn() - '0/0'::pg_lsn,
       pg_current_wal_lsn() - restart_lsn, to_jsonb(s)->>'wal_status'
FROM pg_replication_slots s WHERE slot_name = %s
"""
DROP = """
SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots
WHERE slot_name = %s AND active_pid IS NULL
"""
END_READER = """
SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots
WHERE slot_name = %s AND active_pid IS NOT NULL
"""


def read_slot(database: Database, name: str) -> Slot | None:
    """The state of a slot; None if there is no such slot."""
    rows = database.query(QUERY, (name,))
    if not rows:
        return None
    pid, confirmed, written, retained, wal_status = rows[0]
    return Slot(pid, int(confirmed or 0), int(written), int(retained or 0), wal_status or "")


def drop_slot(database: Database, name: str, within: timedelta) -> None:
    """Drops a slot, and ends the process that reads it or waits for its creation.

    A missing slot is ignored. Raises NotInTime.
    """

    def gone() -> bool:
        database.query(DROP, (name,))
        if read_slot(database, name) is None:
            return True
        database.query(END_READER, (name,))
        return False

    what = f"the replication slot {name} to be dropped"
    wait_until(gone, bool, within, what, tolerate=(psycopg.errors.ObjectInUse,))
