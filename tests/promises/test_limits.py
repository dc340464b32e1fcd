"""The limits of checks agree with their verdicts and their units."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from support.checks.configuration import at_least_once_configuration
from support.checks.configuration_worker import worker_configuration
from support.checks.controller import decides_again, served_meanwhile
from support.checks.delivery import count_delivery
from support.checks.judged import none_of, passed_if
from support.checks.lag import lost_to_retention, never_negative
from support.checks.latency import latency_within
from support.checks.pacing import schedule_delay, schedule_delay_limit
from support.checks.redelivery import nothing_twice
from support.checks.resources import broker_within_limits
from support.checks.resumption import consumer_restart
from support.checks.retention_time import retention_kept
from support.checks.sizes import rows_whole, size_limits
from support.checks.stability import latency_drift, memory_stability
from support.checks.startup import startup_after_crash, startup_time
from support.checks.unseen import unseen
from support.promises.definition import CheckDefinition
from support.promises.delivery import applying
from support.promises.delivery_consumers import POSITION_KEPT, RECEIVED, RESUMED
from support.promises.performance import ACHIEVED_RATE
from support.promises.registry import CHECKS
from support.promises.replay import judged_again
from support.record.archive import HISTORY
from support.record.capture_in_force import Capture
from support.record.controller import Asked
from support.record.history import History
from support.record.lag import LagPoint
from support.record.record import Record
from support.results.latency import LatencySummary
from support.results.limit import below, exactly
from support.results.load import Load, Stability
from support.results.resources import ComponentUsage
from support.results.schema import Check, Verdict
from support.results.store import read_run
from tests.checks.histories import history, log_of, session, with_group
from tests.checks.legal import ANOMALIES, legal_history
from tests.checks.test_configuration import RIGHT
from tests.checks.test_edge_checks import OUTAGE, SECONDS, served
from tests.checks.test_group_checks import restarted
from tests.records.test_recorded_runs import RUNS

UNSAFE = Capture({}, {"producer.acks": "1", "offset.flush.interval.ms": "1000"})
SUMMARY = LatencySummary(60, 50.0, 1.0, 150.0, None, None, 1.0)
LOAD = Load(1000, 1000, 60_000, 60, 9, 9, 9, 9, 1, 0, (), 3, 0.3)
USAGE = ComponentUsage(60, 10**9, 1_999_000_000, 1.59, 1.0, 1, 1, cores=2)
FULL = dataclasses.replace(USAGE, memory_max_bytes=2 * 10**9, cpu_p95_cores=1.6)
STABLE = Stability(1.0, -0.5, 2.5, 4.0, 4.5, 10**9, 10**9)
ON_TIME = passed_if(True, "schedule delay", 1.0, "ms", "in time")
TEN_S, FIVE_S = below(10, "s"), below(5, "s")
TWICE = with_group(history("aa", log_of(0, 1)), session([(0, 0, 0), (0, 0, 0), (1, 0, 1)]))


def lags(*lags: int) -> list[LagPoint]:
    return [LagPoint(n, {0: lag}) for n, lag in enumerate(lags)]


def growing(low: float, high: float) -> Stability:
    middle = (low + high) / 2
    return dataclasses.replace(
        STABLE, memory_slope_mib_per_min=middle, slope_low=low, slope_high=high
    )


def drifting(last_ms: float, first_ms: float = 4.0) -> Stability:
    return dataclasses.replace(STABLE, first_minute_p95_ms=first_ms, last_minute_p95_ms=last_ms)


def latency(figure: str) -> Check:
    return latency_within(SUMMARY, figure, below(100, "ms"), ON_TIME)


def counted(given: History) -> Check:
    return nothing_twice(count_delivery(given))


def limits(stored: str) -> Check:
    return size_limits({}, {"max.message.bytes": stored}, {}, {})


EXAMPLES: dict[str, tuple[Check, Check]] = {
    "at-least-once configuration": (
        at_least_once_configuration(RIGHT),
        at_least_once_configuration(dataclasses.replace(RIGHT, commit_first=True)),
    ),
    "worker configuration": (
        worker_configuration(RIGHT),
        worker_configuration(dataclasses.replace(RIGHT, capture=UNSAFE)),
    ),
    "nothing twice": (counted(history("aa", log_of(0, 1))), counted(TWICE)),
    "mean latency": (latency("mean"), latency("p95")),
    "schedule delay": (
        schedule_delay(9.9, schedule_delay_limit(100), LOAD),
        schedule_delay(10.1, schedule_delay_limit(100), LOAD),
    ),
    "broker memory": (broker_within_limits(USAGE)[0], broker_within_limits(FULL)[0]),
    "broker CPU": (broker_within_limits(USAGE)[1], broker_within_limits(FULL)[1]),
    "memory stability": (
        memory_stability(growing(30.0, 38.0), 5),
        memory_stability(growing(39.0, 41.0), 5),
    ),
    "latency drift": (latency_drift(drifting(8.0)), latency_drift(drifting(8.1))),
    "latency drift of a fast broker": (
        latency_drift(drifting(5.0, first_ms=1.0)),
        latency_drift(drifting(5.1, first_ms=1.0)),
    ),
    "start-up time": (startup_time(9.99, TEN_S, ()), startup_time(10.0, TEN_S, ())),
    "start-up time after a crash": (
        startup_after_crash(4.0, None, TEN_S, ()),
        startup_after_crash(15.5, None, TEN_S, ()),
    ),
    "consumer restart time": (
        consumer_restart(restarted(4.9), FIVE_S),
        consumer_restart(restarted(5.0), FIVE_S),
    ),
    "served meanwhile": (
        served_meanwhile(served(list(SECONDS), list(SECONDS)), OUTAGE, 5),
        served_meanwhile(served(list(SECONDS), [1, 2, 15]), OUTAGE, 5),
    ),
    "decides again": (
        decides_again([Asked("create a topic", "", 0.1)]),
        decides_again([Asked("create a topic", "_TIMED_OUT", 3.0)]),
    ),
    "size limits": (limits("1048576"), limits("1000")),
    "rows whole": (rows_whole({1: "a"}, {1: "a"}), rows_whole({}, {1: "a"})),
    "lag never negative": (never_negative(lags(5, 0)), never_negative(lags(5, -1))),
    "lost to retention": (
        lost_to_retention({0: 0}, {0: 3}, 3, ()),
        lost_to_retention({0: 3}, {0: 3}, 3, ()),
    ),
    "retention kept": (
        retention_kept({0: 192.0, 1: 0.0}, 1, 2, 30),
        retention_kept({0: 192.0, 1: 0.0}, 0, 2, 30),
    ),
}
"""Name of a check -> one that keeps its limit, and one that does not."""

IN_WORDS = frozenset({"retention settings"})
"""Checks whose limit is a number, and whose figure is in words."""


def agrees(check: Check) -> bool:
    """Whether the limit is in the figure's unit, and allows it only where the check is PASS."""
    limit = check.limit
    if limit is None or not isinstance(check.measured, int | float):
        return True
    return limit.unit == check.unit and limit.allows(check.measured) == (
        check.verdict is Verdict.PASS
    )


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_limit_agrees_with_the_verdict(name: str) -> None:
    kept, missed = EXAMPLES[name]
    assert (kept.verdict, missed.verdict) == (Verdict.PASS, Verdict.FAIL)
    for check in (kept, missed):
        assert check.limit is not None
        assert agrees(check), check


