"""Bursts, long loads, replays and the broker's limits."""

from __future__ import annotations

import dataclasses

import pytest

from support.checks.backpressure import backpressure_measured, steady_again
from support.checks.completion import completion_time
from support.checks.resources import broker_within_limits, jmx_measured
from support.checks.stability import latency_drift, memory_stability
from support.results.delivery import Delivery
from support.results.latency import Spread
from support.results.limit import at_most
from support.results.load import Backpressure, ClientSplit, Load, Stability
from support.results.resources import BrokerJmx, ComponentUsage
from support.results.schema import Verdict

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
SPREAD = Spread(1, 2, 3)
CLIENT = ClientSplit(SPREAD, SPREAD, SPREAD, 10)
BURST = Backpressure(4_000, 0, 0, 0.2, 5.0, 1.25)
STABLE = Stability(1.0, -0.5, 2.5, 4.0, 4.5, 10**9, 10**9)
JMX = BrokerJmx(10, {"total": SPREAD}, 1, 1, 0.9, 0, None, 1, 0, 0)
REPLAY = Load(None, 30_000.0, 895_000, 29.8, 10**9, 1_000, 900, 1_100, 4.0, 0.0, (), 70)


def test_backpressure_needs_statistics_and_a_burst_that_was_acknowledged() -> None:
    assert backpressure_measured(BURST, CLIENT).verdict is Verdict.MEASURED
    assert backpressure_measured(BURST, None).verdict is INCONCLUSIVE
    cut = dataclasses.replace(BURST, drained_after_s=None)
    assert backpressure_measured(cut, CLIENT).verdict is INCONCLUSIVE


@pytest.mark.parametrize(
    ("before", "again", "calm", "verdict"),
    [
        (5.0, 9.9, 1.0, PASS),
        (5.0, 10.1, None, FAIL),
        (5.0, None, None, FAIL),
        # Steady within the limit, and disturbed again later.
        (5.0, 11.0, 2.0, INCONCLUSIVE),
        (5.0, None, 2.0, INCONCLUSIVE),
        (5.0, 12.0, 11.0, FAIL),
        (None, 1.0, 1.0, INCONCLUSIVE),
    ],
)
def test_steady_again(
    before: float | None, again: float | None, calm: float | None, verdict: Verdict
) -> None:
    seen = dataclasses.replace(
        BURST, steady_p95_ms=before, steady_again_after_s=again, first_calm_after_s=calm
    )
    assert steady_again(seen, at_most(10, "s")).verdict is verdict


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (-0.5, 2.5, PASS),
        (30.0, 38.0, PASS),
        (37.0, 39.0, INCONCLUSIVE),
        # The most likely growth in 5 minutes is 400 MiB; the limit is 191 MiB.
        (-5.0, 165.0, INCONCLUSIVE),
        (39.0, 41.0, FAIL),
    ],
)
def test_memory_is_not_judged_when_the_limit_lies_in_the_interval(
    low: float, high: float, verdict: Verdict
) -> None:
    seen = dataclasses.replace(STABLE, slope_low=low, slope_high=high)
    assert memory_stability(seen, 5).verdict is verdict
    assert memory_stability(None, 5).verdict is INCONCLUSIVE


@pytest.mark.parametrize(
    ("first", "last", "verdict"),
    [(4.0, 4.5, PASS), (1.0, 4.9, PASS), (4.0, 8.1, FAIL), (None, 4.0, INCONCLUSIVE)],
)
def test_latency_drift(first: float | None, last: float, verdict: Verdict) -> None:
    seen = dataclasses.replace(STABLE, first_minute_p95_ms=first, last_minute_p95_ms=last)
    assert latency_drift(seen).verdict is verdict


def test_the_limits_of_the_spec() -> None:
    usage = ComponentUsage(60, 10**9, 1_999_000_000, 1.59, 1.0, 1, 1, cores=2)
    assert [c.verdict for c in broker_within_limits(usage)] == [PASS, PASS]
    much = dataclasses.replace(usage, memory_max_bytes=2 * 10**9, cpu_p95_cores=1.6)
    assert [c.verdict for c in broker_within_limits(much)] == [FAIL, FAIL]
    assert [c.verdict for c in broker_within_limits(None)] == [INCONCLUSIVE] * 2
    blind = dataclasses.replace(usage, cpu_p95_cores=None)
    assert [c.verdict for c in broker_within_limits(blind)] == [INCONCLUSIVE] * 2


def test_what_a_target_can_t_measure_is_skipped_with_its_reason() -> None:
    why = {"broker": "no container is named"}
    checks = [*broker_within_limits(None, why), memory_stability(None, 5, why["broker"])]
    assert {check.verdict for check in checks} == {Verdict.SKIPPED}
    assert {check.evidence for check in checks} == {(why["broker"],)}
    usage = ComponentUsage(60, 10**9, 2**31, 1.5, 1.0, 1, 1)
    memory, cpu = broker_within_limits(usage, {"memory": "JMX has none", "cores": "no figure"})
    assert memory.verdict is cpu.verdict is Verdict.SKIPPED
    assert memory.evidence == ("at most 2147.5 MB, but JMX has none",)
    assert cpu.evidence[0].endswith("how many the broker may use: no figure")


def test_latency_is_judged_without_the_broker_s_memory() -> None:
    blind = dataclasses.replace(
        STABLE, memory_slope_mib_per_min=None, slope_low=None, slope_high=None
    )
    assert latency_drift(blind).verdict is PASS
    assert memory_stability(blind, 5).verdict is INCONCLUSIVE


def test_the_cpu_is_judged_by_the_cores_that_the_broker_may_use() -> None:
    usage = ComponentUsage(60, 10**9, 10**9, 1.5, 1.0, 1, 1, cores=1.5)
    memory, cpu = broker_within_limits(usage)
    assert (memory.verdict, cpu.verdict, cpu.measured) == (PASS, FAIL, 100.0)
    assert "1.5 cores" in cpu.objective
    memory, cpu = broker_within_limits(dataclasses.replace(usage, cores=None))
    assert (memory.verdict, cpu.verdict) == (PASS, INCONCLUSIVE)


def test_jmx_needs_enough_readings_of_an_agent_that_answers() -> None:
    assert jmx_measured(JMX, 10, None).verdict is Verdict.MEASURED
    assert jmx_measured(JMX, 11, None).verdict is INCONCLUSIVE
    assert jmx_measured(JMX, 10, RuntimeError("gone")).verdict is INCONCLUSIVE
    assert jmx_measured(None, 1, None).verdict is INCONCLUSIVE


def test_a_completion_time_needs_every_record() -> None:
    counts = Delivery(895_000, 895_000, 0, 0, 895_000, 0, 0, 0, 0, 0, 0, None)
    assert completion_time(REPLAY, counts).measured == 29.8
    part = dataclasses.replace(counts, acked=894_999)
    assert completion_time(REPLAY, part).verdict is INCONCLUSIVE
