"""Compares PostgreSQL's clock with this host's."""

from __future__ import annotations

import psycopg

from support import clock
from support.clients.database import connected
from support.clock import ClockOffset
from support.interruption import interruptible

NOW = b"SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8"
LOOKS = 5
"""The number of measurements: the fastest answer gives the narrowest bounds."""


def database_clock(conninfo: str) -> ClockOffset:
    """Measures the offset over one connection, so that connecting does not widen the bounds.

    Raises psycopg.OperationalError.
    """
    with interruptible(), connected(conninfo) as connection:
        found = _look(connection)
        for _ in range(LOOKS - 1):
            found = found.narrowed(_look(connection))
    return found


def _look(connection: psycopg.Connection) -> ClockOffset:
    before_ns = clock.now_ns()
    row = connection.execute(NOW).fetchone()
    after_ns = clock.now_ns()
    assert row is not None
    return ClockOffset.seen(before_ns, float(row[0]), after_ns)
