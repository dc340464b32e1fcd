"""The tables that a connector captures, as PostgreSQL's catalog has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import psycopg

from support.clients.team_connectors import PostgresConnector

TABLES = """
SELECT c.oid, n.nspname, c.relname, c.relkind = 'p', c.relispartition,
       has_table_privilege(c.oid, 'SELECT') AND has_schema_privilege(n.oid, 'USAGE'),
       row_security_active(c.oid),
       c.relreplident = 'f',
       ARRAY(SELECT a.relid::oid FROM pg_partition_ancestors(c.oid) a WHERE a.relid <> c.oid),
       c.reltoastrelid <> 0 AND pg_relation_size(c.reltoastrelid) > 0
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'p'
ORDER BY n.nspname, c.relname
"""
PUBLISHED = """
SELECT schemaname, tablename, to_jsonb(p)->'attnames', to_jsonb(p)->>'rowfilter'
FROM pg_publication_tables p WHERE pubname = %s
"""
PUBLICATION = """
SELECT pubinsert AND pubupdate AND pubdelete, to_jsonb(p)->>'pubviaroot' = 'true'
FROM pg_publication p WHERE pubname = %s
"""
COLUMNS = """
SELECT a.attrelid, a.attname, a.atttypid, a.atttypmod, a.attgenerated <> '', a.attstorage <> 'p'
FROM pg_attribute a WHERE a.attrelid = ANY(%s) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum
"""
TYPES = "SELECT oid, typname, typtype, typbasetype, typtypmod, typelem, typcategory FROM pg_type"
KEYS = """
SELECT i.indrelid, i.indisprimary, i.indisreplident,
       ARRAY(SELECT a.attname FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(number, place)
             JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
             WHERE k.place <= i.indnkeyatts ORDER BY k.place)
FROM pg_index i
WHERE i.indrelid = ANY(%s) AND i.indisunique AND i.indisvalid AND i.indimmediate
  AND i.indpred IS NULL AND i.indexprs IS NULL
  AND NOT EXISTS (SELECT FROM unnest(i.indkey::int2[]) k JOIN pg_attribute a
                  ON a.attrelid = i.indrelid AND a.attnum = k WHERE NOT a.attnotnull)
ORDER BY NOT i.indisreplident, NOT i.indisprimary, i.indexrelid
"""
VARHDRSZ = 4
MONEY_SCALE = 2
"""Debezium's money.fraction.digits."""


@dataclass(frozen=True)
class TableColumn:
    """A column of a table.

    `kind` is the type's name with domains resolved, `enum` for an enumeration, with `_` in front
    for an array. `scale` is a numeric's, `precision` the digits of a time's seconds.
    """

    name: str
    kind: str
    scale: int | None = None
    precision: int = 6
    generated: bool = False
    toastable: bool = False
    cast: str = ""
    """The type that it is read as, where its text depends on the server's locale."""


@dataclass(frozen=True)
class CapturedTable:
    """A table whose events are expected under its own name.

    `key`: the columns that identify a row, empty if there are none. `trouble`: why it can't be
    read. `published`: the columns that the publication lists, empty for all of them.
    """

    oid: int
    schema: str
    name: str
    columns: tuple[TableColumn, ...] = ()
    key: tuple[str, ...] = ()
    partitioned: bool = False
    full_identity: bool = False
    toasted: bool = False
    in_publication: bool = True
    published: tuple[str, ...] = ()
    row_filter: str = ""
    trouble: str = ""

    @property
    def place(self) -> tuple[str, str]:
        """Schema and name."""
        return self.schema, self.name

    @property
    def title(self) -> str:
        """Schema and name, as people write them."""
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True)
class Publication:
    """A publication: whether it exists, sends every kind of change, and what it lists.

    `name` is empty if the connector's plug-in uses none: then every table sends its changes.
    """

    name: str
    exists: bool
    everything: bool
    tables: Mapping[tuple[str, str], tuple[tuple[str, ...], str]]


