"""Every connection to PostgreSQL has a time limit, and a signal ends it."""

from __future__ import annotations

import os
import re
import signal
import socketserver
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread, Timer
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from support import interruption
from support.clients import database
from support.clients.database import LONGEST_MS, Database, connected
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


def parameters_of(monkeypatch: pytest.MonkeyPatch, conninfo: str) -> dict[str, str]:
    """Returns libpq's parameters of a connection that is made to `conninfo`."""
    asked: list[str] = []

    def connect(text: str, **more: Any) -> Server:
        options = {k: v for k, v in more.items() if k not in ("autocommit", "cursor_factory")}
        asked.append(make_conninfo(text, **options))
        return Server()

    monkeypatch.setattr(psycopg, "connect", connect)
    connected(conninfo)
    return {key: str(value) for key, value in conninfo_to_dict(asked[0]).items()}


def test_a_connection_ends_when_the_host_does_not_answer_any_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert parameters_of(monkeypatch, "host=h keepalives_idle=99") == {
        "host": "h",
        "connect_timeout": "5",
        "keepalives": "1",
        "keepalives_idle": "99",
        "keepalives_interval": "5",
        "keepalives_count": "3",
        "tcp_user_timeout": "30000",
    }


@pytest.mark.parametrize(
    ("given", "used"), [("0", "30"), ("-1", "30"), ("60", "60"), ("2", "2"), ("00", "30")]
)
def test_connecting_always_has_an_end(
    monkeypatch: pytest.MonkeyPatch, given: str, used: str
) -> None:
    found = parameters_of(monkeypatch, f"host=h connect_timeout={given}")
    assert found["connect_timeout"] == used


def answer_of(tag: bytes) -> bytes:
    """Returns CommandComplete and ReadyForQuery of PostgreSQL's protocol."""
    return b"C" + struct.pack("!i", len(tag) + 5) + tag + b"\0" + b"Z" + struct.pack("!i", 5) + b"I"


@pytest.fixture
def frozen() -> Iterator[int]:
    """Returns the port of a server that accepts a client and its settings, and then no answer."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            (length,) = struct.unpack("!i", self.rfile.read(4))
            self.rfile.read(length - 4)
            self.wfile.write(b"R" + struct.pack("!ii", 8, 0) + b"Z" + struct.pack("!i", 5) + b"I")
            while kind := self.rfile.read(1):
                (length,) = struct.unpack("!i", self.rfile.read(4))
                text = self.rfile.read(length - 4)
                if kind == b"Q" and text.startswith((b"BEGIN", b"SET", b"COMMIT")):
                    self.wfile.write(answer_of(text.split()[0].strip(b"\0")))

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("call", [Database.query, Database.execute, Database.texts])
def test_a_frozen_server_is_given_up(
    frozen: int, monkeypatch: pytest.MonkeyPatch, call: Callable[[Database, str], Any]
) -> None:
    monkeypatch.setattr(database, "SILENCE_S", 0.5, raising=False)
    monkeypatch.setattr(database, "TEXT_FORMS", "SET a TO b")
    conninfo = f"host=127.0.0.1 port={frozen} user=u dbname=d sslmode=disable gssencmode=disable"
    began = time.monotonic()
    with (
        limit_of_the_test(5),
        pytest.raises(psycopg.OperationalError, match="did not answer within"),
    ):
        call(Database(conninfo), "SELECT 1")
    assert time.monotonic() - began < 3


@contextmanager
def limit_of_the_test(seconds: float) -> Iterator[None]:
    """Raises TimeoutError inside after that time."""

    def too_long(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, too_long)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
