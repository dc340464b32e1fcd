"""The captured tables (baseline/schema.sql) in a schema of their own, and rows for a snapshot.

Sizes are skewed as in an application (A-006, events of 1 to 10 KB): two thirds are comments and a
fifth users, whose events take about 1 KB; the rest are videos, whose descriptions are spread
evenly so that their events take 1 to 10 KB.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import psycopg

from support.clients.database import Database, connected
from support.errors import Inconclusive
from support.generate.refusals import StatementRefused, connection_lost, words_of
from support.interruption import interruptible
from support.record.changes import Refusal
from support.record.events import Column, Columns

COLUMNS = {
    "comments": ("id", "video_id", "user_id", "body", "version"),
    "users": ("id", "name", "email", "version"),
    "videos": ("id", "title", "description", "duration_s", "version"),
}
"""Table -> columns that are written; the first is the key, the last the version."""

SEED_ROWS = 3
"""Of each table by schema.sql."""

SHARES = {"videos": 0.11, "users": 0.22, "comments": 0.67}
"""Parents first, as foreign keys want them."""
SHORT, LONGEST = 420, 9_300
"""Characters: with its envelope a row of the one takes 1 KB, of the other 10 KB."""

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
    """The statements that create everything in `public`, for another schema: whether they name
    it or rely on the search path, and also in functions."""
    named = _QUALIFIED.sub(f"{schema}.", schema_sql)
    named = _SEARCH_PATH.sub(rf"\g<1>{schema}, public", named)
    return f"CREATE SCHEMA {schema}; SET search_path TO {schema}, public;\n{named}"


def create_tables(database: Database, schema: str, schema_sql: str) -> None:
    """The tables of `schema_sql` in a schema of their own, with their seed rows."""
    try:
        database.execute(in_schema(schema, schema_sql))
    except psycopg.Error as error:
        raise Inconclusive(
            f"PostgreSQL refuses baseline/schema.sql in the schema {schema}.",
            seen=f"{words_of(error)} (SQLSTATE {error.sqlstate})",
            then="run its statements in a schema other than public: a trial has tables of its own",
        ) from error


def fill_tables(database: Database, schema: str, total: int) -> dict[str, int]:
    """Have `total` rows in all, seed rows included; rows by table. Raises StatementRefused."""
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
            refusal = Refusal("rows for a snapshot", table, insert, state, words_of(error))
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
    """The columns of the captured tables as they are now."""
    return columns_at(database, schema)[1]


def columns_at(database: Database, schema: str) -> tuple[int, Columns]:
    """Where the write-ahead log ended, and the columns: a change behind that place was made when
    the tables had them, or later ones."""
    found: dict[str, dict[str, Column]] = {table: {} for table in COLUMNS}
    lsn = 0
    for at, table, name, kind, generated in database.query(COLUMN_TYPES, (schema, list(COLUMNS))):
        found[table][name], lsn = Column(kind, generated), max(lsn, int(at))
    return lsn, found


def rows_of(
    database: Database, schema: str, columns: Columns
) -> dict[tuple[str, int], dict[str, str | None]]:
    """(table, key) -> column -> value as PostgreSQL writes it; none of a table that is gone."""
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
"""Types whose values an event and a client of PostgreSQL have in the same form."""


def plain_columns(columns: Columns) -> dict[str, tuple[str, ...]]:
    """Columns of each table of PLAIN types that PostgreSQL replicates, the key first."""
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
    """Every row of a table, ten thousand at a time."""
    names = ", ".join(f'"{name}"' for name in columns)
    with (
        connected(conninfo) as connection,
        connection.cursor("kafka_validation_rows") as cursor,
    ):
        with interruptible():
            cursor.execute(f"SELECT {names} FROM {schema}.{table}".encode())
        while rows := _some_of(cursor):
            yield from rows


def _some_of(cursor: psycopg.ServerCursor) -> list[tuple[object, ...]]:
    """The next rows; none at the end."""
    with interruptible():
        return cursor.fetchmany(10_000)
