"""After the last change: CDC catches up, everything is read, and the checks are made."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from support import clock
from support.checks.cdc_changes import changes_missing, duplicates, rolled_back_visible
from support.checks.cdc_envelopes import legal_envelopes
from support.checks.cdc_identity import of_change
from support.checks.cdc_image import image, schema_changes
from support.checks.cdc_recovery import (
    cdc_fault_effect,
    cdc_recovery,
    resent_bound,
    resent_from_commit,
    snapshot_repeated,
)
from support.checks.cdc_rows import check_rows
from support.checks.cdc_settled import caught_up, replication_slot, slot_confirmed
from support.checks.cdc_writer import statements_accepted
from support.clients.connect import OffsetsUnknown
from support.clients.slot import read_slot
from support.errors import NotInTime, StackError
from support.experiment.cdc_arriving import Arriving, Hope
from support.experiment.experiment import Trial
from support.experiment.pipeline import Pipeline
from support.faults.timeline import FaultTimeline
from support.read.event_reader import read_events
from support.record.arrivals import Arrivals
from support.record.changes import Change, Fate, WrittenChanges
from support.record.events import EventLog
from support.record.slots import LOST
from support.waiting import wait_until

CATCH_UP_S = 60
FLUSH_SLACK_S = 10
"""Beyond the rhythm in which a connector commits and sends heartbeats."""
DEFAULT_FLUSH_MS, DEFAULT_HEARTBEAT_MS = "60000", "0"


@dataclass(frozen=True)
class Resumption:
    """Where CDC has to resume: the source offset committed before the restart (or why this Connect
    can't tell it), when the restart began, and when its heal did."""

    committed_lsn: int | None
    cannot: str = ""
    broken_ns: int = 0
    heal_ns: int = 0

    def around(self, fault: FaultTimeline) -> Resumption:
        """With the times of the restart."""
        return replace(self, broken_ns=fault.injected_ns, heal_ns=fault.heal_began_ns)


@dataclass(frozen=True)
class Written:
    """What has to arrive: the changes, where the write-ahead log stood before the first and after
    the last of them, and the moment from which waiting for them counts."""

    changes: WrittenChanges
    began_lsn: int
    ended_lsn: int
    since_ns: int


def goal_of(changes: WrittenChanges, began_lsn: int, ended_lsn: int, healed_ns: int) -> Written:
    """Waiting counts from the last commit, or from the heal's proof where that was later: nothing
    can arrive while it is broken."""
    last = last_change(changes)
    return Written(changes, began_lsn, ended_lsn, max(last[1] if last else 0, healed_ns))


def committed_offset(pipeline: Pipeline) -> Resumption:
    """The state of now; the time of the restart is still to be set."""
    try:
        return Resumption(pipeline.committed_lsn())
    except OffsetsUnknown as error:
        return Resumption(None, error.what)


def last_change(written: WrittenChanges) -> tuple[Change, int] | None:
    """The last committed one, and when its commit was known; None without any."""
    for transaction in reversed(written.transactions):
        if transaction.fate is Fate.COMMITTED and transaction.changes:
            return transaction.changes[-1], transaction.ended_ns
    return None


def await_caught_up(
    trial: Trial, pipeline: Pipeline, arriving: Arriving, written: Written
) -> float | None:
    """Seconds until the event of the last committed change arrived; None when it does not.
    Judged."""
    found = last_change(written.changes)
    if found is None:
        trial.judge(caught_up(None, 0, CATCH_UP_S, trouble="the writer committed nothing"))
        return None
    change, began_ns, hopeless = found[0], clock.now_ns(), ""
    hope = Hope(pipeline)

    def over() -> bool:
        nonlocal hopeless
        if shown_ns(arriving.arrivals, change) is not None or arriving.trouble:
            return True
        hopeless = hope.gone()
        return bool(hopeless)

    with trial.progress.phase("settling: CDC catches up"), suppress(NotInTime):
        wait_until(
            over,
            bool,
            trial.patience(CATCH_UP_S),
            "the event of the last change",
            every=timedelta(milliseconds=200),
            tolerate=(StackError,),
        )
    waited_s = (clock.now_ns() - began_ns) / clock.NS_PER_S
    arrived_ns = shown_ns(arriving.arrivals, change)
    arrived_s = arrived_ns and max(0, arrived_ns - written.since_ns) / clock.NS_PER_S
    trial.judge(
        caught_up(
            arrived_s,
            waited_s,
            CATCH_UP_S,
            hopeless=hopeless,
            trouble=arriving.trouble,
            reported=arriving.reported,
        )
    )
    return arrived_s


def shown_ns(arrivals: Arrivals, change: Change) -> int | None:
    """When a change was first shown at the reader, by its own event or by a snapshot's of the row
    as it left it; None when it was not."""
    first = arrivals.of_change(of_change(change))
    if first is None and change.op != "d":
        first = arrivals.of_change(("r", change.table, change.key, change.version))
    # One that was there before the reader was has no time of its own, and is not late.
    return None if first is None else first.arrived_ns or 0


def await_confirmed(trial: Trial, pipeline: Pipeline, written: Written) -> float | None:
    """Seconds until the slot confirmed everything; None when it did not in the rhythm of the
    connector. Judged."""
    flush_ms = int(trial.stack.baseline.worker.get("offset.flush.interval.ms", DEFAULT_FLUSH_MS))
    heartbeat_ms = int(pipeline.setting("heartbeat.interval.ms", DEFAULT_HEARTBEAT_MS))
    within_s = (flush_ms + 2 * heartbeat_ms) / 1000 + FLUSH_SLACK_S
    began_ns, confirmed_s = clock.now_ns(), None

    def confirmed() -> bool:
        slot = pipeline.slot()
        lost = slot is None or slot.wal_status == LOST
        return lost or (slot is not None and slot.confirmed_lsn >= written.ended_lsn)

    with trial.progress.phase("settling: the slot is confirmed"), suppress(NotInTime):
        wait_until(
            confirmed,
            bool,
            trial.patience_at_least(within_s),
            "the slot to confirm all",
            every=timedelta(milliseconds=200),
        )
        confirmed_s = (clock.now_ns() - written.since_ns) / clock.NS_PER_S
    waited_s = (clock.now_ns() - began_ns) / clock.NS_PER_S
    slot = read_slot(pipeline.database, pipeline.name)
    trial.judge(replication_slot(pipeline.name, slot, written.began_lsn, waited_s, within_s))
    if slot is None or slot.confirmed_lsn < written.ended_lsn:
        confirmed_s = None
    trial.judge(slot_confirmed(confirmed_s, waited_s, heartbeat_ms))
    return confirmed_s


def read_all(trial: Trial, pipeline: Pipeline, *, full_identity: bool) -> EventLog:
    """Every event of the pipeline, by a fresh client."""
    with trial.progress.phase("settling: reading every event"):
        return read_events(
            trial.broker,
            pipeline.topics.values(),
            trial.patience(30),
            full_identity=full_identity,
        )


def judge_events(
    trial: Trial,
    pipeline: Pipeline,
    log: EventLog,
    written: WrittenChanges,
    rows_before: int | None,
) -> None:
    """Everything that events, changes and tables tell by themselves. `rows_before`: how many rows
    the first snapshot had to show; None where they changed meanwhile."""
    tables = pipeline.tables()
    trial.judge(
        statements_accepted(written),
        legal_envelopes(log),
        changes_missing(log, written),
        rolled_back_visible(log, written),
        duplicates(log, written),
        *check_rows(log, written),
        image(log, written, tables),
        schema_changes(log, tables),
        pipeline.task_state(),
    )
    if rows_before is not None:
        trial.judge(snapshot_repeated(log, rows_before))


def judge_resumption(
    trial: Trial, log: EventLog, resumption: Resumption, arriving: Arriving
) -> None:
    """Whether no more was sent again than the committed source offset and its flush allow."""
    after = [each.lsn for each in arriving.arrivals.streamed_since(resumption.heal_ns)]
    flush_ms = int(trial.stack.baseline.worker.get("offset.flush.interval.ms", DEFAULT_FLUSH_MS))
    trial.judge(
        resent_from_commit(log, resumption.committed_lsn, after, resumption.cannot),
        resent_bound(log, resumption.broken_ns, arriving.clocks, flush_ms),
    )
    if resumption.cannot:
        told = f"Not judged: resuming from the committed offset. {resumption.cannot}"
        trial.facts["notes"] = (*trial.facts.get("notes", ()), told)


def judge_return(
    trial: Trial,
    arriving: Arriving,
    fault: FaultTimeline,
    least_outage_s: float,
    limit: timedelta | None,
    helped: str,
) -> None:
    """Whether changes felt the fault, and how soon they arrived again. `least_outage_s`: no fault
    of this kind is shorter; `helped`: what else was done for it."""
    outages = ((end - down) / clock.NS_PER_S for down, end in fault.outages)
    stall_s = trial.facts["recovery"].stall_s
    brokers = len(trial.broker.brokers())
    trial.judge(
        cdc_fault_effect(stall_s, max(least_outage_s, *outages), brokers),
        cdc_recovery(
            fault.heal_began_ns,
            fault.healed_ns,
            arriving.first_new_ns(fault),
            None if limit is None else limit.total_seconds(),
            helped=helped,
            trouble=arriving.trouble,
            until_ns=arriving.until_ns,
            doubt_ms=arriving.clocks.doubt_ms,
            hopeless=arriving.hopeless,
            reported=arriving.reported,
        ),
    )
