"""Figures of change data capture, computed from a record."""

from __future__ import annotations

import numpy as np

from support.checks.cdc_changes import missing_changes
from support.checks.cdc_identity import first_events, occurrence
from support.clock import NS_PER_MS, NS_PER_S
from support.figures.cdc_times import arrivals, caught_up_s, confirmed_s, streamed
from support.figures.load import QUARTER_S
from support.figures.recovery import describe_fault
from support.metrics.summary import over_time, summarise
from support.record.arrivals import ARRIVALS
from support.record.capture import CAPTURE, COMMITTED_OFFSET
from support.record.changes import CHANGES, TransactionOutcome
from support.record.events import EVENTS, EventLog
from support.record.faults import FAULTS
from support.record.notes import NOTES
from support.record.record import Record
from support.record.slots import SLOT, SLOT_WHILE_BROKEN
from support.record.snapshot import SNAPSHOT
from support.results.cdc import CdcFigures, SnapshotFigures
from support.results.latency import LatencySummary, SeriesPoint
from support.results.recovery import Fault

NOT_JUDGED = "Not judged: resuming from the committed offset. {why}"


def cdc_figures(record: Record) -> CdcFigures | None:
    """Returns the figures of captured changes; None where no events were read.

    Latencies are those of the first event of each streamed change. Events of a snapshot belong to
    no commit, and an event that is sent again does not show how long its change took.
    """
    log = record.get(EVENTS)
    if log is None or not record.has(CHANGES) or not record.has(ARRIVALS):
        return None
    written, down = record[CHANGES], record.get(SLOT_WHILE_BROKEN)
    committed, arrived = streamed(record.compute(arrivals), record[ARRIVALS].clocks)
    occurrences = [what for what in map(occurrence, log.events) if what]
    return CdcFigures(
        transactions=len(written.transactions),
        committed_changes=len(written.of(TransactionOutcome.COMMITTED)),
        unknown_changes=len(written.of(TransactionOutcome.UNKNOWN)),
        events=len(occurrences),
        missing=len(list(missing_changes(log, written))) if log.complete else None,
        duplicates=len(occurrences) - len(set(occurrences)),
        commit_to_producer=_commit_to_producer(log),
        commit_to_arrival=summarise(np.maximum(arrived - committed, 0)),
        clock_doubt_ms=round(record[ARRIVALS].clocks.doubt_ms, 3),
        caught_up_s=caught_up_s(record),
        confirmed_s=confirmed_s(record) if record.has(SLOT) else None,
        slot_behind_down_bytes=down.behind_bytes if down else None,
        wal_retained_down_bytes=down.retained_bytes if down else None,
    )


def _commit_to_producer(log: EventLog) -> LatencySummary | None:
    queued = [
        (event.stored_ms - event.envelope.source.ts_ms) * NS_PER_MS
        for (op, *_), event in first_events(log)
        if op != "r" and event.envelope is not None
    ]
    return summarise(np.array(queued, np.int64))


def cdc_series(record: Record) -> tuple[SeriesPoint, ...]:
    """Returns the time from commit to arrival over time, of the first event of each change."""
    if not record.has(CAPTURE) or not record.has(ARRIVALS):
        return ()
    began_ns = record[CAPTURE].began_ns
    committed, arrived = streamed(record.compute(arrivals), record[ARRIVALS].clocks)
    order = np.argsort(committed, kind="stable")
    due = np.maximum(committed[order] - began_ns, 0)
    return over_time(due, np.maximum(arrived[order] - began_ns, 1), 0, QUARTER_S)


def faults_of_capture(record: Record) -> tuple[Fault, ...]:
    """Returns the faults as reports state them: in seconds from the connector's registration."""
    faults, capture, snapshot = record.get(FAULTS), record.get(CAPTURE), record.get(SNAPSHOT)
    began = capture or snapshot
    if faults is None or began is None:
        return ()
    return tuple(describe_fault(each, began.began_ns) for each in faults.faults)


def snapshot_figures(record: Record) -> SnapshotFigures | None:
    """Returns rows, duration and rate of Debezium's snapshot; None where none was taken."""
    seen = record.get(SNAPSHOT)
    if seen is None:
        return None
    seconds = (seen.ended_ns - seen.began_ns) / NS_PER_S
    return SnapshotFigures(seen.rows, seconds, sum(seen.rows.values()) / seconds)


def notes(record: Record) -> tuple[str, ...]:
    """Returns the recorded notes, and one if Connect does not report its committed offset."""
    committed, recorded = record.get(COMMITTED_OFFSET), record.get(NOTES) or ()
    if committed is None or not committed.unknown:
        return recorded
    return (*recorded, NOT_JUDGED.format(why=committed.unknown))
