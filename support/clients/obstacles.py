"""Finds what can prevent a new replication slot, as PostgreSQL reports it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from support.clients.database import Database

# Read from pg_locks, which every role may see. A role without pg_monitor sees only its own sessions
# in full in pg_stat_activity. A prepared transaction has no session.
TRANSACTIONS = """
SELECT coalesce(l.transactionid::text, p.transaction::text), l.pid, a.application_name,
       coalesce(a.datname, p.database), a.state,
       to_char(coalesce(a.xact_start, p.prepared), 'YYYY-MM-DD HH24:MI:SS TZ'),
       extract(epoch FROM clock_timestamp() - coalesce(a.xact_start, p.prepared))::float8,
       p.gid, coalesce(a.usename, p.owner)
FROM (SELECT DISTINCT pid, transactionid FROM pg_locks
      WHERE locktype = 'transactionid' AND mode = 'ExclusiveLock' AND granted
        AND pid IS NOT NULL AND pid <> pg_backend_pid()) l
FULL JOIN pg_prepared_xacts p ON p.transaction = l.transactionid
LEFT JOIN pg_stat_activity a ON a.pid = l.pid
"""
CAPACITY = """
SELECT current_setting('max_wal_senders')::int, current_setting('max_replication_slots')::int
"""
SENDERS = """
SELECT r.pid, r.usename, r.application_name, s.slot_name
FROM pg_stat_replication r LEFT JOIN pg_replication_slots s ON s.active_pid = r.pid ORDER BY r.pid
"""
SLOTS = "SELECT slot_name, active, active_pid FROM pg_replication_slots ORDER BY slot_name"


@dataclass(frozen=True)
class OpenTransaction:
    """A transaction with an id: it has changed something. `pid` is None if it is prepared."""

    xid: str
    pid: int | None
    described: str
    end: str
    """The statement that ends it."""
    idle: bool = False
    """Whether it waits for its client: it ends only when the client continues, unlike an active
    transaction. False if this role may not see its state."""


@dataclass(frozen=True)
class Capacity:
    """Limits of WAL senders and replication slots, and who uses them, in words."""

    senders: int
    slots: int
    held_senders: tuple[str, ...]
    held_slots: tuple[str, ...]


def open_transactions(database: Database) -> list[OpenTransaction]:
    """The open transactions of all databases of the server: a new slot waits for each of them."""
    return [_described(row) for row in database.query(TRANSACTIONS)]


def replication_capacity(database: Database) -> Capacity:
    """The limits and the use of the whole server."""
    ((senders, slots),) = database.query(CAPACITY)
    held_senders = tuple(
        f"{application or 'a reader'} of {role or '?'} (process {pid}"
        + (f", slot {slot})" if slot else ", no slot)")
        for pid, role, application, slot in database.query(SENDERS)
    )
    held_slots = tuple(
        f"{name} ({f'read by process {pid}' if active else 'no reader'})"
        for name, active, pid in database.query(SLOTS)
    )
    return Capacity(senders, slots, held_senders, held_slots)


def _described(row: tuple[Any, ...]) -> OpenTransaction:
    xid, pid, application, database, state, since, seconds, gid, role = row
    age = "open since a time that is shown only to members of pg_read_all_stats"
    if since:
        age = f"open since {since} ({seconds:.0f} s)"
    if pid is None:
        which = f"prepared transaction '{gid}' of {role} in database {database}"
        return OpenTransaction(
            xid, None, f"{which}, {xid}, {age}", f"ROLLBACK PREPARED '{gid}'", True
        )
    who = f"{application}, " if application else ""
    session = f"session {pid} of {role} ({who}database {database}, {state or 'state not shown'})"
    described = f"{session} has transaction {xid}, {age}"
    end, idle = f"SELECT pg_terminate_backend({pid})", (state or "").startswith("idle")
    return OpenTransaction(xid, pid, described, end, idle)
