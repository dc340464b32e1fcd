"""Changes the tables all the time, with several connections and transactions of any length."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count

import psycopg

from support import clock
from tests.contract.audit.schema import ALTERING, CHANGES, EMPTYING

NUMBERS = count(1)
"""Numbers for all writers, so that no row is made twice."""
CONFLICTS = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)
"""Errors that PostgreSQL gives one of two transactions that change the same rows."""


class Writer:
    """Two threads: short transactions, and some that stay open for a while. A part rolls back."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo, self._stop = conninfo, threading.Event()
        self.transactions = 0
        self.errors = list[str]()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Writes until the block ends."""
        threads = [
            threading.Thread(target=self._write, args=(seed, hold_s), daemon=True)
            for seed, hold_s in ((1, 0.005), (2, 0.3))
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join(20)
        assert not self.errors, self.errors[:3]

    def _write(self, seed: int, hold_s: float) -> None:
        chance = random.Random(seed)
        with psycopg.connect(self._conninfo, autocommit=True) as connection:
            while not self._stop.is_set():
                try:
                    with connection.transaction(force_rollback=chance.random() < 0.1):
                        self._change(connection, chance, hold_s)
                    self.transactions += 1
                except CONFLICTS:
                    continue
                except psycopg.Error as error:
                    self.errors.append(str(error))
                    return

    def _change(self, connection: psycopg.Connection, chance: random.Random, hold_s: float) -> None:
        for _ in range(chance.randint(1, 5)):
            values = {"n": chance.randint(1, 300), "m": next(NUMBERS)}
            connection.execute(chance.choice(CHANGES).encode(), values)
            clock.pause(timedelta(seconds=hold_s * chance.random()))
        if chance.random() < 0.01:
            connection.execute(EMPTYING)


def alter(conninfo: str) -> None:
    """Adds a column, drops one, and changes some rows."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        for statement in ALTERING:
            connection.execute(statement.encode(), {})
