"""The kinds of changes that a row writer makes, each as the SQL of one step and its record.

Seeded: the same seed makes the same changes. Every change gives its row a `version` that no other
change has, and no id is ever used again, so that an event tells its change by key and version.

Values suit tables as applications have them: names and addresses are unique, and a comment is of
a user and a video that exist and stay (seed rows, which are never changed), so that foreign keys
hold whatever is deleted.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import psycopg

from support.generate.tables import COLUMNS, SEED_ROWS
from support.record.changes import Change

LARGE = 20_000
"""Characters of a value that PostgreSQL stores out of line (TOAST)."""
WORDS = ("zażółć", "größe", "日本語", "émoji 🎬", "plain", "tab\tand\nline", 'quote " and \\', "")
ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
FEW, SOME = 5, 20
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
"""Kinds of transactions, and how often each is chosen."""

Rows = dict[str, dict[int, int]]
"""Table -> key -> version of the rows that are there."""

ROLLBACK = "rollback"


@dataclass(frozen=True)
class Statement:
    """What is sent to PostgreSQL, without its values."""

    table: str
    text: str


class WithoutEffect(Exception):
    """A statement that PostgreSQL accepted and that changed other rows than it should.

    `key` is that of the row to be changed; None for new rows.
    """

    def __init__(self, statement: Statement, key: int | None, seen: int, wanted: int) -> None:
        super().__init__(f"{seen} rows instead of {wanted}")
        self.statement, self.key = statement, key


class RowChanges:
    """Makes changes in the tables of a schema; `rows` are those that it may change."""

    def __init__(self, schema: str, seed: int, first_id: int) -> None:
        self.rows: Rows = {table: {} for table in COLUMNS}
        self._schema, self._luck = schema, random.Random(seed)
        self._next_id, self._next_version = first_id, 1
        self.statement = Statement("", "")
        """The last one that was sent."""

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
        self.statement = Statement(table, f"COPY {self._names(table)} FROM STDIN")
        with cursor.copy(self.statement.text.encode()) as copy:
            for row in rows:
                copy.write_row(row)
        yield from self._all_created(table, rows)

    def insert_at_once(self, cursor: psycopg.Cursor, table: str, count: int) -> Iterator[Change]:
        """One INSERT of many rows; with a ClientCursor of any number."""
        rows = [self._row(table) for _ in range(count)]
        marks = self._marks(table)
        insert = f"INSERT INTO {self._names(table)} VALUES "
        self.statement = Statement(table, f"{insert}{marks}{', ...' if count > 1 else ''}")
        cursor.execute(
            f"{insert}{', '.join([marks] * count)}".encode(),
            [value for row in rows for value in row],
        )
        self._must_concern(cursor, None, count)
        yield from self._all_created(table, rows)

    def insert_one_by_one(self, cursor: psycopg.Cursor, table: str, count: int) -> Iterator[Change]:
        """Many INSERTs of one row each."""
        rows = [self._row(table) for _ in range(count)]
        insert = f"INSERT INTO {self._names(table)} VALUES {self._marks(table)}"
        self.statement = Statement(table, insert)
        cursor.executemany(insert.encode(), rows)
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
        values = dict(zip(COLUMNS[table][1:-1], self._values(table, version), strict=True))
        sets = ", ".join(f"{name} = %s" for name in (*names, "version"))
        update = f"UPDATE {self._schema}.{table} SET {sets} WHERE id = %s"
        self._one(cursor, table, update, (*(values[name] for name in names), version, key))
        self.rows[table][key] = version
        return Change("u", table, key, version, previous)

    def _delete(self, cursor: psycopg.Cursor, table: str) -> Iterator[Change]:
        key, version = self._pick(table)
        self._one(cursor, table, f"DELETE FROM {self._schema}.{table} WHERE id = %s", (key,))
        del self.rows[table][key]
        yield Change("d", table, key, version)

    def _change_key(self, cursor: psycopg.Cursor, table: str) -> Iterator[Change]:
        key, previous = self._pick(table)
        new, version = self._fresh_id(), self._fresh_version()
        update = f"UPDATE {self._schema}.{table} SET id = %s, version = %s WHERE id = %s"
        self._one(cursor, table, update, (new, version, key))
        del self.rows[table][key]
        yield Change("d", table, key, previous)
        yield self._created(table, new, version)

    def _one(self, cursor: psycopg.Cursor, table: str, text: str, values: Sequence[object]) -> None:
        """A statement that changes the row whose key is the last of the values."""
        self.statement = Statement(table, text)
        cursor.execute(text.encode(), values)
        key = values[-1]
        assert isinstance(key, int)
        self._must_concern(cursor, key, 1)

    def _must_concern(self, cursor: psycopg.Cursor, key: int | None, rows: int) -> None:
        if cursor.rowcount != rows:
            raise WithoutEffect(self.statement, key, cursor.rowcount, rows)

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

    def _marks(self, table: str) -> str:
        return f"({', '.join(['%s'] * len(COLUMNS[table]))})"

    def _row(self, table: str) -> tuple[object, ...]:
        version = self._fresh_version()
        return (self._fresh_id(), *self._values(table, version), version)

    def _values(self, table: str, version: int) -> tuple[object, ...]:
        """Of the columns between key and version."""
        text = f"{self._luck.choice(WORDS)} {version}"
        number = self._luck.randrange(1, 10_000)
        if table == "videos":
            return text, self._luck.choice([None, text, self._large()]), number
        if table == "users":
            return text, f"{version}.{number}@example.org"
        parents = self._luck.randint(1, SEED_ROWS), self._luck.randint(1, SEED_ROWS)
        return *parents, self._large() if self._luck.random() < 0.1 else text

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
