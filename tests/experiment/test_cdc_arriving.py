"""Waiting for changes to arrive again: what ends it, and what does not."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from support import clock
from support.clock import NS_PER_S, ClockOffset
from support.errors import StackError
from support.experiment import cdc_arriving
from support.experiment.cdc_arriving import Arriving
from support.faults.timeline import FaultTimeline
from support.progress import Progress
from support.record.arrivals import Arrivals
from tests.experiment.test_cdc_measured import arrived, event

LONG, SHORT = timedelta(minutes=5), timedelta(milliseconds=300)
FAULT = FaultTimeline("crash", NS_PER_S, [(NS_PER_S, 2 * NS_PER_S)], 3 * NS_PER_S)
BACK = arrived((event(1, 1.5, 1.6), 3.5))


class Pipeline:
    """What Connect and PostgreSQL tell, and how often Connect was asked."""

    conninfo, topics = "", {"users": "x.users"}

    def __init__(self, *, lost: str = "", failed: str = "", silent: bool = False) -> None:
        self._lost, self._failed, self._silent = lost, failed, silent

    def lost(self) -> str:
        return self._lost

    def failed(self) -> str:
        if self._silent:
            raise StackError("Kafka Connect does not answer.")
        return self._failed


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Arriving]:
    def make(pipeline: Any, arrivals: Arrivals, trouble: str = "") -> Arriving:
        watch = SimpleNamespace(arrivals=arrivals, trouble=trouble, close=lambda: None)
        monkeypatch.setattr(cdc_arriving, "EventWatch", lambda *_: watch)
        offsets = iter([ClockOffset(-1, 1), ClockOffset(-2, 0.5)])
        monkeypatch.setattr(cdc_arriving, "database_clock", lambda _: next(offsets))
        monkeypatch.setattr(cdc_arriving, "STAYS_FAILED", timedelta(milliseconds=50))
        ends = SimpleNamespace(bootstrap="127.0.0.1:9")
        trial: Any = SimpleNamespace(
            stack=SimpleNamespace(endpoints=ends),
            cleanup=ExitStack(),
            progress=Progress(io.StringIO()),
        )
        return Arriving(trial, pipeline)

    return make


def took_s(arriving: Arriving, within: timedelta, wanted: bool) -> float:
    began = clock.now_ns()
    assert arriving.await_new(FAULT, within) is wanted
    return (clock.now_ns() - began) / NS_PER_S


def test_a_change_that_arrives_ends_it(waiting: Callable[..., Arriving]) -> None:
    assert took_s(waiting(Pipeline(silent=True), BACK), LONG, True) < 1


@pytest.mark.parametrize("pipeline", [Pipeline(lost="it is lost"), Pipeline(failed="boom")])
def test_what_can_never_come_is_not_waited_for(
    waiting: Callable[..., Arriving], pipeline: Pipeline
) -> None:
    assert took_s(waiting(pipeline, Arrivals()), LONG, False) < 2


def test_nothing_is_waited_for_where_nobody_writes(waiting: Callable[..., Arriving]) -> None:
    assert not waiting(Pipeline(), Arrivals()).await_new(FAULT, LONG, lambda: True)
    assert waiting(Pipeline(), BACK).await_new(FAULT, LONG, lambda: True)


def test_a_watch_that_died_is_not_waited_for(waiting: Callable[..., Arriving]) -> None:
    assert took_s(waiting(Pipeline(), Arrivals(), "boom"), LONG, False) < 1


def test_a_connect_that_does_not_answer_is_waited_for(waiting: Callable[..., Arriving]) -> None:
    assert took_s(waiting(Pipeline(silent=True), Arrivals()), SHORT, False) >= 0.3


def test_the_clocks_are_compared_again_at_the_end(waiting: Callable[..., Arriving]) -> None:
    arriving = waiting(Pipeline(), BACK)
    arriving.end()
    assert arriving.clocks == ClockOffset(-2, 1)
    assert arriving.until_ns > 0
