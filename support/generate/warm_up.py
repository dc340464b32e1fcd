"""Warms a producer and a broker up until the latency no longer falls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event

import numpy as np

from support import clock
from support.generate.sender import Sender
from support.metrics.summary import percentile_ns
from support.record.attempts import Attempts
from support.record.load import LoadNews, WarmUp
from support.record.schedule import Segment, all_intended_ns

HEAD_START_NS = 100 * clock.NS_PER_MS
"""Between the creation of the columns and the first record's intended time."""

IMPROVED_BELOW = 0.9
"""A window improves on the best so far when its p95 is below this share of the best's."""

SETTLED_AFTER = 2
"""Windows in a row without an improvement after which the warm-up ends."""

LEAST_RECORDS = 20
"""Records in a window: with fewer a p95 means nothing."""


def run_warm_up(
    sender: Sender,
    warm_up: WarmUp,
    rate_per_s: int,
    folder: Path,
    stop: Event,
    publish: Callable[[LoadNews], None],
) -> LoadNews:
    """Sends windows of records at `rate_per_s` until the p95 has settled, and publishes each p95.

    Ends early when `longest_s` would be exceeded, when a window has no acknowledgement at all, or
    when `stop` is set. Columns of window N are written to `folder`/N. Returns the last report.
    """
    sender.fetch_metadata(warm_up.topic)
    began = clock.now_ns()
    window = Segment(rate_per_s, max(LEAST_RECORDS, int(rate_per_s * warm_up.window_s)))
    p95s: list[float] = []
    while not settled(p95s) and not stop.is_set():
        p95 = _window_p95_ms(sender, warm_up.topic, window, folder / str(len(p95s)))
        if p95 is None:
            break
        p95s.append(p95)
        news = LoadNews("warm-up", window_p95_ms=tuple(p95s), warm_up_s=_seconds_since(began))
        publish(news)
        if news.warm_up_s + warm_up.window_s > warm_up.longest_s:
            break
    return LoadNews("warm-up", window_p95_ms=tuple(p95s), warm_up_s=_seconds_since(began))


def settled(p95s_ms: Sequence[float]) -> bool:
    """Whether none of the last SETTLED_AFTER windows improved on all windows before it."""
    newest = range(len(p95s_ms) - SETTLED_AFTER, len(p95s_ms))
    return newest.start > 0 and all(
        p95s_ms[number] >= IMPROVED_BELOW * min(p95s_ms[:number]) for number in newest
    )


def _window_p95_ms(sender: Sender, topic: str, window: Segment, folder: Path) -> float | None:
    """Sends one window; p95 from intended time to acknowledgement, None without any."""
    reports = sender.open_reports(folder, window.count)
    intended = all_intended_ns(clock.now_ns() + HEAD_START_NS, (window,))
    sender.send_paced(topic, reports, intended)
    sender.await_reports()
    acked = Attempts.open(folder).acked_ns
    latencies = np.sort((acked - intended)[acked > 0])
    return percentile_ns(latencies, 950) / clock.NS_PER_MS if len(latencies) else None


def _seconds_since(moment_ns: int) -> float:
    return (clock.now_ns() - moment_ns) / clock.NS_PER_S
