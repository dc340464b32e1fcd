"""A small patience shortens no wait whose end is a verdict."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from support.baseline import Baseline
from support.experiment import (
    benchmark_trial,
    cdc_settling,
    lag_trial,
    large_row_trial,
    retention_trial,
)
from support.experiment.benchmark_trial import BenchmarkTrial
from support.experiment.cdc_settling import Written, await_confirmed
from support.experiment.experiment import Trial
from support.experiment.lag_trial import LagTrial
from support.experiment.large_row_trial import LargeRowTrial
from support.experiment.retention_trial import RetentionTrial

FIRST_CHECK_OF_KAFKA = timedelta(seconds=30)
SCRAPE_OF_KAFKA_UI = timedelta(seconds=30)


class Stopped(Exception):
    """The wait has begun."""


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[timedelta]:
    """How long it was to be waited, by each wait that began."""
    begun: list[timedelta] = []

    def wait_until(
        _ask: Callable[[], Any], _done: Any, within: timedelta, *_: Any, **__: Any
    ) -> None:
        begun.append(within)
        raise Stopped

    for module in (
        retention_trial,
        lag_trial,
        large_row_trial,
        cdc_settling,
        benchmark_trial,
    ):
        monkeypatch.setattr(module, "wait_until", wait_until)
    return begun


def trial(patience: float) -> Trial:
    made: Any = SimpleNamespace(
        settings=SimpleNamespace(patience=patience),
        progress=SimpleNamespace(phase=lambda _: nullcontext()),
        broker=None,
        stack=SimpleNamespace(endpoints=SimpleNamespace(bootstrap="")),
    )
    made.patience = lambda seconds: Trial.patience(made, seconds)
    made.patience_at_least = lambda seconds: Trial.patience_at_least(made, seconds)
    return cast("Trial", made)


@pytest.mark.parametrize("patience", [0.1, 1, 3])
def test_kafka_s_own_check_is_waited_for(patience: float, waits: list[timedelta]) -> None:
    asked = RetentionTrial.__new__(RetentionTrial)
    asked._trial = trial(patience)
    with pytest.raises(Stopped):
        asked.await_retention()
    assert waits[0] >= 3 * FIRST_CHECK_OF_KAFKA * max(1, patience)


@pytest.mark.parametrize("patience", [0.1, 1, 3])
def test_kafka_ui_s_own_look_is_waited_for(
    patience: float, waits: list[timedelta], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lag_trial, "read_lag", lambda *_: None)
    asked: Any = LagTrial.__new__(LagTrial)
    asked._trial, asked._ui, asked._topic = trial(patience), None, "t"
    asked._readers = {"reader": SimpleNamespace(leave=lambda: None, group="g")}
    with pytest.raises(Stopped):
        asked.compare_with_ui()
    assert waits[0] >= 2 * SCRAPE_OF_KAFKA_UI * max(1, patience)


@pytest.mark.parametrize("patience", [0.1, 1, 3])
def test_the_event_of_a_large_row_is_waited_for(patience: float, waits: list[timedelta]) -> None:
    """Without it the row counts as dropped silently."""
    asked = LargeRowTrial.__new__(LargeRowTrial)
    asked._trial = trial(patience)
    with pytest.raises(Stopped):
        asked._await_event(1)
    assert waits[0] >= timedelta(seconds=30) * max(1, patience)


def test_the_other_waits_whose_end_is_a_verdict(waits: list[timedelta]) -> None:
    """For the slot of a connector, and for the first CDC events."""
    slot: Any = SimpleNamespace(setting=lambda *_: "5000")
    slow = trial(0.1)
    slow.stack.baseline = Baseline.load({})  # type: ignore[misc]
    with pytest.raises(Stopped):
        await_confirmed(slow, slot, cast("Written", None))
    assert waits[-1] >= timedelta(seconds=20)
    cdc = BenchmarkTrial.__new__(BenchmarkTrial)
    cdc._trial = slow
    slow.stack.cdc_trouble = lambda: None  # type: ignore[method-assign]
    with pytest.raises(Stopped):
        cdc.judge_cdc()
    assert waits[-1] == timedelta(seconds=30)


def test_patience_at_least_never_shortens() -> None:
    assert trial(0.1).patience_at_least(10) == timedelta(seconds=10)
    assert trial(2).patience_at_least(10) == timedelta(seconds=20)
    assert trial(0.1).patience(10) == timedelta(seconds=1)
