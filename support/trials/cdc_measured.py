"""From a settled CDC trial to its figures; pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from support.checks.cdc_changes import missing_changes
from support.checks.cdc_identity import first_events, identity
from support.clients.slot import Slot
from support.clock import NS_PER_MS, NS_PER_S
from support.faults.timeline import FaultTimeline
from support.ledger.changes import Fate, WrittenChanges
from support.ledger.events import EventLog
from support.metrics.summary import over_time, summarise
from support.results.measurements import CdcFigures, Recovery, SeriesPoint
from support.trials.measured import QUARTER_S, describe_fault


def cdc_figures(
    log: EventLog, written: WrittenChanges, caught_up_s: float | None, down: Slot | None
) -> CdcFigures:
    """Latency is from the commit, by PostgreSQL's clock, to the record's timestamp.

    Of the first event of each streamed change: a snapshot's have no commit of their own, and what
    is sent again says nothing about the way.
    """
    waits = [
        (event.stored_ms - event.envelope.source.ts_ms) * NS_PER_MS
        for (op, *_), event in first_events(log)
        if op != "r" and event.envelope is not None
    ]
    identities = [what for what in map(identity, log.events) if what]
    return CdcFigures(
        transactions=len(written.transactions),
        committed_changes=len(written.of(Fate.COMMITTED)),
        unknown_changes=len(written.of(Fate.UNKNOWN)),
        events=len(identities),
        missing=len(list(missing_changes(log, written))) if log.complete else None,
        duplicates=len(identities) - len(set(identities)),
        commit_to_topic=summarise(np.array(waits, np.int64)),
        caught_up_s=caught_up_s,
        slot_behind_down_bytes=down.behind_bytes if down else None,
        wal_retained_down_bytes=down.retained_bytes if down else None,
    )


def cdc_series(log: EventLog, began_wall_ms: float) -> tuple[SeriesPoint, ...]:
    """From commit to topic over time, of the changes that arrived, each by its first event."""
    pairs = sorted(
        (event.envelope.source.ts_ms, event.stored_ms)
        for (op, *_), event in first_events(log)
        if op != "r" and event.envelope is not None
    )
    stamps = np.array(pairs, np.int64).reshape(-1, 2) - int(began_wall_ms)
    committed, stored = stamps.T * NS_PER_MS
    return over_time(committed, np.maximum(stored, 1), 0, QUARTER_S)


def cdc_recovery_facts(
    fault: FaultTimeline, first_new_ns: int | None, arrived_ns: Sequence[int], began_ns: int
) -> dict[str, Any]:
    """`recovery` and `faults` of a ScenarioResult; the stall is that of arriving events."""
    heal = fault.heal_began_ns
    gaps = np.diff(np.array(arrived_ns, np.int64))
    return {
        "recovery": Recovery(
            None if first_new_ns is None else (first_new_ns - heal) / NS_PER_S,
            None,
            float(gaps.max()) / NS_PER_S if len(gaps) else None,
            (fault.healed_ns - heal) / NS_PER_S,
        ),
        "faults": (describe_fault(fault, began_ns),),
    }
