"""Figures of recovery: how soon clients were served again after a fault."""

from __future__ import annotations

import numpy as np

from support.checks.recovery import LEAST_GAP_S, first_after, longest_stall_ns
from support.checks.resumption import restart_s
from support.clock import NS_PER_S
from support.metrics.summary import Stamps
from support.record.archive import HISTORY
from support.record.attempts import Attempts, Outcome
from support.record.faults import FAULTS, RecordedFault
from support.record.history import History, first_received
from support.record.load import LOAD
from support.record.record import Record
from support.results.recovery import Fault, Recovery


def recovery(record: Record) -> Recovery | None:
    """Returns the recovery after the first fault; None without a fault or a load."""
    faults = record.get(FAULTS)
    if faults is None or not record.has(LOAD):
        return None
    history = record[HISTORY]
    if faults.of_consumer:
        return Recovery(None, None, None, consumer_restart_s=restart_s(history.groups[0]))
    return recovery_of(history, faults.first, record[LOAD].ended_ns)


def faults_of(record: Record) -> tuple[Fault, ...]:
    """Returns the faults with their phases in seconds from the start of the load."""
    faults, load = record.get(FAULTS), record.get(LOAD)
    if faults is None or load is None:
        return ()
    return tuple(describe_fault(each, load.began_ns) for each in faults.faults)


def recovery_of(history: History, fault: RecordedFault, ended_ns: int) -> Recovery:
    """Returns all times of a recovery, in seconds from the heal; the stall in seconds.

    The checks, tables and cards all use this function. `ended_ns`: when the load ended. Times are
    None where they could not be measured, and where clients were served throughout.
    """
    heal = fault.heal_began_ns
    acked, processed = _first_acked(history, fault), _first_processed(history, fault)
    stall = longest_stall_ns(*_acknowledging(history), ended_ns)
    served = served_throughout(history, fault, ended_ns)
    # The earliest proof that clients are served: the suite's probe, or a record of the load.
    proofs = [] if fault.heal_trouble else [fault.healed_ns]
    proofs += [at for at in (acked, processed) if at and not served]
    ready = min(proofs, default=None)
    return Recovery(
        None if served else _seconds(acked, heal),
        None if served else _seconds(processed, heal),
        None if stall is None else _seconds(stall, 0),
        _seconds(ready, heal),
    )


def served_throughout(history: History, fault: RecordedFault, ended_ns: int) -> bool:
    """Returns whether clients were served during the whole fault.

    Then records were sent during it, and neither the producer nor the consumer stalled: there is
    nothing to recover from.
    """
    sent = history.attempts.sent_ns
    begin, end = fault.injected_ns, max(fault.healed_ns, fault.heal_began_ns)
    if not np.any((sent >= begin) & (sent <= end)):
        return False
    stalls = stalls_during(history, fault, ended_ns)
    return max(stall or 0 for stall in stalls) < LEAST_GAP_S * NS_PER_S


def stalls_during(
    history: History, fault: RecordedFault, ended_ns: int
) -> tuple[int | None, int | None]:
    """Returns the longest stalls of producer and consumer that overlap the fault, in ns.

    None where no record waited. `ended_ns`: when the load ended.
    """
    window = [(fault.injected_ns, max(fault.healed_ns, fault.heal_began_ns))]
    producer = longest_stall_ns(*_acknowledging(history), ended_ns, window)
    if not history.groups:
        return producer, None
    sent = history.attempts.sent_ns
    first = first_received(history.groups[0].seen, len(sent))
    stored = np.where(history.copies > 0, sent, 0)
    return producer, longest_stall_ns(first, stored, ended_ns, window)


def _acknowledging(history: History) -> tuple[Stamps, Stamps]:
    """Returns when records were acknowledged, and when they were sent; 0 for rejected ones."""
    attempts = history.attempts
    return attempts.acked_ns, np.where(attempts.outcome == Outcome.REJECTED, 0, attempts.sent_ns)


def describe_fault(fault: RecordedFault, start_ns: int) -> Fault:
    """Returns a fault with its phases in seconds from `start_ns`, the start of the load."""
    phases = (fault.injected_ns, fault.down_ns, fault.heal_began_ns, fault.healed_ns)
    injected, down, heal, healed = (_seconds(at, start_ns) or 0.0 for at in phases)
    times = max(1, len(fault.outages))
    return Fault(fault.name, injected, down, heal, healed, tuple(fault.proofs), times)


def _first_acked(history: History, fault: RecordedFault) -> int | None:
    """Returns when the first new record was acknowledged after the heal."""
    attempts = history.attempts
    counted = _sent_after(attempts, fault) & (attempts.outcome == Outcome.ACKED)
    return first_after(attempts.acked_ns[counted], fault.heal_began_ns)


def _first_processed(history: History, fault: RecordedFault) -> int | None:
    """Returns when the first group received the first new record after the heal."""
    if not history.groups:
        return None
    seen = history.groups[0].seen
    new = np.isin(seen.id, np.flatnonzero(_sent_after(history.attempts, fault)))
    return first_after(seen.received_ns[new], fault.heal_began_ns)


def _sent_after(attempts: Attempts, fault: RecordedFault) -> np.ndarray:
    """Returns which records were sent after the fault was injected: only those are new."""
    return np.asarray(attempts.sent_ns > fault.injected_ns)


def _seconds(moment_ns: int | None, origin_ns: int) -> float | None:
    return None if moment_ns is None else round((moment_ns - origin_ns) / NS_PER_S, 3)
