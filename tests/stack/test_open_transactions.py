"""Open transactions of other sessions: which are waited for, and which are reported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from support import clock
from support.clients.obstacles import OpenTransaction
from support.errors import Inconclusive
from support.stack import replication
from support.stack.replication import await_no_open_transaction

SECOND = timedelta(seconds=1)


class Database:
    """A server with a transaction whose state at each look is the next of these; the last stays,
    and None says that it has ended."""

    def __init__(self, *states: str | None, gid: str | None = None) -> None:
        self._states, self._gid = list(states), gid

    def query(self, *_: object) -> Sequence[tuple[Any, ...]]:
        state = self._states.pop(0) if len(self._states) > 1 else self._states[0]
        pid = None if self._gid else 17
        row = ("731", pid, "batch-job", "app", state, "2026-11-28", 6.0, self._gid, "postgres")
        return [] if state is None else [row]


def took_s(database: Any, within: timedelta = SECOND) -> float:
    began = clock.now_ns()
    await_no_open_transaction(database, "kv_1", within)
    return (clock.now_ns() - began) / clock.NS_PER_S


@pytest.fixture(autouse=True)
def short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replication, "GRACE", timedelta(milliseconds=300))


def test_one_that_is_at_work_is_waited_for() -> None:
    assert took_s(Database("active", "active", "active", "active", "active", None)) > 0.5


def test_one_that_goes_on_after_a_moment_is_at_work() -> None:
    idle, busy = "idle in transaction", "active"
    assert took_s(Database(idle, idle, busy, idle, busy, idle, None)) > 0.5


@pytest.mark.parametrize("state", ["idle in transaction", "idle in transaction (aborted)"])
def test_one_that_is_idle_is_reported_at_once(state: str) -> None:
    began = clock.now_ns()
    with pytest.raises(Inconclusive, match="session 17 of postgres"):
        took_s(Database(state), 60 * SECOND)
    assert clock.now_ns() - began < 2 * clock.NS_PER_S


def test_a_prepared_one_is_reported_at_once() -> None:
    with pytest.raises(Inconclusive, match="prepared transaction 'left'"):
        took_s(Database("", gid="left"), 60 * SECOND)


@pytest.mark.parametrize("state", ["active", ""])
def test_one_that_works_for_longer_than_patience_is_named(state: str) -> None:
    with pytest.raises(Inconclusive, match="session 17 of postgres"):
        took_s(Database(state), SECOND / 2)


def test_without_other_transactions_there_is_no_wait() -> None:
    assert took_s(Database(None)) < 0.1


def test_an_open_transaction_says_whether_it_waits_for_its_client() -> None:
    assert not OpenTransaction("1", 2, "", "").idle