def judged_history(given: History, folder: Path) -> tuple[Check, ...]:
    record = Record(folder)
    record.write(HISTORY, given)
    all_of_them = RECEIVED.exactly(len(given.attempts))
    definitions = (*applying(given), all_of_them, RESUMED, POSITION_KEPT)
    return tuple(each.judged(record) for each in definitions)


@pytest.mark.parametrize("anomaly", ["", *ANOMALIES])
def test_limits_of_a_delivery_agree_with_the_verdicts(anomaly: str, tmp_path: Path) -> None:
    given = legal_history(random.Random(1), 2)
    change: Callable[[History], History] = ANOMALIES[anomaly][0] if anomaly else lambda each: each
    for check in judged_history(change(given), tmp_path):
        assert agrees(check), check


def test_every_fixed_limit_has_an_example(tmp_path: Path) -> None:
    made = {check.name for check in judged_history(legal_history(random.Random(1), 2), tmp_path)}
    fixed = {
        check.name
        for check in CHECKS
        if isinstance(check, CheckDefinition) and check.limit and check.words.topic != "cdc"
    }
    assert fixed - made - set(EXAMPLES) - IN_WORDS == set()


def test_a_fixed_limit_is_that_of_the_check() -> None:
    by_name = {check.name: check for check in CHECKS}
    for name, examples in EXAMPLES.items():
        definition = by_name.get(name)
        if isinstance(definition, CheckDefinition) and definition.limit:
            assert {example.limit for example in examples} == {definition.limit}


def test_a_group_that_did_not_reach_the_end_has_no_number_that_keeps_the_limit() -> None:
    check = unseen(history("aa", log_of(0, 1, 1), [log_of(0, 1)], drained=False))
    assert (check.verdict, check.used, agrees(check)) == (Verdict.FAIL, None, True)
    idle = served_meanwhile(served(list(SECONDS), list(SECONDS)), OUTAGE, 0)
    assert (idle.verdict, agrees(idle)) == (Verdict.FAIL, True)


def test_a_limit_in_another_unit_can_not_be_stated() -> None:
    with pytest.raises(ValueError, match="is in 'ms', and its limit in 's'"):
        passed_if(True, "speed", 1.0, "ms", "below 1 s", limit=below(1, "s"))
    assert none_of("gaps", "gaps", "0 gaps", ["one"]).limit == exactly(0, "gaps")


@pytest.mark.parametrize("folder", RUNS, ids=lambda path: path.name)
def test_limits_of_recorded_runs_agree_with_the_verdicts(folder: Path) -> None:
    """All but the tolerance of a rate, which is in percent."""
    checks = [again.now for again in judged_again(read_run(folder), folder) if again.now]
    assert checks
    for check in checks:
        assert check.name == ACHIEVED_RATE.name or agrees(check), check
