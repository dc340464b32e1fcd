"""Judges the checks of the edge cases from a record."""

from __future__ import annotations

from support.checks.controller import (
    controller_effect,
    decides_again,
    decisions_again,
    served_meanwhile,
)
from support.checks.disk_full import (
    disk_full,
    error_at_the_producer,
    is_full,
    resumes_without_restart,
)
from support.checks.kafka_ui import same_lag
from support.checks.lag import caught_up, lag_reached, lost_to_retention
from support.checks.retention_time import retention_kept, retention_settings
from support.checks.sizes import rows_whole, size_limits, sizes, task_outcome
from support.record.archive import HISTORY
from support.record.controller import CONTROLLER
from support.record.disk import DISK
from support.record.faults import FAULTS
from support.record.lag import KAFKA_UI, LAG, RETENTION_SETTINGS
from support.record.record import Record
from support.record.retention import AGED_RECORDS
from support.record.sizes import EVENT_SIZES, LARGE_ROWS, SIZE_LIMITS, STOPPED_TASK
from support.results.schema import Check


def full(record: Record) -> Check:
    """Judges whether the broker named the full disk in its log."""
    return disk_full(record[DISK].free_bytes, record[FAULTS].first.proofs)


def producer_answered(record: Record) -> Check:
    """Judges whether a producer learned that its record was not stored on the full disk."""
    return error_at_the_producer(record[DISK].error, record[DISK].waited_s)


def resumes(record: Record) -> Check:
    """Judges whether the broker served clients again once space was freed."""
    seen = record[DISK]
    return resumes_without_restart(is_full(seen.free_bytes), seen.halted, seen.resumed)


def without_controller(record: Record) -> Check:
    """Reports how requests to the controller were answered while it was not available."""
    return controller_effect(record[CONTROLLER].away)


def served(record: Record) -> Check:
    """Judges whether clients of existing topics and groups were served without a controller."""
    outage = record[FAULTS].first.outages[-1]
    return served_meanwhile(record[HISTORY], outage, record[CONTROLLER].committed)


def decides(record: Record) -> Check:
    """Judges whether the controller carries out requests after the heal."""
    return decides_again(record[CONTROLLER].back)


def decision_time(record: Record) -> Check:
    """Reports the time from the heal to the controller's first decision."""
    fault = record[FAULTS].first
    return decisions_again(fault.heal_began_ns, fault.healed_ns, fault.heal_trouble)


def fell_behind(record: Record) -> Check:
    """Reports how far a group fell behind; INCONCLUSIVE if not as far as wanted."""
    return lag_reached(record[LAG].points, record[LAG].wanted)


def catches_up(record: Record) -> Check:
    """Judges whether the group reached the end of the log."""
    seen = record[LAG]
    return caught_up(seen.points, seen.let_go_ns, seen.written)


def shown_in_ui(record: Record) -> Check:
    """Judges whether Kafka UI shows the lag that Kafka reports."""
    return same_lag(record[KAFKA_UI].kafka, record[KAFKA_UI].kafka_ui)


def kept_by_settings(record: Record) -> Check:
    """Judges whether the topics' settings keep records for seven days."""
    seen = record[RETENTION_SETTINGS]
    return retention_settings(seen.topics, seen.loads, seen.not_known)


def kept_by_age(record: Record) -> Check:
    """Judges whether retention deleted the records older than 7 days, and no others."""
    seen = record[AGED_RECORDS]
    return retention_kept(seen.ages_h, seen.starts[0], seen.ends[0], seen.waited_s)


def lost_by_age(record: Record) -> Check:
    """Judges whether the loss of records that expired before a group read them is detected."""
    seen = record[AGED_RECORDS]
    return lost_to_retention(seen.committed, seen.starts, seen.deleted, seen.answers)


def by_size(record: Record) -> Check:
    """Judges whether each event was stored or refused as its size and the limits demand."""
    return sizes(record[EVENT_SIZES].outcomes, record[EVENT_SIZES].unreadable)


def limits_match(record: Record) -> Check:
    """Judges whether the size limits from the database to the consumer agree."""
    seen = record[SIZE_LIMITS]
    return size_limits(
        seen.producer,
        seen.topic,
        seen.connect,
        seen.consumer,
        seen.name,
        connect_known=seen.connect_known,
    )


def task_stopped(record: Record) -> Check:
    """Judges what an event that is too large does to the connector's task."""
    seen = record[STOPPED_TASK]
    return task_outcome(seen.connector, seen.tasks, seen.reason)


def rows_arrived(record: Record) -> Check:
    """Judges whether the last event of every large row equals the row."""
    return rows_whole(record[LARGE_ROWS].events, record[LARGE_ROWS].rows)
