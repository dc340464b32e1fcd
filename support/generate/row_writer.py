"""Changes the captured tables for real, at a set rate, and keeps the record of what it did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from threading import Event as Signal
from threading import Thread

import psycopg

from support import clock
from support.clients.database import connected
from support.errors import NotInTime
from support.generate.refusals import AGAIN, connection_lost, words_of
from support.generate.row_changes import ROLLBACK, RowChanges, Statement, WithoutEffect
from support.generate.tables import COLUMNS
from support.generate.wal_position import may_change_more, place, written_lsn
from support.generate.writing import Work
from support.interruption import interruptible
from support.record.changes import Change, Fate, Refusal, WrittenChanges

RECONNECT_S, LAST_S = 0.2, 60.0
REFUSED_S = 2
"""From the first refusal on: about a hundred transactions of all kinds."""
CONNECTING = "connecting"
"""Kind of a refusal outside of any transaction."""

Steps = Callable[[psycopg.Cursor], Iterator[Change]]


class RowWriter:
    """Writes in a thread from start() to stop(). `trouble` says when it died. When PostgreSQL
    refuses a statement, it writes for REFUSED_S more, to see what else is refused, and ends;
    `written.refusals` has the first of each kind.

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
        self._cut_off = False
        """Whether the connection was lost, and there is no other yet."""
        self._unreachable = ""
        self._refused_ns: int | None = None
        self._changes_more = False
        self._done = Signal()
        self._thread = Thread(target=self._run, name="row-writer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> WrittenChanges:
        """End after the transaction that is under way; everything that was done."""
        self._done.set()
        if self._thread.ident is not None:
            with interruptible():
                self._thread.join(LAST_S)
            if self._thread.is_alive() and self.trouble is None:
                told = f"The row writer's last transaction did not end in {LAST_S:g} s."
                self.trouble = NotInTime(told)
        self._disconnect()
        return self.written

    def finish(self) -> WrittenChanges:
        """Stop; a server that does not let the writer in again refuses its statements."""
        written = self.stop()
        with interruptible():
            away = self._cut_off and self.trouble is None and self._connect() is None
        if away:
            self._refuse(CONNECTING, Statement("", "connect"), "", self._unreachable)
        self._disconnect()
        return written

    @property
    def ended(self) -> bool:
        """Whether it stopped by itself: it died, or PostgreSQL refused a statement."""
        since = self._refused_ns
        refused = since is not None and clock.now_ns() - since > REFUSED_S * clock.NS_PER_S
        return self.trouble is not None or refused

    def adopt(self, keys: range, version: int) -> None:
        """May change the rows of these keys in every table, which are there with this version."""
        for rows in self._changes.rows.values():
            rows.update(dict.fromkeys(keys, version))

    def write_at_once(self, how: str, table: str, count: int) -> None:
        """One transaction of many rows, by the caller's thread and while start() is not in force.

        Raises psycopg.OperationalError when the connection was lost in it. A refusal is noted.
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
                kind = self._changes.kind()
                self._transact(connection, kind, partial(self._changes.make, kind))
        except Exception as error:  # noqa: BLE001 - kept, and asked for by the trial
            self.trouble = error

    def _connect(self) -> psycopg.Connection | None:
        """The connection; None while there is no server."""
        if self._connection is None:
            try:
                self._connection = connection = self._open()
                self._changes_more = may_change_more(connection, self._schema)
                self._see_what_is_there(connection)
                self._cut_off = False
            except psycopg.Error as error:
                self._disconnect()
                self._unreachable = words_of(error)
                # When nothing was lost yet, the server is there: it made the tables a moment ago.
                if not (self._cut_off and connection_lost(error, broken=True)):
                    state = error.sqlstate or ""
                    self._refuse(CONNECTING, self._changes.statement, state, self._unreachable)
        return self._connection

    def _open(self) -> psycopg.Connection:
        self._changes.statement = Statement("", "connect")
        connection = connected(self._conninfo, cursors=psycopg.ClientCursor)
        # For triggers and functions that name a table without its schema.
        connection.execute(f"SET search_path TO {self._schema}, public".encode())
        connection.commit()
        return connection

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _see_what_is_there(self, connection: psycopg.Connection, *, always: bool = False) -> None:
        """After a commit that was cut off only the tables know whether it happened."""
        for table in COLUMNS if self.written.transactions or always else ():
            found = connection.execute(
                f"SELECT id, version FROM {self._schema}.{table}".encode()
            ).fetchall()
            known = self._changes.rows[table]
            mine = {key: version for key, version in found if key in known or key > self._first_id}
            self._changes.rows[table] = mine
        connection.rollback()

    def _transact(self, connection: psycopg.Connection, kind: str, steps: Steps) -> bool:
        """One transaction; False when it was not committed."""
        work = Work(kind, {table: dict(rows) for table, rows in self._changes.rows.items()})
        try:
            self._carry_out(connection, work, steps)
            return True
        except WithoutEffect as error:
            self._not_there(connection, work, error)
        except psycopg.Error as error:
            self._failed(connection, work, error)
        finally:
            self._record(work)
        return False

    def _carry_out(self, connection: psycopg.Connection, work: Work, steps: Steps) -> None:
        with connection.cursor() as cursor:
            work.changes.extend(steps(cursor))
            if work.kind == ROLLBACK:
                connection.rollback()
                return
            lsn, xid = place(cursor)
            work.before_lsn, work.xid = lsn, xid if self._changes_more else None
        work.fate = Fate.UNKNOWN
        self._changes.statement = Statement("", "COMMIT")
        connection.commit()
        work.fate = Fate.COMMITTED
        self.committed_lsn = written_lsn(connection)

    def _failed(self, connection: psycopg.Connection, work: Work, error: psycopg.Error) -> None:
        if connection_lost(error, broken=connection.broken or connection.closed):
            self._cut_off = True
            self._disconnect()
            return
        if work.fate is Fate.UNKNOWN:
            work.fate = Fate.ROLLED_BACK
        state = error.sqlstate or ""
        if not state.startswith(AGAIN):
            self._refuse(work.kind, self._changes.statement, state, words_of(error))
        with suppress(psycopg.Error):
            connection.rollback()

    def _not_there(self, connection: psycopg.Connection, work: Work, error: WithoutEffect) -> None:
        """A row that somebody else removed is forgotten; one that is there was refused."""
        statement = error.statement
        try:
            connection.rollback()
            work.undo(self._changes)
            self._see_what_is_there(connection, always=True)
        except psycopg.Error as lost:
            self._failed(connection, work, lost)
            return
        if error.key is None or error.key in work.rows[statement.table]:
            told = f"{error}, without an error: a trigger or a rule does something else"
            self._refuse(work.kind, statement, "", told)

    def _refuse(self, kind: str, statement: Statement, sqlstate: str, words: str) -> None:
        refusal = Refusal(kind, statement.table, statement.text, sqlstate, words)
        if all(refusal.of_what != known.of_what for known in self.written.refusals):
            self.written.refusals.append(refusal)
        self._refused_ns = self._refused_ns or clock.now_ns()

    def _record(self, work: Work) -> None:
        if work.fate is not Fate.COMMITTED:
            work.undo(self._changes)
        if work.changes:
            self.written.transactions.append(work.done())
