"""librdkafka's statistics of every second: how many records wait, and where."""

from __future__ import annotations

from dataclasses import dataclass

from support.record.section import json_section


@dataclass(frozen=True)
class StatsSecond:
    """One second of a producer.

    `at_ns` is monotonic. Percentiles (p50, p95, p99) are in microseconds as librdkafka states
    them, 0 without samples: `queue_us` from produce() to transmission, `outbuf_us` in the socket's
    queue, `rtt_us` from request to response. `throttle_ms` is the longest throttle time that a
    broker asked for.
    """

    at_ns: int
    queued: int
    queue_us: tuple[int, int, int]
    outbuf_us: tuple[int, int, int]
    rtt_us: tuple[int, int, int]
    throttle_ms: int
    brokers: int = 1
    """Number of brokers that the client knows; 0 when it lost them all and can't send."""


CLIENT_STATS = json_section("client_stats", tuple[StatsSecond, ...])
