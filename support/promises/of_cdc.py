"""How checks of change data capture are judged from a record."""

from __future__ import annotations

from support.checks.cdc import cdc_running
from support.checks.cdc_changes import changes_missing, duplicates, rolled_back_visible
from support.checks.cdc_envelopes import events_of_snapshot, legal_envelopes
from support.checks.cdc_image import image, schema_changes
from support.checks.cdc_resumed import snapshot_repeated
from support.checks.cdc_rows import before, order, tombstones
from support.checks.cdc_settled import caught_up, replication_slot, slot_confirmed, task_state
from support.checks.cdc_snapshot import changed_meanwhile, logged_errors, snapshot_rows
from support.checks.cdc_writer import statements_accepted
from support.errors import Inconclusive
from support.figures.cdc_times import around_the_snapshot, caught_up_s, confirmed_s
from support.record.arrivals import ARRIVALS
from support.record.capture import CAPTURE, CATCHING_UP, TASK
from support.record.cdc_topics import CDC_TOPICS
from support.record.changes import CHANGES
from support.record.events import EVENTS
from support.record.part_logs import LOGGED
from support.record.record import Record
from support.record.slots import SLOT
from support.record.snapshot import SNAPSHOT_ROWS
from support.record.tables import TABLES
from support.results.schema import Check


def topics(record: Record) -> Check:
    """Judges whether Debezium runs and its topics carry events."""
    return cdc_running(record[CDC_TOPICS])


def accepted(record: Record) -> Check:
    """Judges whether PostgreSQL carried out every statement of the row writer."""
    return statements_accepted(record[CHANGES])


def missing(record: Record) -> Check:
    """Judges whether every committed change has an event."""
    return changes_missing(record[EVENTS], record[CHANGES])


def rolled_back(record: Record) -> Check:
    """Judges whether an event describes a change that was not made."""
    return rolled_back_visible(record[EVENTS], record[CHANGES])


def sent_again(record: Record) -> Check:
    """Counts the events of a change beyond its first."""
    return duplicates(record[EVENTS], record[CHANGES])


def row_order(record: Record) -> Check:
    """Judges whether the events of each row are in the order of its changes."""
    return order(record[EVENTS], record[CHANGES])


def row_before(record: Record) -> Check:
    """Judges whether `before` of each event equals `after` of the row's previous event."""
    return before(record[EVENTS], record[CHANGES])


def row_tombstones(record: Record) -> Check:
    """Judges whether a tombstone follows the event of each delete."""
    return tombstones(record[EVENTS], record[CHANGES])


def table_image(record: Record) -> Check:
    """Judges whether the events, applied in order, give the rows of PostgreSQL."""
    return image(record[EVENTS], record[CHANGES], record[TABLES])


def altered_columns(record: Record) -> Check:
    """Counts the columns that were added, dropped or given another type meanwhile."""
    return schema_changes(record[EVENTS], record[TABLES])


def envelopes(record: Record) -> Check:
    """Judges whether every event is a legal envelope; of a snapshot also its operation."""
    if not record.has(SNAPSHOT_ROWS):
        return legal_envelopes(record[EVENTS])
    seen = record[SNAPSHOT_ROWS]
    count = sum(len(keys) for keys, _ in seen.kafka.values()) + len(seen.found.illegal)
    return events_of_snapshot(seen.found.not_snapshot, seen.found.illegal, count)


def catches_up(record: Record) -> Check:
    """Judges how soon the event of the last change arrived."""
    seen, waited = record[ARRIVALS], record[CATCHING_UP]
    if record[CHANGES].last_committed() is None:
        return caught_up(None, 0, trouble="the writer committed nothing")
    return caught_up(
        caught_up_s(record),
        waited.waited_s,
        hopeless=waited.hopeless,
        trouble=seen.trouble,
        reported=seen.reported,
    )


def slot(record: Record) -> Check:
    """Judges whether the replication slot exists and the connector confirms what it stored."""
    seen = record[SLOT]
    return replication_slot(seen.name, seen.slot, seen.began_lsn, seen.waited_s, seen.needed_s)


def confirmed(record: Record) -> Check:
    """States how soon the replication slot confirmed every change."""
    seen = record[SLOT]
    return slot_confirmed(confirmed_s(record), seen.waited_s, seen.heartbeat_ms)


def task(record: Record) -> Check:
    """Judges whether the connector and every task are RUNNING at the end."""
    seen = record[TASK]
    if seen.trouble:
        return task_state(False, "unknown", seen.trouble)
    states = f"connector {seen.connector}, tasks {', '.join(seen.tasks) or 'none'}"
    return task_state(seen.running, states, seen.trace)


def repeated(record: Record) -> Check:
    """Judges whether a restart took another snapshot of what is streamed."""
    rows = record[CAPTURE].rows_before
    if rows is None:
        raise Inconclusive("Rows changed meanwhile: how many a snapshot has to show is unknown.")
    return snapshot_repeated(record[EVENTS], rows)


def rows_of_snapshot(record: Record) -> Check:
    """Judges whether Kafka has every row of a snapshot exactly as PostgreSQL has it."""
    seen = record[SNAPSHOT_ROWS]
    return snapshot_rows(
        seen.kafka,
        seen.postgresql,
        seen.found.complete,
        once=not seen.found.begun_again,
        others=seen.found.not_compared,
    )


def changed(record: Record) -> Check:
    """Counts the changes that were committed while a snapshot was taken."""
    return changed_meanwhile(*around_the_snapshot(record))


def errors_logged(record: Record) -> Check:
    """Judges whether Kafka or Kafka Connect logged an error."""
    logs = record[LOGGED]
    return logged_errors(logs)
