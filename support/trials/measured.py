"""From a finished load to figures and verdicts about its speed and its recovery; pure."""

from __future__ import annotations

from typing import Any

import numpy as np

from support import clock
from support.checks.pacing import slope_per_s
from support.checks.recovery import fault_effect, first_after, longest_gap_ns, recovery_time
from support.faults.broker_restart import FaultTimeline
from support.ledger.attempts import Attempts, Outcome
from support.ledger.history import History
from support.load.order import LoadNews, LoadOrder
from support.load.payload import Payloads
from support.load.profile import all_intended_ns
from support.metrics.summary import Stamps, over_time, summarise
from support.results.schema import Check, Fault, Latency, Load, Recovery

SERIES_POINTS = 120


def load_facts(attempts: Attempts, order: LoadOrder, news: LoadNews) -> dict[str, Any]:
    """`load`, `latency` and `series` of a ScenarioResult."""
    sizes = attempts.size[attempts.sent_ns > 0]
    duration_s = order.count / order.rate_per_s
    load = Load(
        target_rate_per_s=order.rate_per_s,
        achieved_rate_per_s=slope_per_s(attempts.sent_ns[attempts.sent_ns > 0]),
        records=order.count,
        duration_s=duration_s,
        mean_bytes=float(sizes.mean()) if len(sizes) else 0.0,
        min_bytes=int(sizes.min()) if len(sizes) else 0,
        max_bytes=int(sizes.max()) if len(sizes) else 0,
        compression_ratio=round(Payloads(order.seed).compression_ratio(), 2),
        warm_up_s=round(news.warm_up_s, 1),
        warm_up_p95_ms=news.window_p95_ms,
        buffer_full=news.buffer_full,
    )
    interval = max(clock.NS_PER_S // 4, int(duration_s * clock.NS_PER_S) // SERIES_POINTS)
    series = over_time(_intended(order, news), attempts.acked_ns, news.start_ns, interval)
    return {"load": load, "latency": _latency(attempts, order, news), "series": series}


def judge_recovery(history: History, fault: FaultTimeline) -> tuple[Check, ...]:
    """Whether clients saw the fault, and how soon new records went through again."""
    heal = fault.heal_began_ns
    checks = [
        fault_effect(history.attempts.acked_ns, fault.down_ns, heal),
        recovery_time("recovery time", heal, _first_acked(history, fault)),
    ]
    if history.groups:
        first = _first_processed(history, fault)
        checks.append(recovery_time("consumer recovery time", heal, first))
    return tuple(checks)


def recovery_facts(history: History, fault: FaultTimeline, start_ns: int) -> dict[str, Any]:
    """`recovery` and `faults` of a ScenarioResult; fault times count from the load's start."""
    acked = history.attempts.acked_ns
    gap = longest_gap_ns(acked[acked > 0])
    phases = (fault.injected_ns, fault.down_ns, fault.heal_began_ns, fault.healed_ns)
    injected, down, heal, healed = (_seconds(at, start_ns) or 0.0 for at in phases)
    return {
        "recovery": Recovery(
            _seconds(_first_acked(history, fault), fault.heal_began_ns),
            _seconds(_first_processed(history, fault), fault.heal_began_ns),
            None if gap is None else _seconds(gap, 0),
        ),
        "faults": (Fault(fault.name, injected, down, heal, healed, tuple(fault.proofs)),),
    }


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


def _latency(attempts: Attempts, order: LoadOrder, news: LoadNews) -> Latency:
    acked, sent = attempts.acked_ns > 0, attempts.sent_ns > 0
    intended = _intended(order, news)
    return Latency(
        summarise(attempts.acked_ns[acked] - intended[acked]),
        summarise(attempts.acked_ns[acked] - attempts.sent_ns[acked]),
        summarise(attempts.sent_ns[sent] - intended[sent]),
    )


def _intended(order: LoadOrder, news: LoadNews) -> Stamps:
    return all_intended_ns(news.start_ns, order.rate_per_s, order.count)


def _seconds(moment_ns: int | None, origin_ns: int) -> float | None:
    return None if moment_ns is None else round((moment_ns - origin_ns) / clock.NS_PER_S, 3)
