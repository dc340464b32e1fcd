"""Changes the captured tables for real, at a set rate, and keeps the record of what it did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from threading import Event as Signal
from threading import Thread

import psycopg

from support import clock
from support.errors import NotInTime
from support.ledger.changes import Change, Fate, Transaction, WrittenChanges
from support.load.row_changes import ROLLBACK, RowChanges
from support.load.tables import COLUMNS

RECONNECT_S, LAST_S = 0.2, 60.0

Steps = Callable[[psycopg.Cursor], Iterator[Change]]


class RowWriter:
    """Writes in a thread from start() to stop(). `trouble` says when it died.

    Its rows have ids from `first_id` on; those that exist from the start are left alone unless
    it is told to `adopt` them.
    """

    def __init__(
        self, conninfo: str, schema: str, seed: int, rate_per_s: float, first_id: int
    ) -> None:
        self.written = WrittenChanges()
        self.trouble: Exception | None = None
        self.committed_lsn = 0
        """Where the write-ahead log ended just after the last commit."""
        self._conninfo, self._schema, self._rate = conninfo, schema, rate_per_s
        self._first_id = first_id
        self._changes = RowChanges(schema, seed, first_id)
        self._connection: psycopg.Connection | None = None
        self._done = Signal()
        self._thread = Thread(target=self._run, name="row-writer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> WrittenChanges:
        """End after the transaction that is under way; everything that was done."""
        self._done.set()
        if self._thread.ident is not None:
            self._thread.join(LAST_S)
            if self._thread.is_alive() and self.trouble is None:
                told = f"The row writer's last transaction did not end in {LAST_S:g} s."
                self.trouble = NotInTime(told)
        self._disconnect()
        return self.written

    def adopt(self, keys: range, version: int) -> None:
        """May change the rows of these keys in every table, which are there with this version."""
        for rows in self._changes.rows.values():
            rows.update(dict.fromkeys(keys, version))

    def write_at_once(self, how: str, table: str, count: int) -> None:
        """One transaction of many rows, by the caller's thread and while start() is not in force.

        Raises psycopg.OperationalError when it was not committed.
        """
        make = {
            "one COPY": self._changes.copy,
            "one INSERT": self._changes.insert_at_once,
            "one transaction of single INSERTs": self._changes.insert_one_by_one,
        }[how]
        connection = self._connect()
        if connection is None or not self._transact(
            connection, how, lambda cursor: make(cursor, table, count)
        ):
            raise psycopg.OperationalError("the transaction of many rows was not committed")

    def _run(self) -> None:
        began, number = clock.now_ns(), 0
        try:
            while not self._done.is_set():
                clock.sleep_until_ns(began + int(number * clock.NS_PER_S / self._rate))
                number += 1
                connection = self._connect()
                if connection is None:
                    self._done.wait(RECONNECT_S)
                    continue
                kind = self._changes.kind()
                self._transact(connection, kind, partial(self._changes.make, kind))
        except Exception as error:  # noqa: BLE001 - kept, and asked for by the trial
            self.trouble = error

    def _connect(self) -> psycopg.Connection | None:
        """The connection; None while there is no server."""
        if self._connection is None:
            with suppress(psycopg.OperationalError):
                self._connection = psycopg.connect(
                    self._conninfo, connect_timeout=5, cursor_factory=psycopg.ClientCursor
                )
                self._see_what_is_there(self._connection)
        return self._connection

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _see_what_is_there(self, connection: psycopg.Connection) -> None:
        """After a commit that was cut off only the tables know whether it happened."""
        for table in COLUMNS if self.written.transactions else ():
            found = connection.execute(
                f"SELECT id, version FROM {self._schema}.{table}".encode()
            ).fetchall()
            known = self._changes.rows[table]
            mine = {key: version for key, version in found if key in known or key > self._first_id}
            self._changes.rows[table] = mine
        connection.rollback()

    def _transact(self, connection: psycopg.Connection, kind: str, steps: Steps) -> bool:
        """One transaction; False when it was not committed because the connection was lost."""
        before = {table: dict(rows) for table, rows in self._changes.rows.items()}
        changes: list[Change] = []
        fate = Fate.ROLLED_BACK
        try:
            with connection.cursor() as cursor:
                changes.extend(steps(cursor))
            if kind == ROLLBACK:
                connection.rollback()
            else:
                fate = Fate.UNKNOWN
                connection.commit()
                fate = Fate.COMMITTED
                self.committed_lsn = _written_lsn(connection)
        except psycopg.OperationalError:
            self._disconnect()
            return False
        finally:
            if fate is not Fate.COMMITTED:
                self._changes.rows = before
            if changes:
                ended = clock.now_ns()
                self.written.transactions.append(Transaction(kind, tuple(changes), fate, ended))
        return True


def _written_lsn(connection: psycopg.Connection) -> int:
    row = connection.execute("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn").fetchone()
    connection.rollback()
    return int(row[0]) if row else 0
