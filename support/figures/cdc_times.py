"""Times of change data capture, computed from a record.

Ready time: from the beginning of the heal to its proof.
Recovery time: from the beginning of the heal to the first event of a change that was committed
after the fault was proven.
Stall: the longest time in which a committed change waited for its event and no event arrived.
"""

from __future__ import annotations

import numpy as np

from support.checks.cdc_identity import of_change
from support.clock import NS_PER_S, ClockOffset
from support.metrics.summary import Stamps
from support.record.arrivals import ARRIVALS, Arrivals
from support.record.changes import CHANGES, Change, TransactionOutcome, WrittenChanges
from support.record.faults import FAULTS, RecordedFault
from support.record.record import Record
from support.record.slots import SLOT
from support.results.recovery import Recovery


def arrivals(record: Record) -> Arrivals:
    """Returns the arrivals that were recorded. Raises NotRecorded without them."""
    return Arrivals(record[ARRIVALS].arrivals)


def since_ns(record: Record) -> int:
    """Returns when the wait for the event of the last change began (monotonic ns).

    That is the last commit, or the proof of the heal if it was later: while CDC is broken no event
    can arrive.
    """
    last, faults = record[CHANGES].last_committed(), record.get(FAULTS)
    return max(last.ended_ns if last else 0, faults.first.healed_ns if faults else 0)


def caught_up_s(record: Record) -> float | None:
    """Returns the seconds until the event of the last committed change arrived; None if never."""
    last = record[CHANGES].last_committed()
    if last is None:
        return None
    arrived_ns = shown_ns(record.compute(arrivals), last.changes[-1])
    return None if arrived_ns is None else max(0, arrived_ns - since_ns(record)) / NS_PER_S


def confirmed_s(record: Record) -> float | None:
    """Returns the seconds until the slot confirmed every change; None when it did not."""
    seen = record[SLOT]
    if seen.confirmed_ns is None or seen.slot is None or seen.slot.confirmed_lsn < seen.ended_lsn:
        return None
    return (seen.confirmed_ns - since_ns(record)) / NS_PER_S


def recovery_of_changes(record: Record) -> Recovery | None:
    """Returns the recovery of CDC after the fault; None without a fault or without arrivals."""
    faults = record.get(FAULTS)
    if faults is None or not record.has(ARRIVALS) or not record.has(CHANGES):
        return None
    heal_ns, until_ns = faults.first.heal_began_ns, record[ARRIVALS].until_ns
    seen, clocks = record.compute(arrivals), record[ARRIVALS].clocks
    first_ns = first_new_ns(seen, faults.first, clocks)
    stall_ns = longest_wait_ns(seen, clocks, open_since_ns(seen, record[CHANGES]), until_ns)
    return Recovery(
        None if first_ns is None else (first_ns - heal_ns) / NS_PER_S,
        None,
        None if stall_ns is None else stall_ns / NS_PER_S,
        (faults.first.healed_ns - heal_ns) / NS_PER_S,
    )


def shown_ns(arrivals: Arrivals, change: Change) -> int | None:
    """Returns when a change first arrived (monotonic ns); None if it did not.

    It arrives with its event, or with a snapshot's event of the row in the version that the change
    made. Returns 0 if the event was in the topic before the reader began.
    """
    first = arrivals.of_change(of_change(change))
    if first is None and change.op != "d":
        first = arrivals.of_change(("r", change.table, change.key, change.version))
    return None if first is None else first.arrived_ns or 0


def first_new_ns(arrivals: Arrivals, fault: RecordedFault, clocks: ClockOffset) -> int | None:
    """Returns when the first event of a new change arrived after the heal began; None without one.

    A change is new if the earliest possible time of its commit is after the proof of the fault.
    """
    return next(
        (
            arrival.arrived_ns
            for arrival in list(arrivals.all)
            if arrival.arrived_ns is not None
            and arrival.arrived_ns >= fault.heal_began_ns
            and clocks.earliest_ns(arrival.commit_ms) >= fault.down_ns
        ),
        None,
    )


def longest_wait_ns(
    arrivals: Arrivals, clocks: ClockOffset, open_ns: int | None = None, until_ns: int = 0
) -> int | None:
    """Returns the longest stall of change data capture in ns; None without any change.

    A stall ends with the arrival of an event. It began with the previous arrival; or, if no
    committed change was without its event then, with the first commit after that arrival. Changes
    that never arrived are one more stall: from `open_ns`, the first of their commits, to
    `until_ns`, the end of the watch.
    """
    committed, arrived = streamed(arrivals, clocks)
    if open_ns is not None:
        committed, arrived = np.append(committed, open_ns), np.append(arrived, until_ns)
    if len(arrived) == 0:
        return None
    order = np.argsort(arrived, kind="stable")
    committed, arrived = committed[order], arrived[order]
    # For each arrival: the earliest commit among the changes that had not arrived before it.
    waiting_since = np.minimum.accumulate(committed[::-1])[::-1]
    before = np.concatenate([[np.iinfo(np.int64).min], arrived[:-1]])
    return int(max(0, (arrived - np.maximum(waiting_since, before)).max()))


def open_since_ns(arrivals: Arrivals, written: WrittenChanges) -> int | None:
    """Returns the first commit after the last arrival whose changes have no event; None without."""
    last = max((each.arrived_ns or 0 for each in arrivals.all), default=0)
    return min(
        (
            done.ended_ns
            for done in written.transactions
            if done.outcome is TransactionOutcome.COMMITTED
            and done.ended_ns > last
            and not any(arrivals.of_change(of_change(change)) for change in done.changes)
        ),
        default=None,
    )


def around_the_snapshot(record: Record) -> tuple[list[int], list[tuple[int, int]]]:
    """Returns when the snapshot's events arrived, and the bounds of each other change's commit."""
    taken, committed = list[int](), list[tuple[int, int]]()
    clocks = record[ARRIVALS].clocks
    for arrival in record[ARRIVALS].arrivals:
        if arrival.change[0] != "r":
            bounds = clocks.earliest_ns(arrival.commit_ms), clocks.latest_ns(arrival.commit_ms)
            committed.append(bounds)
        elif arrival.arrived_ns is not None:
            taken.append(arrival.arrived_ns)
    return taken, committed


def streamed(arrivals: Arrivals, clocks: ClockOffset) -> tuple[Stamps, Stamps]:
    """Returns commit and arrival (monotonic ns) of each change that arrived, snapshots left out."""
    pairs = [
        (clocks.middle_ns(first.commit_ms), first.arrived_ns)
        for first in arrivals.first_of_each()
        if first.change[0] != "r" and first.arrived_ns is not None
    ]
    committed, arrived = np.array(pairs, np.int64).reshape(-1, 2).T
    return committed, arrived
