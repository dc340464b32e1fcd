"""Latency of a load: its distributions, and its course over time. All times in milliseconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LatencySummary:
    """Figures of one distribution; a percentile is None when there are too few samples for it."""

    count: int
    mean_ms: float | None
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    p999_ms: float | None
    max_ms: float | None
    histogram: str = ""
    """HdrHistogram of microseconds (1 us to 1 h, 3 digits), base64 of its V2 encoding."""


@dataclass(frozen=True)
class Latency:
    """The distributions of a load after its warm-up.

    `schedule_delay` is from the intended to the actual send time.
    """

    intended_to_ack: LatencySummary
    send_to_ack: LatencySummary
    schedule_delay: LatencySummary
    acked_to_consumed: LatencySummary | None = None
    """Negative where a consumer received a record before the producer got its acknowledgement.
    None without a consumer."""
    end_to_end: LatencySummary | None = None
    """From the intended send time to the delivery to a consumer; None without a consumer."""


@dataclass(frozen=True)
class Spread:
    """Three percentiles."""

    p50_ms: float
    p95_ms: float
    p99_ms: float


@dataclass(frozen=True)
class SeriesPoint:
    """One interval of a load by intended send time; `at_s` counts from the start of the load."""

    at_s: float
    sent: int
    """Records whose intended send time lies in this interval."""
    acked: int
    """How many of those were acknowledged, at any time."""
    acks_arrived: int
    """Acknowledgements that arrived in this interval, of any record."""
    p50_ms: float | None
    p95_ms: float | None
    max_ms: float | None
    consumed: int | None = None
    """Records delivered to the consumer in this interval; None without a consumer."""
