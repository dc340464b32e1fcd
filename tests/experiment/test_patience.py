"""A small `patience` does not shorten a wait whose end is a verdict."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from support.baseline import Baseline
from support.clients.kafka_address import KafkaAddress
from support.experiment import (
    cdc_settling,
    cdc_topics,
    lagging_group,
    large_rows,
    retention,
)
from support.experiment.cdc_settling import await_confirmed
from support.experiment.cdc_topics import record_cdc_topics
from support.experiment.experiment import Experiment
from support.experiment.lagging_group import LaggingGroup
from support.experiment.large_rows import LargeRows
from support.experiment.retention import Retention
from support.experiment.team import Team

FIRST_CHECK_OF_KAFKA = timedelta(seconds=30)
SCRAPE_OF_KAFKA_UI = timedelta(seconds=30)


class Stopped(Exception):
    """The wait has begun."""


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[timedelta]:
    """Returns the time limit of each wait that has begun."""
    begun: list[timedelta] = []

    def wait_until(
        _ask: Callable[[], Any], _done: Any, within: timedelta, *_: Any, **__: Any
    ) -> None:
        begun.append(within)
        raise Stopped

    for module in (
        retention,
        lagging_group,
        large_rows,
        cdc_settling,
        cdc_topics,
    ):
        monkeypatch.setattr(module, "wait_until", wait_until)
    return begun


def experiment(patience: float) -> Experiment:
    made: Any = SimpleNamespace(
        settings=SimpleNamespace(patience=patience),
        progress=SimpleNamespace(phase=lambda _: nullcontext()),
        broker=None,
        stack=SimpleNamespace(endpoints=SimpleNamespace(kafka=KafkaAddress(""))),
    )
    made.patience = lambda seconds: Experiment.patience(made, seconds)
    made.patience_at_least = lambda seconds: Experiment.patience_at_least(made, seconds)
    return cast("Experiment", made)


@pytest.mark.parametrize("patience", [0.1, 1, 3])
def test_kafka_s_own_check_is_waited_for(patience: float, waits: list[timedelta]) -> None:
    asked = Retention.__new__(Retention)
    asked._experiment = experiment(patience)
    with pytest.raises(Stopped):
        asked.await_retention()
    assert waits[0] >= 3 * FIRST_CHECK_OF_KAFKA * max(1, patience)


@pytest.mark.parametrize("patience", [0.1, 1, 3])
def test_kafka_ui_s_own_look_is_waited_for(
    patience: float, waits: list[timedelta], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lagging_group, "read_lag", lambda *_: SimpleNamespace(partitions={}))
    asked: Any = LaggingGroup.__new__(LaggingGroup)
    asked._experiment, asked._ui = experiment(patience), object()
    readers = {"reader": SimpleNamespace(leave=lambda: None, group="g")}
    asked.load = SimpleNamespace(readers=readers, topic="t")
    with pytest.raises(Stopped):
        asked.compare_with_ui()
    assert waits[0] >= 2 * SCRAPE_OF_KAFKA_UI * max(1, patience)


@pytest.mark.parametrize("patience", [0.1, 1, 3])
def test_the_event_of_a_large_row_is_waited_for(patience: float, waits: list[timedelta]) -> None:
    """If the event is not awaited, the row counts as dropped silently."""
    asked = LargeRows.__new__(LargeRows)
    asked._experiment = experiment(patience)
    with pytest.raises(Stopped):
        asked.await_event(1)
    assert waits[0] >= timedelta(seconds=30) * max(1, patience)


def test_the_other_waits_whose_end_is_a_verdict(
    waits: list[timedelta], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Waits for the slot of a connector, and for the first CDC events."""
    monkeypatch.setattr(cdc_topics, "team_of", lambda _: Team((), ()))
    monkeypatch.setattr(cdc_topics, "states_of", lambda *_: [])
    slow = experiment(0.1)
    slow.stack.baseline = Baseline.load({})  # type: ignore[misc]
    connector = SimpleNamespace(settings={"heartbeat.interval.ms": "5000"})
    capture: Any = SimpleNamespace(
        experiment=slow,
        pipeline=SimpleNamespace(connector=connector),
        writer=SimpleNamespace(committed_lsn=1),
    )
    with pytest.raises(Stopped):
        await_confirmed(capture)
    assert waits[-1] >= timedelta(seconds=20)
    slow.stack.cdc_trouble = lambda: None  # type: ignore[method-assign]
    slow.stack.shared = False  # type: ignore[misc]
    with pytest.raises(Stopped):
        record_cdc_topics(slow)
    assert waits[-1] == timedelta(seconds=30)


def test_patience_at_least_never_shortens() -> None:
    assert experiment(0.1).patience_at_least(10) == timedelta(seconds=10)
    assert experiment(2).patience_at_least(10) == timedelta(seconds=20)
    assert experiment(0.1).patience(10) == timedelta(seconds=1)
