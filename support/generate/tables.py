"""Creates the captured tables (baseline/schema.sql) in a given schema, fills and reads them.

Row sizes are skewed as in an application (spec, A-006: events of 1 to 10 KB). Two thirds of the
rows are comments and a fifth are users, whose events take about 1 KB. The rest are videos, with
descriptions of evenly spread lengths, so that their events take 1 to 10 KB.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import psycopg

from support.clients.database import Database, connected
from support.errors import Inconclusive
from support.generate.refusals import StatementRefused, connection_lost, error_text
from support.interruption import interruptible
from support.record.changes import Refusal
from support.record.events import Column, Columns

COLUMNS = {
    "comments": ("id", "video_id", "user_id", "body", "version"),
    "users": ("id", "name", "email", "version"),
    "videos": ("id", "title", "description", "duration_s", "version"),
}
"""Table -> columns that are written. The first is the key, the last the version."""

SEED_ROWS = 3
"""Rows that schema.sql inserts into each table."""

SHARES = {"videos": 0.11, "users": 0.22, "comments": 0.67}
"""Table -> its share of all rows. Parents come first, as foreign keys require."""
SHORT, LONGEST = 420, 9_300
"""Characters of the long column: the event of such a row takes 1 KB and 10 KB."""

TEXT = "left(repeat(md5(n::text), {length} / 32 + 1), {length})"
VALUES = {
    "videos": "n, 'video ' || n, "
    + TEXT.format(length=f"({SHORT} + (n * 7919) % {LONGEST - SHORT})")
    + ", 1 + n % 10000, 1",
    "users": f"n, 'user ' || n, {TEXT.format(length=SHORT - 12)} || '@example.org', 1",
    "comments": f"n, 1 + n % {SEED_ROWS}, 1 + n % {SEED_ROWS}, {TEXT.format(length=SHORT)}, 1",
}


_QUALIFIED = re.compile(r'(?<![\w$.])(?:public|"public")\s*\.(?=\s*["\w])')
_SEARCH_PATH = re.compile(
    r"(\bsearch_path\s*(?:=|TO)\s*)(?:public|'public'|\"public\")", re.IGNORECASE
)


def in_schema(schema: str, schema_sql: str) -> str:
    """Returns `schema_sql`, which creates everything in `public`, for another schema.

    Names qualified with `public` and settings of the search path are replaced, in functions too.
    """
    named = _QUALIFIED.sub(f"{schema}.", schema_sql)
    named = _SEARCH_PATH.sub(rf"\g<1>{schema}, public", named)
    return f"CREATE SCHEMA {schema}; SET search_path TO {schema}, public;\n{named}"


def create_tables(database: Database, schema: str, schema_sql: str) -> None:
    """Creates the tables of `schema_sql` and their seed rows in a new schema.

    Raises Inconclusive when PostgreSQL refuses a statement.
    """
    try:
        database.execute(in_schema(schema, schema_sql))
    except psycopg.Error as error:
        raise Inconclusive(
            f"PostgreSQL refuses baseline/schema.sql in the schema {schema}.",
            seen=f"{error_text(error)} (SQLSTATE {error.sqlstate})",
            then="run its statements in a schema other than public, as every scenario does",
        ) from error


def fill_tables(database: Database, schema: str, total: int) -> dict[str, int]:
    """Fills the tables up to `total` rows in all, seed rows included; returns the rows by table.

    Raises StatementRefused when PostgreSQL refuses the rows, and psycopg.Error when the connection
    was lost.
    """
    counts = {table: int(total * share) for table, share in SHARES.items()}
    counts["comments"] += total - sum(counts.values())
    for table, count in counts.items():
        insert = f"INSERT INTO {schema}.{table} ({', '.join(COLUMNS[table])})"
        rows = f"SELECT {VALUES[table]} FROM generate_series({SEED_ROWS + 1}, {count}) AS n"
        try:
            database.execute(f"SET search_path TO {schema}, public; {insert} {rows}")
        except psycopg.Error as error:
            if connection_lost(error, broken=True):
                raise
            state = error.sqlstate or ""
            refusal = Refusal("rows for a snapshot", table, insert, state, error_text(error))
            raise StatementRefused(refusal) from error
    return counts


COLUMN_TYPES = """
SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn,
       c.relname, a.attname, coalesce(base.typname, t.typname), a.attgenerated <> ''
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_type base ON base.oid = t.typbasetype
WHERE c.relnamespace = %s::regnamespace AND c.relname = ANY(%s)
AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""


def columns_of(database: Database, schema: str) -> Columns:
    """Returns the current columns of the captured tables."""
    return columns_at(database, schema)[1]


def columns_at(database: Database, schema: str) -> tuple[int, Columns]:
    """Returns the end of the write-ahead log, and the columns that the tables had then.

    A change after that LSN was made to these columns, or to later ones.
    """
    found: dict[str, dict[str, Column]] = {table: {} for table in COLUMNS}
    lsn = 0
    for at, table, name, kind, generated in database.query(COLUMN_TYPES, (schema, list(COLUMNS))):
        found[table][name], lsn = Column(kind, generated), max(lsn, int(at))
    return lsn, found


def rows_of(
    database: Database, schema: str, columns: Columns
) -> dict[tuple[str, int], dict[str, str | None]]:
    """Returns (table, key) -> column -> value, as PostgreSQL writes it.

    A table without the column `id`, as one that was dropped, has no rows.
    """
    rows: dict[tuple[str, int], dict[str, str | None]] = {}
    for table, names in columns.items():
        if "id" not in names:
            continue
        quoted = ", ".join(f'"{name}"' for name in names)
        for values in database.texts(f"SELECT {quoted} FROM {schema}.{table}"):
            row = dict(zip(names, values, strict=True))
            rows[table, int(row["id"] or 0)] = row
    return rows


PLAIN = ("int2", "int4", "int8", "text", "varchar", "bool")
"""Types whose values have the same form in an event and in a result of PostgreSQL."""


FETCHED = 10_000
"""Rows that all_rows() reads from the server at a time."""


def plain_columns(columns: Columns) -> dict[str, tuple[str, ...]]:
    """Returns each table's columns of PLAIN types that PostgreSQL replicates, the key first."""
    return {
        table: (
            "id",
            *(n for n, c in names.items() if n != "id" and c.kind in PLAIN and not c.generated),
        )
        for table, names in columns.items()
    }


def all_rows(
    conninfo: str, schema: str, table: str, columns: tuple[str, ...]
) -> Iterator[tuple[object, ...]]:
    """Yields every row of a table."""
    names = ", ".join(f'"{name}"' for name in columns)
    with (
        connected(conninfo) as connection,
        connection.cursor("kafka_validation_rows") as cursor,
    ):
        with interruptible():
            cursor.execute(f"SELECT {names} FROM {schema}.{table}".encode())
        while rows := _next_rows(cursor):
            yield from rows


def _next_rows(cursor: psycopg.ServerCursor) -> list[tuple[object, ...]]:
    with interruptible():
        return cursor.fetchmany(FETCHED)
