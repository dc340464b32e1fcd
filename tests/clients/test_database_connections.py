"""Every connection to PostgreSQL has a time limit, and a signal ends it."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any

import psycopg
import pytest

from support import interruption
from support.clients.database import LONGEST_MS, Database
from support.clients.database_clock import database_clock
from support.generate.row_writer import RowWriter
from support.generate.tables import all_rows

LIMIT = f"SET statement_timeout = {LONGEST_MS}"
SUPPORT = Path(__file__).parents[2] / "support"


class Server:
    """A server that accepts every client, and answers only settings."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.broken = self.closed = False

    def connect(self, *_: object, **__: object) -> Server:
        return self

    def execute(self, statement: bytes | str, *_: object) -> Server:
        text = statement.decode() if isinstance(statement, bytes) else statement
        self.statements.append(text)
        if not text.startswith("SET"):
            time.sleep(30)
        return self

    @contextmanager
    def cursor(self, *_: object) -> Iterator[Server]:
        yield self

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def commit(self) -> None:
        pass

    def rollback(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True


def clock() -> object:
    return database_clock("")


def rows() -> object:
    return next(all_rows("", "own", "users", ("id",)))


def query() -> object:
    return Database("").query("SELECT 1")


def many_rows() -> None:
    RowWriter("", "own", 1, 10, 1_000).write_at_once("one INSERT", "comments", 3)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    server = Server()
    monkeypatch.setattr(psycopg, "connect", server.connect)
    handlers = {which: signal.getsignal(which) for which in (*interruption.ENDING, signal.SIGALRM)}
    interruption.listen()
    yield server
    interruption.forget()
    signal.setitimer(signal.ITIMER_REAL, 0)
    for which, handler in handlers.items():
        signal.signal(which, handler)


@pytest.mark.parametrize("ask", [clock, rows, query, many_rows])
def test_what_waits_for_postgresql_ends_with_a_signal_and_has_an_end_without(
    server: Server, ask: Callable[[], Any]
) -> None:
    began = time.monotonic()
    timer = Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        ask()
    assert time.monotonic() - began < 5
    assert server.statements[0] == LIMIT


def test_only_database_py_connects() -> None:
    found = [
        path for path in SUPPORT.rglob("*.py") if re.search(r"psycopg\.connect\(", path.read_text())
    ]
    assert [path.name for path in found] == ["database.py"]
