"""Judges the checks of speed from the record of a load."""

from __future__ import annotations

from support.checks.backpressure import backpressure_measured, steady_again
from support.checks.completion import completion_time, reported
from support.checks.latency import latency_within
from support.checks.pacing import achieved_rate, schedule_delay, schedule_delay_limit
from support.checks.resources import broker_within_limits, jmx_measured, resources_measured
from support.checks.stability import latency_drift, memory_stability
from support.errors import Inconclusive
from support.figures.behaviour import backpressure, stability
from support.figures.cdc import snapshot_figures
from support.figures.load import load_figures
from support.figures.scenario import delivery
from support.record.record import Record
from support.record.resources import BROKER, JMX, MEMORY, RESOURCES
from support.results.limit import Limit
from support.results.load import Backpressure
from support.results.schema import Check

LATENCY_LIMIT_MS = 100.0
"""The limit of SC-001, in milliseconds."""
SCHEDULE_DELAY_LIMIT = schedule_delay_limit(LATENCY_LIMIT_MS)


def latency(record: Record, figure: str, limit: Limit) -> Check:
    """Judges a figure (mean, p50, p95, p99) of the latency from the intended send time."""
    seen = record.compute(load_figures)
    late_ms = seen.latency.schedule_delay.p99_ms
    delay = schedule_delay(late_ms, schedule_delay_limit(limit.value), seen.load)
    return latency_within(seen.latency.intended_to_ack, figure, limit, delay)


def rate(record: Record, limit: Limit) -> Check:
    """Judges the rate at which the generator sent; the limit is in percent of the target rate."""
    return achieved_rate(record.compute(load_figures).load, limit.value)


def generator_delay(record: Record) -> Check:
    """Judges the schedule delay of the generator."""
    seen = record.compute(load_figures)
    return schedule_delay(seen.latency.schedule_delay.p99_ms, SCHEDULE_DELAY_LIMIT, seen.load)


def completion(record: Record) -> Check:
    """Reports how long a snapshot took, or a load that was sent as fast as possible."""
    snapshot = snapshot_figures(record)
    if snapshot is not None:
        rate = f"{snapshot.rows_per_s:,.0f} rows/s"
        return reported("completion time", snapshot.seconds, rate)
    counts = delivery(record)
    if counts is None:
        raise Inconclusive("There was no load.")
    return completion_time(record.compute(load_figures).load, counts)


def burst(record: Record) -> Check:
    """Reports how client and broker behaved in a burst."""
    return backpressure_measured(_burst(record), record.compute(load_figures).client)


def steady(record: Record, limit: Limit) -> Check:
    """Judges how soon latency was steady again after a burst."""
    return steady_again(_burst(record), limit)


def memory(record: Record) -> Check:
    """Judges whether the broker's memory stayed stable under a long load."""
    minutes = record.compute(load_figures).load.duration_s / 60
    unmeasured = record[RESOURCES].lacking
    lacking = unmeasured.get(BROKER, "") or unmeasured.get(MEMORY, "")
    return memory_stability(record.compute(stability), minutes, lacking)


def drift(record: Record) -> Check:
    """Judges whether latency stayed stable under a long load."""
    return latency_drift(record.compute(stability))


def broker_limits(record: Record) -> tuple[Check, Check]:
    """Judges the broker's memory and CPU."""
    return broker_within_limits(record[RESOURCES].broker, record[RESOURCES].lacking)


def sampled(record: Record) -> Check:
    """Reports how often CPU, memory and disk were sampled."""
    seen = record[RESOURCES]
    return resources_measured(seen.usage, seen.wanted, seen.trouble or None, seen.lacking)


def jmx_read(record: Record) -> Check:
    """Reports how often the broker's MBeans were read."""
    seen = record[JMX]
    return jmx_measured(seen.jmx, seen.wanted, seen.trouble or None)


def _burst(record: Record) -> Backpressure:
    seen = record.compute(backpressure)
    if seen is None:
        raise Inconclusive("There was no burst between two periods of steady load.")
    return seen
