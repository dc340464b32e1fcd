"""The kinds of changes that a row writer makes, each as SQL and as a record of its effect.

The same seed makes the same changes. Every change gives its row a `version` that no other change
has, and no id is used again. So an event identifies its change by key and version.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import psycopg

from support.generate.row_values import RowValues
from support.generate.tables import COLUMNS
from support.record.changes import Change

ROWS_PER_INSERT, ROWS_PER_COPY = 5, 20
"""Rows of a multi-row INSERT, and of a COPY."""

KINDS = {
    "insert": 30,
    "update": 30,
    "update of another column than the large one": 10,
    "delete": 12,
    "primary-key change": 4,
    "multi-row INSERT": 4,
    "COPY": 3,
    "several tables": 4,
    "rollback": 6,
}
"""Kind of transaction -> its weight in the choice of the next one."""

Rows = dict[str, dict[int, int]]
"""Table -> key -> version of the rows that exist."""

ROLLBACK = "rollback"


@dataclass(frozen=True)
class Statement:
    """A statement sent to PostgreSQL, without its values."""

    table: str
    text: str


class WrongRowCount(Exception):
    """Raised when PostgreSQL accepted a statement that changed fewer or more rows than it should.

    `key` is the key of the row to be changed; None for new rows.
    """

    def __init__(self, statement: Statement, key: int | None, seen: int, wanted: int) -> None:
        super().__init__(f"{seen} rows instead of {wanted}")
        self.statement, self.key = statement, key


class RowChanges:
    """Changes the tables of a schema; `rows` are the existing rows that it may change."""

    def __init__(self, schema: str, seed: int, first_id: int) -> None:
        self.rows: Rows = {table: {} for table in COLUMNS}
        self.statement = Statement("", "")
        """The statement that was sent last."""
        self._schema, self._random = schema, random.Random(seed)
        self._values = RowValues(self._random, first_id)

    def next_kind(self) -> str:
        """Chooses the kind of the next transaction."""
        return self._random.choices(list(KINDS), list(KINDS.values()))[0]

    def make(self, kind: str, cursor: psycopg.Cursor) -> Iterator[Change]:
        """Makes the changes of a transaction; each has happened when it is yielded.

        Raises WrongRowCount when a statement had another effect than it should.
        """
        table = self._random.choice(list(COLUMNS))
        makers: Mapping[str, Callable[[psycopg.Cursor, str], Iterator[Change]]] = {
            "update": self._update,
            "update of another column than the large one": self._update_small,
            "delete": self._delete,
            "primary-key change": self._change_key,
            "multi-row INSERT": lambda c, t: self.insert_at_once(c, t, ROWS_PER_INSERT),
            "COPY": lambda c, t: self.copy(c, t, ROWS_PER_COPY),
        }
        if kind == "several tables":
            for each in COLUMNS:
                yield from self._insert(cursor, each)
        elif kind == ROLLBACK:
            yield from self._insert(cursor, table)
            yield from self._update(cursor, table)
        elif kind not in makers or not self.rows[table]:
            yield from self._insert(cursor, table)
        else:
            yield from makers[kind](cursor, table)

    # -- many rows -----------------------------------------------------------------------

    def copy(self, cursor: psycopg.Cursor, table: str, count: int) -> Iterator[Change]:
        """Inserts `count` rows with one COPY."""
        rows = [self._values.row(table) for _ in range(count)]
        self.statement = Statement(table, f"COPY {self._target(table)} FROM STDIN")
        with cursor.copy(self.statement.text.encode()) as copy:
            for row in rows:
                copy.write_row(row)
        yield from self._all_created(table, rows)

    def insert_at_once(self, cursor: psycopg.Cursor, table: str, count: int) -> Iterator[Change]:
        """Inserts `count` rows with one INSERT.

        A server-side statement is limited to 65,535 values; a ClientCursor has no limit.
        """
        rows = [self._values.row(table) for _ in range(count)]
        row_marks = _placeholders(table)
        insert = f"INSERT INTO {self._target(table)} VALUES "
        self.statement = Statement(table, f"{insert}{row_marks}{', ...' if count > 1 else ''}")
        cursor.execute(
            f"{insert}{', '.join([row_marks] * count)}".encode(),
            [value for row in rows for value in row],
        )
        self._require_row_count(cursor, None, count)
        yield from self._all_created(table, rows)

    def insert_one_by_one(self, cursor: psycopg.Cursor, table: str, count: int) -> Iterator[Change]:
        """Inserts `count` rows with an INSERT each."""
        rows = [self._values.row(table) for _ in range(count)]
        insert = f"INSERT INTO {self._target(table)} VALUES {_placeholders(table)}"
        self.statement = Statement(table, insert)
        cursor.executemany(insert.encode(), rows)
        yield from self._all_created(table, rows)

    def _all_created(self, table: str, rows: list[tuple[object, ...]]) -> Iterator[Change]:
        for row in rows:
            key, version = row[0], row[-1]
            assert isinstance(key, int)
            assert isinstance(version, int)
            yield self._created(table, key, version)

    def _created(self, table: str, key: int, version: int) -> Change:
        self.rows[table][key] = version
        return Change("c", table, key, version)

    def _target(self, table: str) -> str:
        return f"{self._schema}.{table} ({', '.join(COLUMNS[table])})"

    # -- single rows ---------------------------------------------------------------------

    def _insert(self, cursor: psycopg.Cursor, table: str) -> Iterator[Change]:
        return self.insert_at_once(cursor, table, 1)

    def _update(self, cursor: psycopg.Cursor, table: str) -> Iterator[Change]:
        yield self._updated(cursor, table, COLUMNS[table][1:-1])

    def _update_small(self, cursor: psycopg.Cursor, table: str) -> Iterator[Change]:
        yield self._updated(cursor, table, COLUMNS[table][1:2])

    def _updated(self, cursor: psycopg.Cursor, table: str, names: tuple[str, ...]) -> Change:
        key, previous = self._pick(table)
        version = self._values.fresh_version()
        values = dict(zip(COLUMNS[table][1:-1], self._values.contents(table, version), strict=True))
        sets = ", ".join(f"{name} = %s" for name in (*names, "version"))
        update = f"UPDATE {self._schema}.{table} SET {sets} WHERE id = %s"
        self._change_row(cursor, table, update, (*(values[name] for name in names), version, key))
        self.rows[table][key] = version
        return Change("u", table, key, version, previous)

    def _delete(self, cursor: psycopg.Cursor, table: str) -> Iterator[Change]:
        key, version = self._pick(table)
        delete = f"DELETE FROM {self._schema}.{table} WHERE id = %s"
        self._change_row(cursor, table, delete, (key,))
        del self.rows[table][key]
        yield Change("d", table, key, version)

    def _change_key(self, cursor: psycopg.Cursor, table: str) -> Iterator[Change]:
        """Changes a row's key; recorded as a delete and a create, like Debezium's events."""
        key, previous = self._pick(table)
        new, version = self._values.fresh_id(), self._values.fresh_version()
        update = f"UPDATE {self._schema}.{table} SET id = %s, version = %s WHERE id = %s"
        self._change_row(cursor, table, update, (new, version, key))
        del self.rows[table][key]
        yield Change("d", table, key, previous)
        yield self._created(table, new, version)

    def _change_row(
        self, cursor: psycopg.Cursor, table: str, text: str, values: Sequence[object]
    ) -> None:
        """Executes a statement that changes the row whose key is the last of the values."""
        self.statement = Statement(table, text)
        cursor.execute(text.encode(), values)
        key = values[-1]
        assert isinstance(key, int)
        self._require_row_count(cursor, key, 1)

    def _require_row_count(self, cursor: psycopg.Cursor, key: int | None, rows: int) -> None:
        if cursor.rowcount != rows:
            raise WrongRowCount(self.statement, key, cursor.rowcount, rows)

    def _pick(self, table: str) -> tuple[int, int]:
        """Chooses an existing row; its key and version."""
        key = self._random.choice(list(self.rows[table]))
        return key, self.rows[table][key]


def _placeholders(table: str) -> str:
    return f"({', '.join(['%s'] * len(COLUMNS[table]))})"
