"""Reads the captured tables in one short transaction that sees one point in time."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from support import clock
from support.audit.cut import Cut
from support.audit.dump import TableDump, copy_table, prepare
from support.audit.spill import nameless_file
from support.audit.tables import (
    CapturedTable,
    Publication,
    captured_tables,
    publication_of,
    with_columns,
)
from support.clients.database import Database, connected
from support.clients.slot import read_slot
from support.clients.team_connectors import PostgresConnector
from support.errors import Inconclusive, NotInTime
from support.interruption import interruptible
from support.record.slots import Slot
from support.waiting import wait_until

LOCK_WAIT_S = 5
"""A table that somebody holds in ACCESS EXCLUSIVE mode is not waited for longer: others would wait
behind this transaction."""
LONGEST = timedelta(hours=1)
"""The longest time for a table; PostgreSQL can't remove dead rows meanwhile."""
SPARE_BYTES = 1_000_000_000
STARTING = timedelta(seconds=20)
"""How long a slot may not be read while its task starts."""
CUT = """
SELECT pg_current_snapshot()::text,
       (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
             ELSE pg_current_wal_insert_lsn() END) - '0/0'::pg_lsn,
       (extract(epoch FROM clock_timestamp()) * 1000)::bigint
"""
SIZE = """
SELECT coalesce(sum(pg_table_size(coalesce(p.relid, t.oid))), 0)
FROM unnest(%s::oid[]) t(oid) LEFT JOIN LATERAL pg_partition_tree(t.oid) p ON true
"""


@dataclass
class TablesAtCut:
    """The tables of a connector at one point in the log."""

    cut: Cut
    snapshot: str
    open_s: float
    publication: Publication
    dumps: tuple[TableDump, ...]
    unread: tuple[CapturedTable, ...]
    """Tables that the role can't read, with their trouble."""


@contextmanager
def tables_at_cut(
    conninfo: str, connector: PostgresConnector, folder: Path, report: Callable[[str], None]
) -> Iterator[TablesAtCut]:
    """Copies every captured table to disk, in one REPEATABLE READ transaction that only reads.

    Raises Inconclusive if there is no slot, no table, or no room on the disk, or if a table is
    locked.
    """
    slot = _reached(Database(conninfo), connector)
    with closing(nameless_file(folder)) as file:
        with closing(connected(conninfo, autocommit=True)) as connection, interruptible():
            prepare(connection)
            tables = _tables(connection, connector)
            readable = tuple(table for table in tables if not table.trouble)
            _check_room(connection, readable, folder)
            read = _copied(connection, connector, readable, slot, file, report)
        read.unread = tuple(table for table in tables if table.trouble)
        yield read


def _tables(
    connection: psycopg.Connection, connector: PostgresConnector
) -> tuple[CapturedTable, ...]:
    publication = publication_of(connection, connector)
    tables = captured_tables(connection, connector, publication)
    if not tables:
        raise Inconclusive(
            f"The connector {connector.name} captures no table of this database.",
            cause="its filters (schema.include.list, table.include.list) match none",
        )
    return tables


def slot_of(database: Database, connector: PostgresConnector) -> Slot:
    """Returns the connector's slot. Raises Inconclusive if there is none, or nothing reads it."""
    slot = read_slot(database, connector.slot)
    if slot is None or slot.active_pid is None:
        raise Inconclusive(
            f"The pipeline of the connector {connector.name} is not alive.",
            seen=f"its replication slot {connector.slot} "
            + ("does not exist" if slot is None else "is not read by anything"),
            then=f"look at the connector's status: GET /connectors/{connector.name}/status",
        )
    return slot


def _reached(database: Database, connector: PostgresConnector) -> Slot:
    """Returns the connector's slot, once it is read: a task that has just started or restarted
    needs some seconds. Raises what slot_of() raises."""
    with suppress(NotInTime):
        wait_until(
            lambda: slot_of(database, connector),
            lambda _: True,
            STARTING,
            f"the slot {connector.slot} to be read",
            every=timedelta(milliseconds=500),
            tolerate=(Inconclusive,),
        )
    return slot_of(database, connector)


def _copied(
    connection: psycopg.Connection,
    connector: PostgresConnector,
    tables: Sequence[CapturedTable],
    slot: Slot,
    file: IO[bytes],
    report: Callable[[str], None],
) -> TablesAtCut:
    dumps, began = list[TableDump](), clock.now_ns()
    with connection.transaction():
        _begin(connection, tables)
        snapshot, lsn, taken_ms = connection.execute(CUT).fetchall()[0]
        settled = slot.written_lsn - slot.retained_bytes
        publication = publication_of(connection, connector)
        for table in with_columns(connection, tables, publication):
            dumps.append(copy_table(connection, table, file, report))
    open_s = (clock.now_ns() - began) / clock.NS_PER_S
    cut = Cut.of(snapshot, int(lsn), settled, int(taken_ms))
    return TablesAtCut(cut, snapshot, open_s, publication, tuple(dumps), ())


def _begin(connection: psycopg.Connection, tables: Sequence[CapturedTable]) -> None:
    """Locks the tables against TRUNCATE before the snapshot: a snapshot does not see through it."""
    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    limits = f"SET LOCAL lock_timeout = '{LOCK_WAIT_S}s'"
    connection.execute(limits.encode())
    connection.execute(f"SET LOCAL statement_timeout = '{LONGEST.seconds}s'".encode())
    for table in tables:
        name = sql.Identifier(table.schema, table.name)
        try:
            connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(name))
        except psycopg.errors.LockNotAvailable as error:
            raise Inconclusive(
                f"The table {table.title} is locked.",
                seen=f"no ACCESS SHARE lock within {LOCK_WAIT_S} s",
                cause="an ALTER TABLE, TRUNCATE, VACUUM FULL or REINDEX is under way",
                then="try again when it is over",
            ) from error


def _check_room(
    connection: psycopg.Connection, tables: Sequence[CapturedTable], folder: Path
) -> None:
    oids = [table.oid for table in tables]
    needed = int(connection.execute(SIZE, (oids,)).fetchall()[0][0])
    free = shutil.disk_usage(folder).free
    if needed + SPARE_BYTES > free:
        raise Inconclusive(
            "The tables do not fit on this host's disk while they are compared.",
            seen=f"{needed / 1e9:.1f} GB of tables, {free / 1e9:.1f} GB free in {folder}",
            then="-D reports=FOLDER on a larger disk",
        )
