"""Slopes with their uncertainty, and the summary of JMX readings."""

from __future__ import annotations

import random

import pytest

from support.metrics.jmx import CONTROLLER, FLUSH, IDLE, MEMORY, PHASES, REQUEST, TRAFFIC, describe
from support.metrics.trend import slope_with_interval

COLLECTOR = "java.lang:name=G1 Young Generation,type=GarbageCollector"


def reading(count: int) -> dict[str, dict[str, object]]:
    spread: dict[str, object] = {
        "50thPercentile": 1.0,
        "95thPercentile": 2.0,
        "99thPercentile": 3.0 + count,
    }
    return {
        **{REQUEST.format(name=name): spread for name in PHASES.values()},
        TRAFFIC.format(name="BytesInPerSec"): {"Count": 1000 * count},
        TRAFFIC.format(name="BytesOutPerSec"): {"Count": 10 * count},
        IDLE: {"OneMinuteRate": 1.0 - count / 10},
        FLUSH: {"Count": count, "99thPercentile": 7.0},
        MEMORY: {"HeapMemoryUsage": {"used": 500 - count}},
        COLLECTOR: {"CollectionCount": 2 * count, "CollectionTime": 5 * count},
    }


def test_counters_are_differences_and_percentiles_come_from_the_last_reading() -> None:
    seen = describe([reading(1), reading(2), reading(4)])
    assert seen is not None
    assert (seen.readings, seen.bytes_in, seen.bytes_out) == (3, 3000, 30)
    assert (seen.gc_pauses, seen.gc_ms, seen.log_flushes) == (6, 15, 3)
    assert (seen.handler_idle_min, seen.heap_max_bytes) == (0.6, 499)
    assert seen.produce_phases_ms["total"].p99_ms == 7.0


def test_a_summary_needs_two_readings() -> None:
    assert describe([reading(1)]) is None
    assert describe([]) is None


def test_the_interval_of_a_slope_excludes_zero_for_a_line_and_contains_it_for_noise() -> None:
    noise = random.Random(7)
    rising = [5.0 * n + noise.gauss(0, 3) for n in range(300)]
    found = slope_with_interval(range(300), rising)
    assert found is not None
    slope, low, high = found
    assert low < 5.0 < high
    assert slope == pytest.approx(5.0, abs=0.05)
    flat = slope_with_interval(range(300), [100 + noise.gauss(0, 3) for _ in range(300)])
    assert flat is not None
    assert flat[1] < 0 < flat[2]


def test_too_few_samples_have_no_slope() -> None:
    assert slope_with_interval(range(19), [1.0] * 19) is None
    assert slope_with_interval(range(20), [1.0] * 20) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("version", "combined", "full"),
    [
        ("3.6.1", True, 2.0),
        ("3.6.1", False, 1.0),
        ("4.1.2", True, 2.0),
        ("4.2.0", True, 1.0),
        ("7.6.0-ccs", True, 2.0),
        ("8.2.0-ccs", True, 1.0),
        (None, True, None),
    ],
)
def test_the_scale_of_the_idle_meter_depends_on_version_and_roles(
    version: str | None, combined: bool, full: float | None
) -> None:
    more: dict[str, dict[str, object]] = {CONTROLLER: {"Value": 1}} if combined else {}
    if version:
        more["kafka.server:id=1,type=app-info"] = {"Version": version}
    seen = describe([reading(1) | more, reading(2) | more])
    assert seen is not None
    assert seen.handler_idle_full == full
