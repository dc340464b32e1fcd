"""Figures of a load: rates, latency, the client's share of it, and a series over time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from support.checks.pacing import slope_per_s
from support.clock import NS_PER_S
from support.figures.behaviour import client_split
from support.generate.payload import payloads
from support.metrics.summary import Stamps, over_time, summarise
from support.record.archive import HISTORY
from support.record.client_stats import CLIENT_STATS, StatsSecond
from support.record.history import History, first_received
from support.record.load import LOAD, LoadRecord
from support.record.record import Record
from support.record.schedule import UNPACED, all_intended_ns, judged_range
from support.results.latency import Latency, SeriesPoint
from support.results.load import ClientSplit, Load

QUARTER_S = NS_PER_S // 4
POINTS = 120
"""About how many points a series has; each covers a quarter of a second or more."""


@dataclass(frozen=True)
class LoadFigures:
    """Figures of the judged segments of a load; the series covers the whole load."""

    load: Load
    latency: Latency
    client: ClientSplit | None
    series: tuple[SeriesPoint, ...]


def load_figures(record: Record) -> LoadFigures:
    """Returns the figures of the recorded load. Raises NotRecorded if there is none."""
    history, run = record[HISTORY], record[LOAD]
    intended = all_intended_ns(run.news.start_ns, run.order.segments)
    part = slice(*judged_range(run.order.segments))
    # Unpaced records are all due at the start: their latency counts from when they were sent.
    sent = history.attempts.sent_ns
    due = intended if _paced(run) else np.where(sent > 0, sent, run.news.start_ns)
    stats = _judged(record.get(CLIENT_STATS) or (), due[part] if _paced(run) else None)
    return LoadFigures(
        _load(history, run, part),
        _latency(history, due, part),
        client_split(stats),
        _series(history, run, due) if run.shows_series else (),
    )


def stated(record: Record) -> LoadFigures | None:
    """Returns the figures of a load whose speed is reported (states_speed); None without one."""
    run = record.get(LOAD)
    return record.compute(load_figures) if run and run.states_speed else None


def _rates(run: LoadRecord) -> set[int]:
    return {segment.rate_per_s for segment in run.order.segments if segment.judged}


def _paced(run: LoadRecord) -> bool:
    return UNPACED not in _rates(run)


def _load(history: History, run: LoadRecord, part: slice) -> Load:
    attempts, news, order = history.attempts, run.news, run.order
    sent_payloads = payloads(order.seed, *order.sizes, order.sampled)
    rates, paced = _rates(run), _paced(run)
    steady = rates.pop() if paced and len(rates) == 1 else None
    sent = attempts.sent_ns[part][attempts.sent_ns[part] > 0]
    acked = attempts.acked_ns[part]
    sizes = attempts.size[part][attempts.sent_ns[part] > 0]
    stored = np.sort(acked[acked > 0])
    took_ns = int(stored[-1]) - news.start_ns if len(stored) else 0
    whole = len(stored) * NS_PER_S / took_ns if took_ns else None
    judged_ns = sum(segment.length_ns for segment in order.segments if segment.judged)
    return Load(
        target_rate_per_s=steady,
        achieved_rate_per_s=slope_per_s(sent) if steady else whole,
        records=part.stop - part.start,
        duration_s=(judged_ns if paced else took_ns) / NS_PER_S,
        bytes=int(sizes.sum()),
        mean_bytes=float(sizes.mean()) if len(sizes) else 0.0,
        min_bytes=int(sizes.min()) if len(sizes) else 0,
        max_bytes=int(sizes.max()) if len(sizes) else 0,
        compression_ratio=round(sent_payloads.compression_ratio(), 2),
        warm_up_s=round(news.warm_up_s, 1),
        warm_up_p95_ms=news.window_p95_ms,
        buffer_full=news.buffer_full,
        generator_cores=round(news.cpu_s / news.took_s, 3) if news.took_s else 0.0,
        acked_rate_per_s=slope_per_s(stored) if steady else whole,
        sampled_from=order.sampled.described if order.sampled else "",
        sampled_ratio=order.sampled.ratio if order.sampled else None,
    )


def _series(history: History, run: LoadRecord, due: Stamps) -> tuple[SeriesPoint, ...]:
    start_ns = run.news.start_ns
    # Rounded up, so that the last point does not cover only a few records.
    interval = max(QUARTER_S, -(-(int(due[-1]) - start_ns + 1) // POINTS))
    received = history.groups[0].seen.received_ns if history.groups else None
    return over_time(due, history.attempts.acked_ns, start_ns, interval, received)


def _judged(stats: tuple[StatsSecond, ...], due: Stamps | None) -> list[StatsSecond]:
    """Returns librdkafka's seconds; for a paced load only those of the judged segments."""
    if due is None or not len(due):
        return list(stats)
    # librdkafka reports at the end of each second.
    middle = [(second, second.at_ns - NS_PER_S // 2) for second in stats]
    return [second for second, at in middle if due[0] <= at <= due[-1]]


def _latency(history: History, due: Stamps, part: slice) -> Latency:
    attempts = history.attempts
    acked_ns, sent_ns, due = attempts.acked_ns[part], attempts.sent_ns[part], due[part]
    acked, sent = acked_ns > 0, sent_ns > 0
    consumed, end_to_end = None, None
    if history.groups:
        first = first_received(history.groups[0].seen, len(attempts))[part]
        both = acked & (first > 0)
        consumed = summarise((first - acked_ns)[both])
        end_to_end = summarise((first - due)[first > 0])
    return Latency(
        summarise((acked_ns - due)[acked]),
        summarise((acked_ns - sent_ns)[acked]),
        summarise((sent_ns - due)[sent]),
        consumed,
        end_to_end,
    )
