"""Waiting for changes to arrive: what ends it, and what does not."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from support import clock
from support.clients.kafka_address import KafkaAddress
from support.clock import NS_PER_S, ClockOffset
from support.errors import StackError
from support.experiment import cdc_arriving
from support.experiment.cdc_arriving import Arriving
from support.progress import Progress
from support.record.arrivals import ARRIVALS, Arrivals
from support.record.changes import Change
from support.record.record import Record
from tests.figures.cdc_records import arrived, event, fault

LONG, SHORT = timedelta(minutes=5), timedelta(milliseconds=300)
FAULT = fault(1, 2, 3)
BACK = arrived((event(1, 1.5, 1.6), 3.5))


class Pipeline:
    """Answers of Connect and PostgreSQL, and how often Connect was asked."""

    conninfo, topics = "", {"users": "x.users"}

    def __init__(
        self, *, lost: str = "", failed: str = "", silent: bool = False, looks: int | None = None
    ) -> None:
        """`looks`: how often its task is seen to be failed; None for always."""
        self._lost, self._failed, self._silent, self._looks = lost, failed, silent, looks

    def lost(self) -> str:
        return self._lost

    def failed(self) -> str:
        if self._silent:
            raise StackError("Kafka Connect does not answer.")
        if self._looks is not None:
            self._looks -= 1
            return self._failed if self._looks >= 0 else ""
        return self._failed


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Arriving]:
    def make(pipeline: Any, arrivals: Arrivals, trouble: str = "") -> Arriving:
        watch = SimpleNamespace(
            arrivals=arrivals, trouble=trouble, close=lambda: None, errors=Counter(_ALL_DOWN=3)
        )
        monkeypatch.setattr(cdc_arriving, "EventWatch", lambda *_: watch)
        offsets = iter([ClockOffset(-1, 1), ClockOffset(-2, 0.5)])
        monkeypatch.setattr(cdc_arriving, "database_clock", lambda _: next(offsets))
        monkeypatch.setattr(cdc_arriving, "STAYS_FAILED", timedelta(milliseconds=50))
        ends = SimpleNamespace(kafka=KafkaAddress("127.0.0.1:9"))
        trial: Any = SimpleNamespace(
            stack=SimpleNamespace(endpoints=ends),
            cleanup=ExitStack(),
            record=Record(tmp_path),
            progress=Progress(io.StringIO()),
        )
        return Arriving(trial, pipeline)

    return make


def took_s(arriving: Arriving, within: timedelta, wanted: bool) -> float:
    began = clock.now_ns()
    assert arriving.await_new(FAULT, within)[0] is wanted
    return (clock.now_ns() - began) / NS_PER_S


def test_a_change_that_arrives_ends_it(waiting: Callable[..., Arriving]) -> None:
    assert took_s(waiting(Pipeline(silent=True), BACK), LONG, True) < 1


@pytest.mark.parametrize("pipeline", [Pipeline(lost="it is lost"), Pipeline(failed="boom")])
def test_what_can_never_come_is_not_waited_for(
    waiting: Callable[..., Arriving], pipeline: Pipeline
) -> None:
    arriving = waiting(pipeline, Arrivals())
    assert took_s(arriving, LONG, False) < 2
    assert arriving.await_new(FAULT, LONG)[1] in ("it is lost", "boom")
    assert arriving.await_change(Change("c", "users", 1, 1), LONG) in ("it is lost", "boom")


def test_the_event_of_a_change_ends_the_wait_for_it(waiting: Callable[..., Arriving]) -> None:
    arriving = waiting(Pipeline(failed="boom"), BACK)
    assert arriving.await_change(Change("c", "users", 1, 1), LONG) == ""


def test_a_task_that_does_not_stay_failed_is_waited_for(waiting: Callable[..., Arriving]) -> None:
    """For some seconds Connect may report the state of before a restart."""
    pipeline = Pipeline(failed="boom", looks=1)
    assert waiting(pipeline, Arrivals()).await_change(Change("c", "users", 1, 1), SHORT) == ""


def test_the_wait_ends_when_the_writer_has_stopped(waiting: Callable[..., Arriving]) -> None:
    assert waiting(Pipeline(), Arrivals()).await_new(FAULT, LONG, lambda: True) == (False, "")
    assert waiting(Pipeline(), BACK).await_new(FAULT, LONG, lambda: True) == (True, "")


def test_a_watch_that_died_is_not_waited_for(waiting: Callable[..., Arriving]) -> None:
    assert took_s(waiting(Pipeline(), Arrivals(), "boom"), LONG, False) < 1


def test_a_connect_that_does_not_answer_is_waited_for(waiting: Callable[..., Arriving]) -> None:
    assert took_s(waiting(Pipeline(silent=True), Arrivals()), SHORT, False) >= 0.3


def test_what_arrived_is_recorded_with_the_clocks_compared_again(
    waiting: Callable[..., Arriving], tmp_path: Path
) -> None:
    waiting(Pipeline(), BACK, "it died").end()
    seen = Record(tmp_path)[ARRIVALS]
    assert seen.arrivals == tuple(BACK.all)
    assert seen.clocks == ClockOffset(-2, 1)
    assert seen.until_ns > 0
    assert seen.trouble == "it died"
    assert seen.reported == ("the reader's client reported _ALL_DOWN (3 times)",)
