"""Waits until retention deletes old records, and asks what a slow group gets then."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from support import clock
from support.clients.offsets import commit_offset, first_answer, write_stamped
from support.errors import NotInTime
from support.experiment.experiment import Experiment
from support.experiment.in_force import own_topic
from support.promises import lag
from support.promises.lag import LOST_TO_RETENTION, RETENTION_KEPT
from support.record.lag import RETENTION_SETTINGS, RetentionSettings
from support.record.notes import NOTES
from support.record.retention import AGED_RECORDS, RetentionRecord
from support.stack.isolated import IsolatedShape
from support.waiting import wait_until

CHECKED_EVERY = timedelta(seconds=1)
QUICK_CHECKS = {"log.retention.check.interval.ms": "1000"}
"""The default is 5 minutes. The first check is 30 s after the start, whatever the settings."""

RECORD_BYTES, SEGMENT_BYTES = 600_000, 1 << 20
"""Each record fills a segment, because Kafka deletes whole segments. From Kafka 4.0 on, a segment
has at least 1 MiB."""
AGES_H = {0: 8 * 24.0, 1: 7 * 24 - 1.0, 2: 0.0}
"""Offset -> age in hours: 8 days, 6 days 23 hours, new."""
OLD = 1
REMEDY = (
    "Remedy: set auto.offset.reset=error (or none) for consumers that must not skip, alert where "
    "the log begins after a committed offset, and set the retention above the longest outage of a "
    "consumer.",
)


class Retention:
    """Uses an isolated broker that looks for old records every second."""

    def __init__(self, experiment: Experiment) -> None:
        """Starts the isolated broker. Raises Unavailable where this target can't provide one."""
        self._experiment = experiment
        isolated = experiment.use_isolated_stack(IsolatedShape(broker=QUICK_CHECKS))
        self._topic = f"{experiment.name}-aged"
        self._group = experiment.group("slow")
        self._kafka = isolated.endpoints.kafka
        settings = {
            "partitions": "1",
            "segment.bytes": str(SEGMENT_BYTES),
            "max.message.bytes": str(SEGMENT_BYTES),
        }
        experiment.add_topic(self._topic, {**isolated.baseline.topic, **settings})

    def write_aged(self) -> None:
        """Writes records of different ages, and commits offset 0 for a group: it read nothing."""
        now_ms = clock.utc_now().timestamp() * 1000
        stamps = {offset: int(now_ms - age * 3_600_000) for offset, age in AGES_H.items()}
        within = self._experiment.patience(30)
        write_stamped(self._kafka, self._topic, stamps, RECORD_BYTES, within)
        commit_offset(self._kafka, self._group, self._topic, 0)

    def await_retention(self) -> None:
        """Waits until the broker has deleted something, and five more checks; judges what is left.

        Records that are not deleted in time are a result, not an error.
        """
        experiment, client, began = self._experiment, self._experiment.broker, clock.now_ns()
        with (
            experiment.progress.phase("waiting for the broker's retention check"),
            suppress(NotInTime),
        ):
            wait_until(
                lambda: client.start_offsets(self._topic).get(0),
                bool,
                experiment.patience_at_least(90),
                "old records to be deleted",
                every=timedelta(milliseconds=500),
            )
        waited_s = (clock.now_ns() - began) / clock.NS_PER_S
        clock.pause(5 * CHECKED_EVERY)
        experiment.record.write(AGED_RECORDS, self._seen(waited_s))
        topics = [own_topic(experiment, self._topic)]
        experiment.record.write(RETENTION_SETTINGS, RetentionSettings(topics))
        experiment.record.write(NOTES, REMEDY)
        experiment.verdicts.judge(lag.RETENTION_SETTINGS, RETENTION_KEPT, LOST_TO_RETENTION)

    def _seen(self, waited_s: float) -> RetentionRecord:
        """Returns which records are left, and what consumers of the group get."""
        client, within = self._experiment.broker, self._experiment.patience(15)
        starts, ends = client.start_offsets(self._topic), client.end_offsets(self._topic)
        answers = [
            f"a consumer with auto.offset.reset={reset} gets: "
            + first_answer(self._kafka, self._group, self._topic, reset, within)
            for reset in ("error", "earliest")
        ]
        committed = client.committed(self._group, self._topic)
        return RetentionRecord(AGES_H, starts, ends, waited_s, committed, OLD, tuple(answers))
