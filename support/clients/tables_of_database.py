"""The tables of a database that can be captured, and PostgreSQL's counters of their changes."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg import sql

from support.clients.database import Database

# A partitioned table has no counters: those of its partitions are added up.
TABLES = """
SELECT n.nspname, c.relname, c.relkind = 'r' AND NOT c.relispartition, c.relkind = 'r',
       coalesce(s.changes, 0), coalesce(s.live, 0)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, LATERAL (
    SELECT sum(t.n_tup_ins + t.n_tup_upd + t.n_tup_del)::bigint AS changes,
           sum(t.n_live_tup)::bigint AS live
    FROM pg_stat_all_tables t
    WHERE t.relid = c.oid OR (c.relkind = 'p' AND t.relid IN (
        SELECT relid FROM pg_partition_tree(c.oid)))) s
WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'p'
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
ORDER BY 1, 2
"""
# Row-level security may hide every row from this role.
HAS_ROWS = """
SELECT CASE WHEN row_security_active({}) THEN NULL ELSE EXISTS (SELECT FROM {}) END
"""
PUBLISHED = "SELECT schemaname, tablename FROM pg_publication_tables WHERE pubname = %s"


@dataclass(frozen=True)
class Table:
    """A table of a database.

    `plain`: it is neither partitioned nor a partition. `sends`: it stores rows itself, so changes
    are sent under its name; a partitioned table leaves that to its partitions. `changes`: the
    number of rows inserted, updated and deleted so far, those of rolled-back transactions included.
    `rows`: PostgreSQL's estimate of the number of rows.
    """

    schema: str
    name: str
    plain: bool
    sends: bool
    changes: int
    rows: int

    @property
    def qualified(self) -> str:
        return f"{self.schema}.{self.name}"


def tables_of(database: Database) -> tuple[Table, ...]:
    """The permanent tables outside the system's schemas."""
    return tuple(Table(*row) for row in database.query(TABLES))


def has_rows(database: Database, table: Table) -> bool | None:
    """Whether a table has a row; None if this role may not read it, or not all of it.

    Looks at the table itself: a crash of the server, or pg_stat_reset(), deletes the counters.
    """
    name = sql.Identifier(table.schema, table.name)
    query = sql.SQL(HAS_ROWS).format(sql.Literal(name.as_string(None)), name)
    try:
        ((found,),) = database.query(query.as_string(None))
    except psycopg.ProgrammingError:
        return None
    return None if found is None else bool(found)


def published_tables(database: Database, publication: str) -> frozenset[tuple[str, str]]:
    """Schema and name of each table of a publication; empty if there is no such publication."""
    found = database.query(PUBLISHED, (publication,))
    return frozenset((str(schema), str(name)) for schema, name in found)
