"""Changes the captured tables at a set rate, and records every transaction and its outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from threading import Event as Signal
from threading import Thread

import psycopg

from support import clock
from support.errors import NotInTime
from support.generate.open_transaction import OpenTransaction
from support.generate.refusals import RETRYABLE, connection_lost, error_text
from support.generate.row_changes import ROLLBACK, RowChanges, Statement, WrongRowCount
from support.generate.wal_position import position, written_lsn
from support.generate.writer_connection import WriterConnection, versions_in
from support.interruption import interruptible
from support.record.changes import Change, Refusal, TransactionOutcome, WrittenChanges

RECONNECT_S = 0.2
"""Seconds between two attempts to connect."""
LAST_S = 60.0
"""Seconds within which the last transaction must end."""
REFUSED_S = 2
"""Seconds of writing after the first refusal: about a hundred transactions, of all kinds."""
CONNECTING = "connecting"
"""Kind of a refusal outside any transaction."""
CONNECT = Statement("", "connect")

Steps = Callable[[psycopg.Cursor], Iterator[Change]]


class RowWriter:
    """Writes in a thread from start() to stop(); `trouble` is the error that ended the thread.

    After the first statement that PostgreSQL refuses, it writes for REFUSED_S more, to find what
    else is refused, and ends. `written.refusals` has the first refusal of each kind.

    New rows get ids greater than `first_id`. Rows that existed before are not changed, except those
    that adopt() names.
    """

    def __init__(
        self, conninfo: str, schema: str, seed: int, rate_per_s: float, first_id: int
    ) -> None:
        self.written = WrittenChanges()
        self.trouble: Exception | None = None
        self.committed_lsn = 0
        """End of the write-ahead log just after the last commit."""
        self._schema, self._rate, self._first_id = schema, rate_per_s, first_id
        self._changes = RowChanges(schema, seed, first_id)
        self._connection = WriterConnection(conninfo, schema)
        self._cut_off = False
        """Whether the connection was lost and has not been replaced yet."""
        self._unreachable = ""
        """Why the last attempt to connect failed."""
        self._refused_ns: int | None = None
        self._done = Signal()
        self._thread = Thread(target=self._run, name="row-writer", daemon=True)

    def start(self) -> None:
        """Starts writing."""
        self._thread.start()

    def stop(self) -> WrittenChanges:
        """Ends after the current transaction; returns everything that was written."""
        self._done.set()
        if self._thread.ident is not None:
            with interruptible():
                self._thread.join(LAST_S)
            if self._thread.is_alive() and self.trouble is None:
                self.trouble = NotInTime(
                    f"The row writer's last transaction did not end in {LAST_S:g} s."
                )
        self._connection.close()
        return self.written

    def finish(self) -> WrittenChanges:
        """Stops, and connects once more if the connection was lost: a failure is a refusal."""
        written = self.stop()
        with interruptible():
            away = self._cut_off and self.trouble is None and self._connect() is None
        if away:
            self._refuse(CONNECTING, CONNECT, "", self._unreachable)
        self._connection.close()
        return written

    @property
    def ended(self) -> bool:
        """Whether it stopped by itself: it died, or PostgreSQL refused a statement."""
        since = self._refused_ns
        refused = since is not None and clock.now_ns() - since > REFUSED_S * clock.NS_PER_S
        return self.trouble is not None or refused

    def adopt(self, keys: range, version: int) -> None:
        """Allows changes to the rows with these keys in every table, which have this version."""
        for rows in self._changes.rows.values():
            rows.update(dict.fromkeys(keys, version))

    def write_at_once(self, how: str, table: str, count: int) -> None:
        """Writes `count` rows in one transaction, in the caller's thread; not while it is started.

        `how` is "one COPY", "one INSERT" or "one transaction of single INSERTs". A refusal is
        recorded. Raises psycopg.OperationalError when the connection was lost.
        """
        make = {
            "one COPY": self._changes.copy,
            "one INSERT": self._changes.insert_at_once,
            "one transaction of single INSERTs": self._changes.insert_one_by_one,
        }[how]
        with interruptible():
            connection = self._connect()
            done = connection is not None and self._transact(
                connection, how, lambda cursor: make(cursor, table, count)
            )
        if not done and not self.written.refusals:
            raise psycopg.OperationalError("the transaction of many rows was not committed")

    def _run(self) -> None:
        began, number = clock.now_ns(), 0
        try:
            while not self._done.is_set() and not self.ended:
                clock.sleep_until_ns(began + int(number * clock.NS_PER_S / self._rate))
                number += 1
                connection = self._connect()
                if connection is None:
                    self._done.wait(RECONNECT_S)
                    continue
                kind = self._changes.next_kind()
                self._transact(connection, kind, partial(self._changes.make, kind))
        except Exception as error:  # noqa: BLE001 - kept in `trouble`, which the experiment reads
            self.trouble = error

    def _connect(self) -> psycopg.Connection | None:
        """Returns the connection, opened if necessary; None while PostgreSQL accepts none."""
        if self._connection.current is None:
            try:
                connection = self._connection.open()
                if self.written.transactions:
                    self._read_rows(connection)
                self._cut_off = False
            except psycopg.Error as error:
                self._connection.close()
                self._unreachable = error_text(error)
                # Before the first loss the server is up: it created the tables a moment ago.
                if not (self._cut_off and connection_lost(error, broken=True)):
                    state = error.sqlstate or ""
                    self._refuse(CONNECTING, CONNECT, state, self._unreachable)
        return self._connection.current

    def _read_rows(self, connection: psycopg.Connection) -> None:
        """Reads its rows: only the tables know whether an interrupted commit happened."""
        for table, found in versions_in(connection, self._schema).items():
            known = self._changes.rows[table]
            self._changes.rows[table] = {
                key: version
                for key, version in found.items()
                if key in known or key > self._first_id
            }

    def _transact(self, connection: psycopg.Connection, kind: str, steps: Steps) -> bool:
        """Carries out and records one transaction; False when it was not committed."""
        rows = {table: dict(rows) for table, rows in self._changes.rows.items()}
        transaction = OpenTransaction(kind, rows)
        try:
            self._carry_out(connection, transaction, steps)
            return True
        except WrongRowCount as error:
            self._handle_wrong_row_count(connection, transaction, error)
        except psycopg.Error as error:
            self._handle_error(connection, transaction, error)
        finally:
            self._record(transaction)
        return False

    def _carry_out(
        self, connection: psycopg.Connection, transaction: OpenTransaction, steps: Steps
    ) -> None:
        with connection.cursor() as cursor:
            transaction.changes.extend(steps(cursor))
            if transaction.kind == ROLLBACK:
                connection.rollback()
                return
            transaction.before_lsn, xid = position(cursor)
            transaction.xid = xid if self._connection.side_effects else None
        transaction.outcome = TransactionOutcome.UNKNOWN
        self._changes.statement = Statement("", "COMMIT")
        connection.commit()
        transaction.outcome = TransactionOutcome.COMMITTED
        self.committed_lsn = written_lsn(connection)

    def _handle_error(
        self, connection: psycopg.Connection, transaction: OpenTransaction, error: psycopg.Error
    ) -> None:
        if connection_lost(error, broken=connection.broken or connection.closed):
            self._cut_off = True
            self._connection.close()
            return
        if transaction.outcome is TransactionOutcome.UNKNOWN:
            transaction.outcome = TransactionOutcome.ROLLED_BACK
        state = error.sqlstate or ""
        if not state.startswith(RETRYABLE):
            self._refuse(transaction.kind, self._changes.statement, state, error_text(error))
        with suppress(psycopg.Error):
            connection.rollback()

    def _handle_wrong_row_count(
        self, connection: psycopg.Connection, transaction: OpenTransaction, error: WrongRowCount
    ) -> None:
        """Forgets a row that another session removed; otherwise records a refusal."""
        statement = error.statement
        try:
            connection.rollback()
            transaction.undo(self._changes)
            self._read_rows(connection)
        except psycopg.Error as lost:
            self._handle_error(connection, transaction, lost)
            return
        if error.key is None or error.key in self._changes.rows[statement.table]:
            reason = f"{error}, without an error: a trigger or a rule does something else"
            self._refuse(transaction.kind, statement, "", reason)

    def _refuse(self, kind: str, statement: Statement, sqlstate: str, reason: str) -> None:
        """Records a refusal, unless one of the same kind is known."""
        refusal = Refusal(kind, statement.table, statement.text, sqlstate, reason)
        if all(refusal.of_what != known.of_what for known in self.written.refusals):
            self.written.refusals.append(refusal)
        self._refused_ns = self._refused_ns or clock.now_ns()

    def _record(self, transaction: OpenTransaction) -> None:
        if transaction.outcome is not TransactionOutcome.COMMITTED:
            transaction.undo(self._changes)
        if transaction.changes:
            self.written.transactions.append(transaction.ended())
