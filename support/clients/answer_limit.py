"""Ends the wait for a PostgreSQL server that is frozen: its kernel still confirms what is sent, so
that neither TCP nor the server's own statement_timeout notices."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Timer

import psycopg


@contextmanager
def answered(connection: psycopg.Connection, within_s: float) -> Iterator[None]:
    """Raises OperationalError if what runs inside still waits for the server after that time.

    The connection is of no use then.
    """
    cut_off = Event()

    def cut() -> None:
        cut_off.set()
        # The wait of libpq ends as if the server had closed the connection.
        with (
            suppress(OSError, psycopg.Error),
            socket.socket(fileno=os.dup(connection.fileno())) as same,
        ):
            same.shutdown(socket.SHUT_RDWR)

    timer = Timer(within_s, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except psycopg.OperationalError as error:
        if cut_off.is_set():
            raise psycopg.OperationalError(
                f"the server accepted a statement and did not answer within {within_s:g} s"
            ) from error
        raise
    finally:
        timer.cancel()
