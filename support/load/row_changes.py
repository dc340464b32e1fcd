"""The kinds of changes that a row writer makes, each as the SQL of one step and its record.

Seeded: the same seed makes the same changes. Every change gives its row a `version` that no other
change has, and no id is ever used again, so that an event tells its change by key and version.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping

import psycopg

from support.ledger.changes import Change
from support.load.tables import COLUMNS

LARGE = 20_000
"""Characters of a value that PostgreSQL stores out of line (TOAST)."""
WORDS = ("zażółć", "größe", "日本語", "émoji 🎬", "plain", "tab\tand\nline", 'quote " and \\', "")
ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
FEW, SOME = 5, 20
"""Rows of a multi-row INSERT, and of a COPY."""

KINDS = {
    "insert": 30, "update": 30, "update of another column than the large one": 10, "delete": 12,
    "primary-key change": 4, "multi-row INSERT": 4, "COPY": 3, "several tables": 4, "rollback": 6,
}  # fmt: skip
"""Kinds of transactions, and how often each is chosen."""

Rows = dict[str, dict[int, int]]
"""Table -> key -> version of the rows that are there."""

ROLLBACK = "rollback"


class RowChanges:
    """Makes changes in the tables of a schema; `rows` are those that it may change."""

    def __init__(self, schema: str, seed: int, first_id: int) -> None:
        self.rows: Rows = {table: {} for table in COLUMNS}
        self._schema, self._luck = schema, random.Random(seed)
        self._next_id, self._next_version = first_id, 1

    def kind(self) -> str:
        """Of the next transaction."""
        return self._luck.choices(list(KINDS), list(KINDS.values()))[0]

    def make(self, kind: str, cursor: psycopg.Cursor) -> Iterator[Change]:
        """The changes of a transaction of this kind, each done when it is yielded."""
        table = self._luck.choice(list(COLUMNS))
        act: Mapping[str, Callable[[psycopg.Cursor, str], Iterator[Change]]] = {
            "update": self._update,
            "update of another column than the large one": self._update_small,
            "delete": self._delete,
            "primary-key change": self._change_key,
            "multi-row INSERT": lambda c, t: self.insert_at_once(c, t, FEW),
            "COPY": lambda c, t: self.copy(c, t, SOME),
        }
        if kind == "several tables":
            for each in COLUMNS:
                yield from self._insert(cursor, each)
        elif kind == ROLLBACK:
            yield from self._insert(cursor, table)
            yield from self._update(cursor, table)
        elif kind not in act or not self.rows[table]:
            yield from self._insert(cursor, table)
        else:
            yield from act[kind](cursor, table)

    # -- many rows -----------------------------------------------------------------------

    def copy(self, cursor: psycopg.Cursor, table: str, count: int) -> Iterator[Change]:
        """One COPY."""
        rows = [self._row(table) for _ in range(count)]
        with cursor.copy(f"COPY {self._names(table)} FROM STDIN".encode()) as copy:
            for row in rows:
                copy.write_row(row)
        yield from self._all_created(table, rows)

    def insert_at_once(self, cursor: psycopg.Cursor, table: str, count: int) -> Iterator[Change]:
        """One INSERT of many rows; with a ClientCursor of any number."""
        rows = [self._row(table) for _ in range(count)]
        marks = ", ".join([f"({', '.join(['%s'] * len(COLUMNS[table]))})"] * count)
        cursor.execute(
            f"INSERT INTO {self._names(table)} VALUES {marks}".encode(),
            [value for row in rows for value in row],
        )
        yield from self._all_created(table, rows)

    def insert_one_by_one(self, cursor: psycopg.Cursor, table: str, count: int) -> Iterator[Change]:
        """Many INSERTs of one row each."""
        rows = [self._row(table) for _ in range(count)]
        marks = ", ".join(["%s"] * len(COLUMNS[table]))
        cursor.executemany(f"INSERT INTO {self._names(table)} VALUES ({marks})".encode(), rows)
        yield from self._all_created(table, rows)

    # -- single rows ---------------------------------------------------------------------

    def _insert(self, cursor: psycopg.Cursor, table: str) -> Iterator[Change]:
        return self.insert_at_once(cursor, table, 1)

    def _update(self, cursor: psycopg.Cursor, table: str) -> Iterator[Change]:
        yield self._updated(cursor, table, COLUMNS[table][1:-1])

    def _update_small(self, cursor: psycopg.Cursor, table: str) -> Iterator[Change]:
        yield self._updated(cursor, table, COLUMNS[table][1:2])

    def _updated(self, cursor: psycopg.Cursor, table: str, names: tuple[str, ...]) -> Change:
        key, previous = self._pick(table)
        version = self._fresh_version()
        values = dict(zip(COLUMNS[table][1:-1], self._values(table), strict=True))
        sets = ", ".join(f"{name} = %s" for name in (*names, "version"))
        self._one(
            cursor,
            f"UPDATE {self._schema}.{table} SET {sets} WHERE id = %s",
            (*(values[name] for name in names), version, key),
        )
        self.rows[table][key] = version
        return Change("u", table, key, version, previous)

    def _delete(self, cursor: psycopg.Cursor, table: str) -> Iterator[Change]:
        key, version = self._pick(table)
        self._one(cursor, f"DELETE FROM {self._schema}.{table} WHERE id = %s", (key,))
        del self.rows[table][key]
        yield Change("d", table, key, version)

    def _change_key(self, cursor: psycopg.Cursor, table: str) -> Iterator[Change]:
        key, previous = self._pick(table)
        new, version = self._fresh_id(), self._fresh_version()
        self._one(
            cursor,
            f"UPDATE {self._schema}.{table} SET id = %s, version = %s WHERE id = %s",
            (new, version, key),
        )
        del self.rows[table][key]
        yield Change("d", table, key, previous)
        yield self._created(table, new, version)

    def _one(self, cursor: psycopg.Cursor, statement: str, values: tuple[object, ...]) -> None:
        cursor.execute(statement.encode(), values)
        if cursor.rowcount != 1:
            raise LookupError(f"{cursor.rowcount} rows instead of 1 by {statement}, {values[-1]}")

    # -- values --------------------------------------------------------------------------

    def _names(self, table: str) -> str:
        return f"{self._schema}.{table} ({', '.join(COLUMNS[table])})"

    def _all_created(self, table: str, rows: list[tuple[object, ...]]) -> Iterator[Change]:
        for row in rows:
            key, version = row[0], row[-1]
            assert isinstance(key, int)
            assert isinstance(version, int)
            yield self._created(table, key, version)

    def _created(self, table: str, key: int, version: int) -> Change:
        self.rows[table][key] = version
        return Change("c", table, key, version)

    def _row(self, table: str) -> tuple[object, ...]:
        return (self._fresh_id(), *self._values(table), self._fresh_version())

    def _values(self, table: str) -> tuple[object, ...]:
        """Of the columns between key and version."""
        text = f"{self._luck.choice(WORDS)} {self._luck.randrange(10**6)}"
        number = self._luck.randrange(1, 10_000)
        if table == "videos":
            return text, self._luck.choice([None, text, self._large()]), number
        if table == "users":
            return text, f"{number}@example.org"
        return number, number, self._large() if self._luck.random() < 0.1 else text

    def _large(self) -> str:
        return "".join(self._luck.choices(ALPHABET, k=LARGE))

    def _pick(self, table: str) -> tuple[int, int]:
        key = self._luck.choice(list(self.rows[table]))
        return key, self.rows[table][key]

    def _fresh_id(self) -> int:
        self._next_id += 1
        return self._next_id

    def _fresh_version(self) -> int:
        self._next_version += 1
        return self._next_version
