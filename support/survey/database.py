"""Looks at PostgreSQL: rights, room, tables, slots, publications. Creates and changes nothing."""

from __future__ import annotations

from functools import partial

from support.clients.database import Database
from support.clients.database_clock import database_clock
from support.clients.obstacles import open_transactions, replication_capacity
from support.stack.addresses import DatabaseAddress
from support.stack.attached.address import reach_database
from support.stack.attached.replication_rights import check_logical, check_rights
from support.stack.replication import no_room
from support.survey.attempt import EXPECTED, attempt, words_of
from support.survey.findings import DatabaseFound, Part, Slot, Table

NAME = "PostgreSQL"

SERVER = """
SELECT current_setting('server_version'), current_user::text, current_database()::text
"""
TLS = "SELECT ssl, version, cipher FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
TABLES = """
SELECT n.nspname, c.relname,
       has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'),
       EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary),
       CASE c.relreplident WHEN 'd' THEN 'default' WHEN 'f' THEN 'full' WHEN 'i' THEN 'index'
            ELSE 'nothing' END
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND n.nspname <> 'information_schema'
  AND n.nspname NOT LIKE 'pg\\_%' ORDER BY 1, 2
"""
SLOTS = """
SELECT slot_name, plugin, active, coalesce(pg_current_wal_lsn() - restart_lsn, 0)::bigint,
       coalesce(to_jsonb(s)->>'wal_status', '')
FROM pg_replication_slots s WHERE slot_type = 'logical' ORDER BY 1
"""
PUBLICATIONS = """
SELECT p.pubname, p.puballtables, t.schemaname || '.' || t.tablename
FROM pg_publication p LEFT JOIN pg_publication_tables t ON t.pubname = p.pubname
"""


def look_at_database(address: DatabaseAddress) -> Part[DatabaseFound]:
    """Returns what a server and a database are and permit, or why they can't be used."""
    try:
        reached = reach_database(address)
        return Part(NAME, reached.place, _found(Database(reached.conninfo), reached))
    except EXPECTED as error:
        return Part(NAME, address.place, trouble=words_of(error))


def _found(database: Database, address: DatabaseAddress) -> DatabaseFound:
    ((version, role, name),) = database.query(SERVER)
    room = replication_capacity(database)
    _, logical_trouble = attempt(partial(check_logical, database))
    # The look at its rights needs a WAL sender for a moment.
    warnings, rights_trouble = (
        attempt(lambda: tuple(check_rights(database, address)))
        if no_room(room) is None
        else ((), "")
    )
    blocking, _ = attempt(partial(open_transactions, database))
    tables, _ = attempt(partial(database.query, TABLES))
    slots, _ = attempt(partial(database.query, SLOTS))
    clocks, _ = attempt(partial(database_clock, address.conninfo))
    return DatabaseFound(
        security=_security(database),
        version=version,
        role=role,
        name=name,
        room=room,
        logical_trouble=logical_trouble,
        rights_trouble=rights_trouble,
        rights_warnings=warnings or (),
        blocking=tuple(each.described for each in blocking or ()),
        tables=tuple(Table(*row) for row in tables or ()),
        slots=tuple(Slot(*row) for row in slots or ()),
        publications=attempt(partial(_publications, database))[0] or {},
        skew_ms=clocks.least_skew_ms() if clocks else None,
    )


def _security(database: Database) -> str:
    rows, _ = attempt(partial(database.query, TLS))
    if not rows or not rows[0][0]:
        return "no TLS"
    _, version, cipher = rows[0]
    return f"{version} ({cipher})"


def _publications(database: Database) -> dict[str, frozenset[str] | None]:
    found: dict[str, set[str] | None] = {}
    for name, of_all_tables, table in database.query(PUBLICATIONS):
        if of_all_tables:
            found[name] = None
        elif (tables := found.setdefault(name, set())) is not None and table:
            tables.add(table)
    return {name: None if tables is None else frozenset(tables) for name, tables in found.items()}
