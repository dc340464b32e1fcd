"""After the last change: waits until CDC has caught up, then reads and records everything."""

from __future__ import annotations

from datetime import timedelta

from support import clock
from support.checks.cdc_settled import CATCH_UP_S
from support.clients.slot import read_slot
from support.errors import NotInTime
from support.experiment.capture import Capture
from support.experiment.cdc_writing import must_live
from support.experiment.connector import flush_interval_ms
from support.promises.cdc import (
    CDC_BEFORE,
    CDC_CHANGES_MISSING,
    CDC_DUPLICATES,
    CDC_IMAGE,
    CDC_ORDER,
    CDC_ROLLED_BACK_VISIBLE,
    CDC_SCHEMA_CHANGES,
    CDC_TOMBSTONES,
    LEGAL_ENVELOPES,
    STATEMENTS_ACCEPTED,
)
from support.promises.cdc_recovery import (
    CDC_CAUGHT_UP,
    REPLICATION_SLOT,
    RESENT_BOUND,
    RESENT_FROM_THE_COMMIT,
    SLOT_CONFIRMED,
    TASK_STATE,
)
from support.promises.cdc_snapshot import SNAPSHOT_REPEATED
from support.read.event_reader import read_events
from support.record.capture import CAPTURE, CATCHING_UP, CatchingUp
from support.record.changes import CHANGES, WrittenChanges
from support.record.events import EVENTS, EventLog
from support.record.large_values import abbreviated
from support.record.slots import LOST, SLOT, SlotRecord
from support.record.tables import TABLES
from support.waiting import wait_until

FLUSH_SLACK_S = 10
"""Seconds beyond the rhythm in which a connector commits offsets and sends heartbeats."""
LOOK_EVERY = timedelta(milliseconds=200)
HEARTBEAT, DEFAULT_HEARTBEAT_MS = "heartbeat.interval.ms", "0"
"""The setting that says how often a connector sends heartbeats; 0 (never) is Debezium's default."""

ARRIVED = (CDC_CAUGHT_UP, REPLICATION_SLOT, SLOT_CONFIRMED, STATEMENTS_ACCEPTED)
READ = (
    LEGAL_ENVELOPES,
    CDC_CHANGES_MISSING,
    CDC_ROLLED_BACK_VISIBLE,
    CDC_DUPLICATES,
    CDC_ORDER,
    CDC_TOMBSTONES,
    CDC_IMAGE,
    CDC_SCHEMA_CHANGES,
)
RESUMED = (RESENT_FROM_THE_COMMIT, RESENT_BOUND)


def settle(capture: Capture) -> None:
    """Stops the writer, lets CDC catch up, records everything and judges it.

    What was recorded is judged also when the events can't be read.
    """
    experiment, written = capture.experiment, capture.writer.finish()
    must_live(capture.writer)
    experiment.record.write(CHANGES, written)
    await_caught_up(capture, written)
    await_confirmed(capture)
    try:
        record_events(capture, read_all(capture))
    finally:
        try:
            capture.arriving.end()
        finally:
            judge(capture)
    capture.pipeline.broker.look("the end of the changes")


def await_caught_up(capture: Capture, written: WrittenChanges) -> None:
    """Waits for the event of the last committed change, and records how long."""
    last, began_ns, hopeless = written.last_committed(), clock.now_ns(), ""
    if last is not None:
        within = capture.experiment.patience(CATCH_UP_S)
        hopeless = capture.arriving.await_change(last.changes[-1], within)
    waited_s = (clock.now_ns() - began_ns) / clock.NS_PER_S
    capture.experiment.record.write(CATCHING_UP, CatchingUp(waited_s, hopeless))


def await_confirmed(capture: Capture) -> None:
    """Waits until the slot confirmed the last change, and records the slot.

    Waits at most for one offset flush and two heartbeats of the connector.
    """
    experiment, pipeline = capture.experiment, capture.pipeline
    heartbeat_ms = int(pipeline.connector.settings.get(HEARTBEAT, DEFAULT_HEARTBEAT_MS))
    flush_ms = flush_interval_ms(experiment.stack.baseline.worker)
    within_s = (flush_ms + 2 * heartbeat_ms) / 1000 + FLUSH_SLACK_S
    began_ns, ended_lsn = clock.now_ns(), capture.writer.committed_lsn
    confirmed_ns = _confirmed_ns(capture, ended_lsn, experiment.patience_at_least(within_s))
    seen = SlotRecord(
        pipeline.name,
        slot=read_slot(pipeline.database, pipeline.name),
        began_lsn=capture.began_lsn,
        ended_lsn=ended_lsn,
        waited_s=(clock.now_ns() - began_ns) / clock.NS_PER_S,
        needed_s=within_s,
        confirmed_ns=confirmed_ns,
        heartbeat_ms=heartbeat_ms,
    )
    experiment.record.write(SLOT, seen)


def _confirmed_ns(capture: Capture, ended_lsn: int, within: timedelta) -> int | None:
    """Returns when the slot confirmed `ended_lsn` or was lost; None if neither happened in time."""

    def confirmed() -> bool:
        slot = capture.pipeline.slot()
        lost = slot is None or slot.wal_status == LOST
        return lost or (slot is not None and slot.confirmed_lsn >= ended_lsn)

    with capture.experiment.progress.phase("settling: the slot is confirmed"):
        try:
            wait_until(confirmed, bool, within, "the slot to confirm all", every=LOOK_EVERY)
        except NotInTime:
            return None
    return clock.now_ns()


def read_all(capture: Capture) -> EventLog:
    """Returns every event of the pipeline, read by a fresh client."""
    experiment = capture.experiment
    with experiment.progress.phase("settling: reading every event"):
        return read_events(
            experiment.broker,
            capture.pipeline.topics.values(),
            experiment.patience(30),
            full_identity=capture.full_identity,
        )


def record_events(capture: Capture, log: EventLog) -> None:
    """Records events and tables, with long texts abbreviated, and the state of the task."""
    record = capture.experiment.record
    log, tables = abbreviated(log, capture.pipeline.tables())
    record.write(EVENTS, log)
    record.write(TABLES, tables)
    capture.pipeline.record_task()


def judge(capture: Capture) -> None:
    """Judges everything that was recorded."""
    verdicts, record = capture.experiment.verdicts, capture.experiment.record
    read = list(READ) if record.has(EVENTS) else []
    if capture.full_identity and read:
        read.append(CDC_BEFORE)
    if record[CAPTURE].rows_before is not None:
        read.append(SNAPSHOT_REPEATED)
    verdicts.judge(*verdicts.recorded(*ARRIVED, *read, TASK_STATE, *RESUMED))
