"""A fake PostgreSQL with the captured tables, as far as a row writer uses it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg

from support.generate.tables import COLUMNS

Rows = dict[str, dict[int, tuple[Any, ...]]]
"""Table -> key -> row. Rows are replaced, and never changed."""

Answer = Callable[[str], int | None]
"""Maps a statement to the number of rows that it pretends to change, or to None to carry it out;
may raise an error instead."""


def copy_of(tables: Rows) -> Rows:
    return {table: dict(rows) for table, rows in tables.items()}


class TablesServer:
    """Committed rows by table and key; a new connection sees them."""

    def __init__(self) -> None:
        self.rows: Rows = {table: {} for table in COLUMNS}
        self.lsn = 100
        self.answer: Answer = lambda _: None
        self.accepts = True
        self.triggers = False
        self.statements: list[str] = []

    def connect(self, *_: object, **__: object) -> TablesConnection:
        if not self.accepts:
            raise psycopg.OperationalError("connection failed: refused")
        self._connection = TablesConnection(self)
        return self._connection

    def remove(self, table: str, count: int) -> int:
        """Removes `count` rows, the oldest first, as another client would; returns how many."""
        gone = list(self.rows[table])[:count]
        for rows in (self.rows, self._connection.rows):
            for key in gone:
                rows[table].pop(key, None)
        return len(gone)


class TablesConnection:
    """Implements the methods of psycopg.Connection and Cursor that a row writer uses."""

    def __init__(self, server: TablesServer) -> None:
        self._server, self.rows = server, copy_of(server.rows)
        self.broken = self.closed = False
        self.rowcount = 0

    @contextmanager
    def cursor(self) -> Iterator[TablesConnection]:
        yield self

    @contextmanager
    def copy(self, statement: bytes) -> Iterator[TablesConnection]:
        self._table = statement.decode().split()[1].partition(".")[2]
        self._ask(statement.decode())
        yield self

    def write_row(self, row: Sequence[Any]) -> None:
        self.rows[self._table][row[0]] = tuple(row)

    def execute(self, statement: Any, values: Any = None) -> TablesConnection:
        text = statement.decode() if isinstance(statement, bytes) else statement
        pretended = self._ask(text)
        self.rowcount = self._done(text, list(values or ())) if pretended is None else pretended
        return self

    def executemany(self, statement: bytes, rows: Sequence[Sequence[Any]]) -> None:
        for row in rows:
            self.execute(statement, row)

    def _ask(self, text: str) -> int | None:
        self._server.statements.append(text)
        try:
            return self._server.answer(text)
        except psycopg.Error as error:
            self.broken = error.sqlstate is None or error.sqlstate.startswith("57P0")
            raise

    def _done(self, text: str, values: list[Any]) -> int:
        verb, *_ = text.split()
        if verb not in ("INSERT", "UPDATE", "DELETE"):
            self._asked = text
            return 0
        table = text.split(".")[1].split()[0]
        rows = self.rows[table]
        if verb == "INSERT":
            width = len(COLUMNS[table])
            for start in range(0, len(values), width):
                rows[values[start]] = tuple(values[start : start + width])
            return len(values) // width
        row = rows.pop(values[-1], None)
        if verb == "UPDATE" and row is not None:
            key = values[0] if "SET id" in text else values[-1]
            rows[key] = (key, *row[1:-1], values[-2])
        return int(row is not None)

    def fetchone(self) -> tuple[Any, ...]:
        if "EXISTS" in self._asked:
            return (self._server.triggers,)
        self._server.lsn += 1
        return self._server.lsn, 7

    def fetchall(self) -> list[tuple[Any, ...]]:
        table = self._asked.rpartition(".")[2]
        return [(key, row[-1]) for key, row in self.rows[table].items()]

    def commit(self) -> None:
        self._ask("COMMIT")
        self._server.rows = copy_of(self.rows)

    def rollback(self) -> None:
        self.rows = copy_of(self._server.rows)

    def close(self) -> None:
        self.closed = True
