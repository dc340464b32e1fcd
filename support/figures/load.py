"""From a finished load to figures and verdicts about its speed and its recovery; pure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from support.checks.pacing import slope_per_s
from support.checks.recovery import (
    LEAST_GAP_S,
    fault_effect,
    first_after,
    longest_stall_ns,
    recovery_time,
)
from support.clock import NS_PER_S
from support.faults.timeline import FaultTimeline
from support.figures.behaviour import client_split
from support.generate.order import LoadNews, LoadOrder
from support.generate.payload import payloads
from support.generate.schedule import UNPACED, all_intended_ns, judged_range
from support.generate.stats import StatsSecond, read_stats
from support.metrics.summary import Stamps, over_time, summarise
from support.record.attempts import Attempts, Outcome
from support.record.history import History, first_received
from support.results.measurements import Fault, Latency, Load, Recovery
from support.results.schema import Check

QUARTER_S = NS_PER_S // 4
POINTS = 120
"""About so many points in a series, and none shorter than a quarter of a second."""


def load_facts(history: History, order: LoadOrder, news: LoadNews) -> dict[str, Any]:
    """`load`, `latency`, `client` and `series` of a ScenarioResult.

    Figures are those of the judged segments, the series is of the whole load.
    """
    attempts, intended = history.attempts, all_intended_ns(news.start_ns, order.segments)
    part = slice(*judged_range(order.segments))
    judged = [segment for segment in order.segments if segment.judged]
    rates = {segment.rate_per_s for segment in judged}
    paced = UNPACED not in rates
    steady = rates.pop() if paced and len(rates) == 1 else None
    sent = attempts.sent_ns[part][attempts.sent_ns[part] > 0]
    acked = attempts.acked_ns[part]
    sizes = attempts.size[part][attempts.sent_ns[part] > 0]
    stored = np.sort(acked[acked > 0])
    took_ns = int(stored[-1]) - news.start_ns if len(stored) else 0
    whole = _per_second(len(stored), took_ns)
    load = Load(
        target_rate_per_s=steady,
        achieved_rate_per_s=slope_per_s(sent) if steady else whole,
        records=part.stop - part.start,
        duration_s=sum(s.length_ns for s in judged) / NS_PER_S if paced else took_ns / NS_PER_S,
        bytes=int(sizes.sum()),
        mean_bytes=float(sizes.mean()) if len(sizes) else 0.0,
        min_bytes=int(sizes.min()) if len(sizes) else 0,
        max_bytes=int(sizes.max()) if len(sizes) else 0,
        compression_ratio=round(payloads(order.seed).compression_ratio(), 2),
        warm_up_s=round(news.warm_up_s, 1),
        warm_up_p95_ms=news.window_p95_ms,
        buffer_full=news.buffer_full,
        generator_cores=round(news.cpu_s / news.took_s, 3) if news.took_s else 0.0,
        acked_rate_per_s=slope_per_s(stored) if steady else whole,
    )
    # Unpaced records are due at once: what they wait for is their own load.
    due = intended if paced else np.where(attempts.sent_ns > 0, attempts.sent_ns, news.start_ns)
    # Rounded up, so that the last point is no sliver of a few records.
    interval = max(QUARTER_S, -(-(int(due[-1]) - news.start_ns + 1) // POINTS))
    given = history.groups[0].seen.received_ns if history.groups else None
    series = over_time(due, attempts.acked_ns, news.start_ns, interval, given)
    return {
        "load": load,
        "latency": _latency(history, due, part),
        "client": client_split(_stats_of(order, news, due[part] if paced else None)),
        "series": series,
    }


def _stats_of(order: LoadOrder, news: LoadNews, due: Stamps | None) -> list[StatsSecond]:
    """librdkafka's seconds, of a paced load those of its judged part."""
    seconds = read_stats(Path(order.folder), news.start_ns)
    if due is None or not len(due):
        return seconds
    # A report is about the second before it.
    middle = [(second, second.at_ns - NS_PER_S // 2) for second in seconds]
    return [second for second, at in middle if due[0] <= at <= due[-1]]


def _per_second(count: int, took_ns: int) -> float | None:
    return count * NS_PER_S / took_ns if took_ns else None


def recovery_of(history: History, fault: FaultTimeline, ended_ns: int) -> Recovery:
    """Every time of a recovery: the check, the tables and the cards all have them from here.

    `ended_ns`: when the load had its last report.
    """
    heal = fault.heal_began_ns
    acked, processed = _first_acked(history, fault), _first_processed(history, fault)
    stall = longest_stall_ns(*_acknowledging(history), ended_ns)
    served = served_throughout(history, fault, ended_ns)
    # The first proof that it works again: the suite's own, or a record of a load that was stopped.
    proofs = [] if fault.heal_trouble else [fault.healed_ns]
    proofs += [at for at in (acked, processed) if at and not served]
    ready = min(proofs, default=None)
    return Recovery(
        None if served else _seconds(acked, heal),
        None if served else _seconds(processed, heal),
        None if stall is None else _seconds(stall, 0),
        _seconds(ready, heal),
    )


def served_throughout(history: History, fault: FaultTimeline, ended_ns: int) -> bool:
    """Whether records were sent in the fault, and neither the producer nor the consumer stalled:
    then there is nothing to recover from."""
    sent = history.attempts.sent_ns
    begin, end = fault.injected_ns, max(fault.healed_ns, fault.heal_began_ns)
    if not np.any((sent >= begin) & (sent <= end)):
        return False
    stalls = [longest_stall_ns(*_acknowledging(history), ended_ns, [(begin, end)])]
    if history.groups:
        first = first_received(history.groups[0].seen, len(sent))
        stored = np.where(history.copies > 0, sent, 0)
        stalls.append(longest_stall_ns(first, stored, ended_ns, [(begin, end)]))
    return max(stall or 0 for stall in stalls) < LEAST_GAP_S * NS_PER_S


def _acknowledging(history: History) -> tuple[Stamps, Stamps]:
    """When records were acknowledged, and when those were sent that may have waited for it."""
    attempts = history.attempts
    return attempts.acked_ns, np.where(attempts.outcome == Outcome.REJECTED, 0, attempts.sent_ns)


def judge_recovery(
    history: History, fault: FaultTimeline, brokers: int, ended_ns: int
) -> tuple[Check, ...]:
    """Whether clients saw the fault of one of so many brokers, and how soon new records went
    through again."""
    found = recovery_of(history, fault, ended_ns)
    served = served_throughout(history, fault, ended_ns)
    attempts = history.attempts
    checks = [
        fault_effect(attempts.acked_ns, attempts.sent_ns, fault.outages, brokers),
        recovery_time("recovery time", found.recovery_s, served),
    ]
    if history.groups:
        seconds = found.consumer_recovery_s
        checks.append(recovery_time("consumer recovery time", seconds, served))
    return tuple(checks)


def recovery_facts(
    history: History, fault: FaultTimeline, start_ns: int, ended_ns: int
) -> dict[str, Any]:
    """`recovery` and `faults` of a ScenarioResult; fault times count from the load's start."""
    return {
        "recovery": recovery_of(history, fault, ended_ns),
        "faults": (describe_fault(fault, start_ns),),
    }


def describe_fault(fault: FaultTimeline, start_ns: int) -> Fault:
    """Its phases in seconds from the start of the load."""
    phases = (fault.injected_ns, fault.down_ns, fault.heal_began_ns, fault.healed_ns)
    injected, down, heal, healed = (_seconds(at, start_ns) or 0.0 for at in phases)
    times = max(1, len(fault.outages))
    return Fault(fault.name, injected, down, heal, healed, tuple(fault.proofs), times)


def _first_acked(history: History, fault: FaultTimeline) -> int | None:
    attempts = history.attempts
    counted = _sent_after(attempts, fault) & (attempts.outcome == Outcome.ACKED)
    return first_after(attempts.acked_ns[counted], fault.heal_began_ns)


def _first_processed(history: History, fault: FaultTimeline) -> int | None:
    if not history.groups:
        return None
    seen = history.groups[0].seen
    new = np.isin(seen.id, np.flatnonzero(_sent_after(history.attempts, fault)))
    return first_after(seen.received_ns[new], fault.heal_began_ns)


def _sent_after(attempts: Attempts, fault: FaultTimeline) -> np.ndarray:
    """New records: sent after the broker was told to end, so that no old one counts."""
    return np.asarray(attempts.sent_ns > fault.injected_ns)


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


def _seconds(moment_ns: int | None, origin_ns: int) -> float | None:
    return None if moment_ns is None else round((moment_ns - origin_ns) / NS_PER_S, 3)
