"""Figures of the client and the broker: where records wait, what a burst and a long load do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from support.clock import NS_PER_S
from support.metrics.summary import over_time, summarise
from support.metrics.trend import slope_with_interval
from support.record.archive import HISTORY
from support.record.client_stats import CLIENT_STATS, StatsSecond
from support.record.load import LOAD
from support.record.record import Record
from support.record.resources import RESOURCES
from support.record.schedule import all_intended_ns, judged_range
from support.results.latency import SeriesPoint, Spread
from support.results.load import Backpressure, ClientSplit, Stability

STEADY_FACTOR = 2
"""Latency is steady again when its p95 is at most this many times the p95 before the burst."""
LEAST_IN_A_WINDOW = 100
"""Records that a second needs to be judged."""
CALM_S = 3
"""Steady seconds in a row that end the effect of a burst for the first time."""


def client_split(seconds: Sequence[StatsSecond]) -> ClientSplit | None:
    """Returns the median over the seconds in which librdkafka had samples, in ms.

    None if there was no such second.
    """
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


def backpressure(record: Record) -> Backpressure | None:
    """Returns how client and broker behaved in a burst and after it; None without a burst.

    A load has a burst if it has three segments, of which only the second one is judged.
    """
    run = record.get(LOAD)
    if run is None or [segment.judged for segment in run.order.segments] != [False, True, False]:
        return None
    order, news, history = run.order, run.news, record[HISTORY]
    seconds = record.get(CLIENT_STATS) or ()
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
    """Returns for each second after the burst whether latency was steady.

    That is: all its records were acknowledged, with a p95 of at most twice `before_ms`.
    """
    limit = STEADY_FACTOR * (before_ms or 0)
    # The last second may have only a few records.
    whole = [p for p in points if p.sent >= LEAST_IN_A_WINDOW]
    return [p.acked == p.sent and p.p95_ms is not None and p.p95_ms <= limit for p in whole]


def _steady_after_s(good: Sequence[bool]) -> float | None:
    """Returns when the last second that was not steady ended, in s; 0.0 if all were steady.

    None if that second is the last one: latency did not become steady.
    """
    if not good or not good[-1]:
        return None
    return float(max((n + 1 for n, each in enumerate(good) if not each), default=0))


def _first_calm_s(good: Sequence[bool]) -> float | None:
    """Returns when CALM_S steady seconds in a row began for the first time, in s."""
    calm = (n for n in range(len(good) - CALM_S + 1) if all(good[n : n + CALM_S]))
    return next((float(n) for n in calm), None)


def stability(record: Record) -> Stability | None:
    """Returns how memory, latency and disk changed under a long load at one rate.

    The memory's slope is in MiB per minute, with its 95 % interval (metrics/trend.py).
    None for a load that is too short for a trend.
    """
    resources, run = record.get(RESOURCES), record.get(LOAD)
    broker = resources.broker if resources else None
    line = slope_with_interval(broker.at_s, broker.memory_series) if broker else None
    if run is None or not run.shows_trend:
        return None
    history, order, news = record[HISTORY], run.order, run.news
    waits = history.attempts.acked_ns - all_intended_ns(news.start_ns, order.segments)
    waits = waits[history.attempts.acked_ns > 0]
    # The first and last minute; in a scaled load, which is shorter, the first and last third.
    minute = min(len(waits) // 3, order.segments[0].rate_per_s * 60)
    slope, low, high = [value * 60 / 2**20 for value in line] if line else [None] * 3
    return Stability(
        slope,
        low,
        high,
        summarise(waits[:minute]).p95_ms,
        summarise(waits[-minute:]).p95_ms,
        broker.disk_growth_bytes if broker else None,
        int(history.attempts.size[history.attempts.sent_ns > 0].sum()),
    )
