"""From a settled CDC trial to its figures; pure.

Every time of change data capture is defined here once. Ready: from the beginning of the heal to its
proof. Recovery: from the beginning of the heal to the first event of a change that was committed
after it broke. Stall: the longest time in which a committed change waited and none arrived.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from support.checks.cdc_changes import missing_changes
from support.checks.cdc_identity import first_events, occurrence, of_change
from support.clock import NS_PER_MS, NS_PER_S, ClockOffset
from support.faults.timeline import FaultTimeline
from support.figures.load import QUARTER_S, describe_fault
from support.metrics.summary import Stamps, over_time, summarise
from support.record.arrivals import Arrivals
from support.record.changes import Fate, WrittenChanges
from support.record.events import EventLog
from support.record.slots import Slot
from support.results.measurements import CdcFigures, Recovery, SeriesPoint


def cdc_figures(
    log: EventLog,
    written: WrittenChanges,
    arrivals: Arrivals,
    clocks: ClockOffset,
    caught_up_s: float | None = None,
    down: Slot | None = None,
    confirmed_s: float | None = None,
) -> CdcFigures:
    """Waits are those of the first event of each streamed change: a snapshot's have no commit of
    their own, and what is sent again says nothing about the way."""
    queued = [
        (event.stored_ms - event.envelope.source.ts_ms) * NS_PER_MS
        for (op, *_), event in first_events(log)
        if op != "r" and event.envelope is not None
    ]
    committed, arrived = _streamed(arrivals, clocks)
    occurrences = [what for what in map(occurrence, log.events) if what]
    return CdcFigures(
        transactions=len(written.transactions),
        committed_changes=len(written.of(Fate.COMMITTED)),
        unknown_changes=len(written.of(Fate.UNKNOWN)),
        events=len(occurrences),
        missing=len(list(missing_changes(log, written))) if log.complete else None,
        duplicates=len(occurrences) - len(set(occurrences)),
        commit_to_producer=summarise(np.array(queued, np.int64)),
        commit_to_arrival=summarise(np.maximum(arrived - committed, 0)),
        clock_doubt_ms=round(clocks.doubt_ms, 3),
        caught_up_s=caught_up_s,
        confirmed_s=confirmed_s,
        slot_behind_down_bytes=down.behind_bytes if down else None,
        wal_retained_down_bytes=down.retained_bytes if down else None,
    )


def cdc_series(arrivals: Arrivals, clocks: ClockOffset, began_ns: int) -> tuple[SeriesPoint, ...]:
    """From commit to arrival over time, of the changes that arrived, each by its first event."""
    committed, arrived = _streamed(arrivals, clocks)
    order = np.argsort(committed, kind="stable")
    due = np.maximum(committed[order] - began_ns, 0)
    return over_time(due, np.maximum(arrived[order] - began_ns, 1), 0, QUARTER_S)


def longest_wait_ns(
    arrivals: Arrivals, clocks: ClockOffset, open_ns: int | None = None, until_ns: int = 0
) -> int | None:
    """The stall. None when nothing was waited for.

    Between two arrivals it begins with the earlier one, or with the first commit that was still
    without an event then, whichever is later. `open_ns`: since when changes wait that had not
    arrived when the watch ended, at `until_ns`.
    """
    committed, arrived = _streamed(arrivals, clocks)
    if open_ns is not None:
        committed, arrived = np.append(committed, open_ns), np.append(arrived, until_ns)
    if len(arrived) == 0:
        return None
    order = np.argsort(arrived, kind="stable")
    committed, arrived = committed[order], arrived[order]
    # Of all that had not arrived before each arrival, the earliest commit.
    waiting_since = np.minimum.accumulate(committed[::-1])[::-1]
    before = np.concatenate([[np.iinfo(np.int64).min], arrived[:-1]])
    return int(max(0, (arrived - np.maximum(waiting_since, before)).max()))


def open_since_ns(arrivals: Arrivals, written: WrittenChanges) -> int | None:
    """When the first change was committed that came after the last arrival and never arrived."""
    last = max((each.arrived_ns or 0 for each in arrivals.all), default=0)
    return min(
        (
            done.ended_ns
            for done in written.transactions
            if done.fate is Fate.COMMITTED
            and done.ended_ns > last
            and not any(arrivals.of_change(of_change(change)) for change in done.changes)
        ),
        default=None,
    )


def first_new_ns(arrivals: Arrivals, fault: FaultTimeline, clocks: ClockOffset) -> int | None:
    """When the first event arrived, after the heal began, of a change that was surely committed
    after the fault was proven; None when there is none yet."""
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


def cdc_recovery_facts(
    fault: FaultTimeline,
    arrivals: Arrivals,
    written: WrittenChanges,
    clocks: ClockOffset,
    began_ns: int,
    until_ns: int,
) -> dict[str, Any]:
    """`recovery` and `faults` of a ScenarioResult; the watch ended at `until_ns`."""
    heal = fault.heal_began_ns
    stall = longest_wait_ns(arrivals, clocks, open_since_ns(arrivals, written), until_ns)
    first = first_new_ns(arrivals, fault, clocks)
    return {
        "recovery": Recovery(
            None if first is None else (first - heal) / NS_PER_S,
            None,
            None if stall is None else stall / NS_PER_S,
            (fault.healed_ns - heal) / NS_PER_S,
        ),
        "faults": (describe_fault(fault, began_ns),),
    }


def _streamed(arrivals: Arrivals, clocks: ClockOffset) -> tuple[Stamps, Stamps]:
    """Commit and arrival, on this host's monotonic clock, of each change that the watch saw
    arrive; snapshots left out."""
    pairs = [
        (clocks.middle_ns(first.commit_ms), first.arrived_ns)
        for first in arrivals.first_of_each()
        if first.change[0] != "r" and first.arrived_ns is not None
    ]
    committed, arrived = np.array(pairs, np.int64).reshape(-1, 2).T
    return committed, arrived
