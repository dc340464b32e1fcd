"""How client and broker behave: where records wait, what a burst and a long load do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from support.clock import NS_PER_S
from support.generate.order import LoadNews, LoadOrder
from support.generate.schedule import all_intended_ns, judged_range
from support.generate.stats import StatsSecond, read_stats
from support.metrics.summary import over_time, summarise
from support.metrics.trend import slope_with_interval
from support.record.history import History
from support.results.measurements import (
    Backpressure,
    ClientSplit,
    ComponentUsage,
    SeriesPoint,
    Spread,
    Stability,
)

STEADY_FACTOR, LEAST_IN_A_WINDOW, CALM_S = 2, 100, 3


def client_split(seconds: Sequence[StatsSecond]) -> ClientSplit | None:
    """Medians over the seconds in which librdkafka had samples; None without any."""
    busy = [second for second in seconds if second.rtt_us[0] > 0]
    if not busy:
        return None

    def spread(windows: list[tuple[int, int, int]]) -> Spread:
        p50, p95, p99 = (np.median(np.array(windows), axis=0) / 1000).tolist()
        return Spread(p50, p95, p99)

    return ClientSplit(
        spread([second.queue_us for second in busy]),
        spread([second.outbuf_us for second in busy]),
        spread([second.rtt_us for second in busy]),
        len(busy),
    )


def backpressure(history: History, order: LoadOrder, news: LoadNews) -> Backpressure:
    """Of a load with an unjudged segment before and after its burst."""
    seconds = read_stats(Path(order.folder), news.start_ns)
    intended = all_intended_ns(news.start_ns, order.segments)
    acked = history.attempts.acked_ns
    first, end = judged_range(order.segments)
    burst_end = int(intended[end - 1])
    burst_acks = acked[first:end][acked[first:end] > 0]
    before = summarise((acked - intended)[:first][acked[:first] > 0]).p95_ms
    good = _seconds_after(over_time(intended[end:], acked[end:], burst_end, NS_PER_S), before)
    drained = None if len(burst_acks) < end - first else int(burst_acks.max()) - burst_end
    return Backpressure(
        queue_depth_max=max((second.queued for second in seconds), default=0),
        throttle_max_ms=max((second.throttle_ms for second in seconds), default=0),
        buffer_full=news.buffer_full,
        drained_after_s=None if drained is None else round(max(0, drained) / NS_PER_S, 3),
        steady_p95_ms=before,
        steady_again_after_s=_steady_after_s(good),
        first_calm_after_s=_first_calm_s(good),
    )


def _seconds_after(points: Sequence[SeriesPoint], before_ms: float | None) -> list[bool]:
    """Of each second after the burst, whether its records waited at most twice as long as before,
    and were all acknowledged."""
    limit = STEADY_FACTOR * (before_ms or 0)
    # The last one may hold a few records only.
    whole = [p for p in points if p.sent >= LEAST_IN_A_WINDOW]
    return [p.acked == p.sent and p.p95_ms is not None and p.p95_ms <= limit for p in whole]


def _steady_after_s(good: Sequence[bool]) -> float | None:
    """The end of the last second that was not good, 0 without one. None when it is the last."""
    if not good or not good[-1]:
        return None
    return float(max((n + 1 for n, each in enumerate(good) if not each), default=0))


def _first_calm_s(good: Sequence[bool]) -> float | None:
    calm = (n for n in range(len(good) - CALM_S + 1) if all(good[n : n + CALM_S]))
    return next((float(n) for n in calm), None)


def stability(
    history: History, order: LoadOrder, news: LoadNews, broker: ComponentUsage | None
) -> Stability | None:
    """How a long load changes the broker; None with too few samples of it."""
    line = slope_with_interval(broker.at_s, broker.memory_series) if broker else None
    if broker is None or line is None:
        return None
    waits = history.attempts.acked_ns - all_intended_ns(news.start_ns, order.segments)
    waits = waits[history.attempts.acked_ns > 0]
    # A scaled load has no two minutes: then its first and last third.
    minute = min(len(waits) // 3, order.segments[0].rate_per_s * 60)
    slope, low, high = (value * 60 / 2**20 for value in line)
    return Stability(
        slope,
        low,
        high,
        summarise(waits[:minute]).p95_ms,
        summarise(waits[-minute:]).p95_ms,
        broker.disk_growth_bytes,
        int(history.attempts.size[history.attempts.sent_ns > 0].sum()),
    )
