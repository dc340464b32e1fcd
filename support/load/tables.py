"""The captured tables (baseline/schema.sql) in a schema of their own, and rows for a snapshot.

Sizes are skewed as in an application (A-006, events of 1 to 10 KB): two thirds are comments and a
fifth users, whose events take about 1 KB; the rest are videos, whose descriptions are spread
evenly so that their events take 1 to 10 KB.
"""

from __future__ import annotations

from collections.abc import Iterator

import psycopg

from support.clients.database import Database
from support.interruption import check

COLUMNS = {
    "comments": ("id", "video_id", "user_id", "body", "version"),
    "users": ("id", "name", "email", "version"),
    "videos": ("id", "title", "description", "duration_s", "version"),
}
"""Table -> columns that are written; the first is the key, the last the version."""

SEED_ROWS = 3
"""Of each table by schema.sql."""

SHARES = {"comments": 0.67, "users": 0.22, "videos": 0.11}
SHORT, LONGEST = 420, 9_300
"""Characters: with its envelope a row of the one takes 1 KB, of the other 10 KB."""

TEXT = "left(repeat(md5(n::text), {length} / 32 + 1), {length})"
VALUES = {
    "comments": f"n, n, n, {TEXT.format(length=SHORT)}, 1",
    "users": f"n, 'user ' || n, {TEXT.format(length=SHORT)}, 1",
    "videos": "n, 'video ' || n, "
    + TEXT.format(length=f"({SHORT} + (n * 7919) % {LONGEST - SHORT})")
    + ", n % 10000, 1",
}


def create_tables(database: Database, schema: str, schema_sql: str) -> None:
    """`schema_sql` creates them in `public`; the seed rows are there afterwards."""
    database.execute(f"CREATE SCHEMA {schema};" + schema_sql.replace("public.", f"{schema}."))


def fill_tables(database: Database, schema: str, total: int) -> dict[str, int]:
    """Have `total` rows in all, seed rows included; rows by table."""
    counts = {table: int(total * share) for table, share in SHARES.items()}
    counts["comments"] += total - sum(counts.values())
    for table, count in counts.items():
        database.execute(
            f"INSERT INTO {schema}.{table} ({', '.join(COLUMNS[table])}) "
            f"SELECT {VALUES[table]} FROM generate_series({SEED_ROWS + 1}, {count}) AS n"
        )
    return counts


def all_rows(conninfo: str, schema: str, table: str) -> Iterator[tuple[object, ...]]:
    """Every row of a table, ten thousand at a time."""
    with (
        psycopg.connect(conninfo, connect_timeout=5) as connection,
        connection.cursor("kafka_validation_rows") as cursor,
    ):
        cursor.itersize = 10_000
        cursor.execute(f"SELECT {', '.join(COLUMNS[table])} FROM {schema}.{table}".encode())
        for number, row in enumerate(cursor):
            if number % cursor.itersize == 0:
                check()
            yield row
