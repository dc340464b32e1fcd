"""The database's part of the picture: its catalogs, its rows, its settings."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
from psycopg import sql

QUERIES = {
    "slot": "SELECT slot_name, plugin, slot_type, database, temporary, wal_status, active "
    "FROM pg_replication_slots",
    "publication": "SELECT p.*, (SELECT array_agg(t ORDER BY t) FROM pg_publication_tables t "
    "WHERE t.pubname = p.pubname) FROM pg_publication p",
    "schema": "SELECT nspname, nspowner, nspacl FROM pg_namespace WHERE NOT starts_with(nspname, "
    "'pg_temp') AND NOT starts_with(nspname, 'pg_toast_temp')",
    "relation": "SELECT oid, relname, relnamespace, relowner, relkind, relreplident, relacl, "
    "reloptions FROM pg_class WHERE oid >= 16384",
    "column": "SELECT attrelid, attname, atttypid, attnum, attnotnull, attacl FROM pg_attribute "
    "WHERE attrelid >= 16384",
    "constraint": "SELECT conrelid, conname, pg_get_constraintdef(oid) FROM pg_constraint",
    "trigger": "SELECT tgrelid, tgname, pg_get_triggerdef(oid) FROM pg_trigger",
    "event trigger": "SELECT evtname FROM pg_event_trigger",
    "function": "SELECT oid, proname, proacl FROM pg_proc WHERE oid >= 16384",
    "type": "SELECT oid, typname FROM pg_type WHERE oid >= 16384",
    "sequence": "SELECT schemaname, sequencename, last_value FROM pg_sequences",
    "role": "SELECT * FROM pg_authid",
    "membership": "SELECT roleid, member, admin_option FROM pg_auth_members",
    "database": "SELECT datname, datdba, datacl FROM pg_database",
    "extension": "SELECT extname, extversion FROM pg_extension",
    "setting": "SELECT name, setting, source FROM pg_settings "
    "WHERE source NOT IN ('default', 'client', 'session')",
    "setting of a role": "SELECT * FROM pg_db_role_setting",
    "prepared transaction": "SELECT gid FROM pg_prepared_xacts",
    "large object": "SELECT oid FROM pg_largeobject_metadata",
    "session of the suite": "SELECT application_name, query FROM pg_stat_activity "
    "WHERE usename = 'acceptance'",
}
TABLES = """
SELECT nspname, relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind IN ('r', 'p', 'm') AND pg_class.oid >= 16384 AND NOT starts_with(nspname, 'pg_')
"""
ROWS = "SELECT count(*), md5(string_agg(t::text, E'\\n' ORDER BY t::text)) FROM {} AS t"


def database_lines(superuser: psycopg.Connection) -> Iterator[str]:
    """The lines about the database, as a superuser sees it."""
    for what, query in QUERIES.items():
        for row in superuser.execute(query.encode()):
            yield f"{what}: {row}"
    for schema, table in superuser.execute(TABLES).fetchall():
        found = superuser.execute(sql.SQL(ROWS).format(sql.Identifier(schema, table)))
        yield f"rows of {schema}.{table}: {found.fetchone()}"