def publication_of(connection: psycopg.Connection, connector: PostgresConnector) -> Publication:
    """Returns the publication of a connector; without a name unless the plug-in is pgoutput."""
    name = connector.used_publication
    if not name:
        return Publication("", exists=False, everything=True, tables={})
    rows = connection.execute(PUBLICATION, (name,)).fetchall()
    listed = connection.execute(PUBLISHED, (name,)).fetchall()
    tables = {(s, t): (tuple(columns or ()), where or "") for s, t, columns, where in listed}
    return Publication(name, bool(rows), bool(rows and rows[0][0]), tables)


def captured_tables(
    connection: psycopg.Connection, connector: PostgresConnector, publication: Publication
) -> tuple[CapturedTable, ...]:
    """Returns the tables that pass the connector's filters, without their columns.

    A partitioned table is one of them if the publication sends its rows under its own name;
    otherwise each of its partitions is.
    """
    rows = connection.execute(TABLES).fetchall()
    names = {row[0]: (row[1], row[2]) for row in rows}
    found = []
    for oid, schema, name, root, _leaf, readable, secured, full, ancestors, toasted in rows:
        as_root = any(names.get(each) in publication.tables for each in ancestors)
        listed = publication.tables.get((schema, name))
        if (root and listed is None) or as_root or not connector.captures(schema, name):
            continue
        columns, where = listed or ((), "")
        trouble = _trouble(schema, name, readable, secured)
        found.append(
            CapturedTable(
                *(oid, schema, name),
                partitioned=root,
                full_identity=full,
                toasted=toasted or root,
                in_publication=listed is not None or not publication.name,
                published=columns,
                row_filter=where,
                trouble=trouble,
            )
        )
    return tuple(found)


def _trouble(schema: str, name: str, readable: bool, secured: bool) -> str:
    if not readable:
        return f"the role may not read it: GRANT SELECT ON {schema}.{name}"
    if secured:
        return "row level security hides rows from this role: use a role with BYPASSRLS"
    return ""


def with_columns(
    connection: psycopg.Connection, tables: Sequence[CapturedTable], publication: Publication
) -> tuple[CapturedTable, ...]:
    """Returns the tables with their columns and keys, and the columns that are published."""
    oids = [table.oid for table in tables]
    types = {row[0]: row[1:] for row in connection.execute(TYPES).fetchall()}
    columns: dict[int, list[TableColumn]] = {oid: [] for oid in oids}
    for oid, name, kind, modifier, generated, toastable in connection.execute(COLUMNS, (oids,)):
        columns[oid].append(_column(name, kind, modifier, generated, toastable, types))
    keys = list(connection.execute(KEYS, (oids,)).fetchall())
    listed = publication.tables
    return tuple(
        replace(
            table,
            columns=tuple(columns[table.oid]),
            key=_key(table, keys),
            published=listed.get((table.schema, table.name), ((), ""))[0],
        )
        for table in tables
    )


def _key(table: CapturedTable, keys: Iterable[Any]) -> tuple[str, ...]:
    """Returns the index of REPLICA IDENTITY, else the primary key, else any unique index if events
    have the whole row before a change. The event of a delete has the first of these."""
    for oid, primary, identity, columns in keys:
        if oid == table.oid and (primary or identity or table.full_identity):
            return tuple(columns)
    return ()


def _column(
    name: str, kind: int, modifier: int, generated: bool, toastable: bool, types: Mapping[int, Any]
) -> TableColumn:
    kind, modifier, array = _resolved(kind, modifier, types)
    typname, typtype = types[kind][:2]
    base = "enum" if typtype == "e" else str(typname)
    if base == "money" and not array:
        return TableColumn(name, "numeric", MONEY_SCALE, cast="numeric")
    scale = ((modifier - VARHDRSZ) & 0x7FF) if base == "numeric" and modifier >= 0 else None
    precision = modifier if base in ("timestamp", "time") and 0 <= modifier <= 6 else 6
    shown = f"_{base}" if array else base
    return TableColumn(name, shown, scale, precision, generated, toastable)


def _resolved(kind: int, modifier: int, types: Mapping[int, Any]) -> tuple[int, int, bool]:
    """Returns the type below domains and arrays, its modifier, and whether it is in an array."""
    array = False
    while True:
        _name, typtype, base, base_modifier, element, category = types[kind]
        if typtype == "d":
            kind, modifier = base, base_modifier
        elif category == "A" and element:
            kind, array = element, True
        else:
            return kind, modifier, array
