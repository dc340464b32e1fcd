"""The columns of the captured tables, looked at while changes are made."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from support import clock
from support.experiment import captured_tables
from support.experiment.captured_tables import CapturedTables
from support.record.events import Altered, Column

USERS = ("users", "id", "int8", False)
NICK = ("users", "nick", "text", False)


class Database:
    """Reports these columns at each look, ten bytes of write-ahead log later; or raises."""

    def __init__(self, *looks: Any) -> None:
        self.looks, self.lsn = list(looks), 0

    def query(self, statement: str, _parameters: object = None) -> list[tuple[Any, ...]]:
        assert "pg_current_wal_insert_lsn" in statement
        self.lsn += 10
        found = self.looks.pop(0)
        if isinstance(found, Exception):
            raise found
        return [(self.lsn, *row) for row in found]

    def texts(self, _statement: str) -> list[tuple[str, ...]]:
        return []


def own(database: Database, monkeypatch: pytest.MonkeyPatch) -> CapturedTables:
    monkeypatch.setattr(captured_tables, "create_tables", lambda *_: None)
    trial: Any = type("Experiment", (), {})()
    trial.stack = type("Stack", (), {"baseline": type("Baseline", (), {"schema_sql": ""})})
    made: Any = database
    tables = CapturedTables(trial, made, "own")
    tables.create()
    return tables


def test_an_added_column_is_seen_between_two_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = psycopg.OperationalError("gone")
    database = Database([USERS], gone, [USERS, NICK], [USERS, NICK])
    tables = own(database, monkeypatch)
    now = clock.now_ns()
    for second in range(1, 5):
        monkeypatch.setattr(clock, "now_ns", lambda second=second: now + second * 700_000_000)
        tables.watch()
    # Once a second, and the server was away at one of the looks.
    assert database.looks == [[USERS, NICK]]
    there = tables.as_they_are({})
    assert there.altered == {"users": {"nick": Altered(10, 30)}}
    assert there.columns["users"]["nick"] == Column("text")
