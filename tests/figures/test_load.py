"""Figures of a burst and of a long load, from timestamps written by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from support.clock import NS_PER_MS, NS_PER_S
from support.figures.behaviour import backpressure, stability
from support.figures.load import load_figures
from support.record.archive import HISTORY
from support.record.attempts import Attempts
from support.record.history import History, LogRead
from support.record.load import LOAD, LoadNews, LoadOrder, LoadRecord
from support.record.observed import Observations
from support.record.record import Record
from support.record.resources import RESOURCES, ResourcesRecord
from support.record.schedule import Segment, all_intended_ns
from support.results.resources import ComponentUsage

START = 10**9
BURST = (Segment(1000, 2000, judged=False), Segment(5000, 5000), Segment(1000, 6000, judged=False))


def recorded(folder: Path, segments: tuple[Segment, ...], history: History) -> Record:
    """Returns the record of a load on disk."""
    record, where = Record(folder), str(folder)
    order = LoadOrder("h:1", "t", {}, segments, 1, (900, 1100), where, None, where, 0)
    record.write(LOAD, LoadRecord(order, LoadNews("done", START), START, shows_trend=True))
    record.write(HISTORY, history)
    return record


def acknowledged(segments: tuple[Segment, ...], wait_ms: Callable[[float], float]) -> History:
    """Returns a history: each record waits as `wait_ms` says for the second when it is due."""
    due = all_intended_ns(START, segments)
    waits = np.array([wait_ms((at - START) / NS_PER_S) for at in due.tolist()]) * NS_PER_MS
    ones = [2] * len(due)
    attempts = Attempts.of(
        outcome=ones,
        offset=list(range(len(due))),
        sent_ns=due.tolist(),
        acked_ns=(due + waits.astype(np.int64)).tolist(),
    )
    return History(attempts, LogRead(Observations.of([]), {0: 0}, {0: 0}), ())


def after_burst(
    folder: Path, wait_ms: Callable[[float], float]
) -> tuple[float | None, float | None]:
    """Returns when latency was steady for good, and when for three seconds in a row."""
    history = acknowledged(BURST, wait_ms)
    seen = backpressure(recorded(folder, BURST, history))
    assert seen is not None
    return seen.steady_again_after_s, seen.first_calm_after_s


@pytest.mark.parametrize(
    ("slow", "expected"),
    [
        ((0.0, 0.0), (0.0, 0.0)),
        # One good moment right after the burst, and a stall of a second after that.
        ((3.4, 4.9), (2.0, 2.0)),
        ((3.4, 9.0), (None, None)),
        ((8.5, 9.0), (None, 0.0)),
    ],
    ids=["nothing", "a stall after a good moment", "a stall that stays", "not any more"],
)
def test_steady_is_what_stays_so(
    tmp_path: Path, slow: tuple[float, float], expected: tuple[float | None, float | None]
) -> None:
    begin, end = slow
    seen = after_burst(tmp_path, lambda at: 500.0 if begin <= at < end else 5.0)
    assert seen == expected


LONG = (Segment(1000, 30_000),)


def usage(at_s: list[float], memory: list[int]) -> ComponentUsage:
    return ComponentUsage(
        len(at_s), max(memory), max(memory), 1.0, 1.0, 1, 1, tuple(memory), tuple(at_s)
    )


@pytest.mark.parametrize("every_s", [1.0, 2.0], ids=["one a second", "one in two seconds"])
def test_memory_grows_per_minute_however_often_it_was_looked_at(
    tmp_path: Path, every_s: float
) -> None:
    history = acknowledged(LONG, lambda _: 5.0)
    at_s = [n * every_s for n in range(60)]
    grown = usage(at_s, [10**9 + round(at * 2**20) for at in at_s])
    record = recorded(tmp_path, LONG, history)
    record.write(RESOURCES, ResourcesRecord({"broker": grown}, 1))
    seen = stability(record)
    assert seen is not None
    assert seen.memory_slope_mib_per_min == pytest.approx(60)
    record.write(RESOURCES, ResourcesRecord({}, 1, lacking={"broker": "no container is named"}))
    blind = stability(record)
    assert blind is not None
    assert blind.memory_slope_mib_per_min is None
    assert blind.last_minute_p95_ms == seen.last_minute_p95_ms


def test_throughput_is_the_rate_of_acknowledgements(tmp_path: Path) -> None:
    # Of a load that is sent at once, half is never acknowledged, the rest within 2 s.
    segments = (Segment(0, 4000),)
    attempts = Attempts.of(
        outcome=[2, 4] * 2000,
        offset=list(range(4000)),
        sent_ns=[START + 1] * 4000,
        acked_ns=[n for k in range(2000) for n in (START + (k + 1) * NS_PER_MS, 0)],
    )
    history = History(attempts, LogRead(Observations.of([]), {0: 0}, {0: 0}), ())
    load = load_figures(recorded(tmp_path, segments, history)).load
    assert load.acked_rate_per_s == load.achieved_rate_per_s == pytest.approx(1000)


def test_a_paced_load_has_both_rates(tmp_path: Path) -> None:
    # Sent at its rate; acknowledged later and later.
    history = acknowledged(LONG, lambda at: at * 1000 / 4)
    load = load_figures(recorded(tmp_path, LONG, history)).load
    assert load.achieved_rate_per_s == pytest.approx(1000, rel=1e-3)
    assert load.acked_rate_per_s == pytest.approx(800, rel=1e-2)
