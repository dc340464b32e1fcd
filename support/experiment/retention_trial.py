"""Retention by time, seen to happen: old records go, and a group that was too slow loses them."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from support import clock
from support.checks.lag import lost_to_retention
from support.checks.retention_time import retention_kept, retention_settings
from support.clients.offsets import commit_offset, first_answer, write_stamped
from support.errors import NotInTime
from support.experiment.experiment import Trial
from support.experiment.in_force import own_topic
from support.stack.isolated import IsolatedShape
from support.waiting import wait_until

CHECKED_EVERY = timedelta(seconds=1)
QUICK_CHECKS = {"log.retention.check.interval.ms": "1000"}
"""Instead of 5 minutes. The first check is 30 s after the start, which no setting changes."""

RECORD_BYTES, SEGMENT_BYTES = 3000, 4096
"""Whole segments are deleted: so that each record has one of its own."""
AGES_H = {0: 8 * 24.0, 1: 7 * 24 - 1.0, 2: 0.0}
"""Offset -> age in hours: 8 days, 6 days 23 hours, new."""
OLD = 1
NOTES = (
    "Remedy: auto.offset.reset=error (or none) for consumers that must not skip, an alert where "
    "the log begins after a committed offset, and retention above a consumer's longest outage.",
)


class RetentionTrial:
    """On a broker of its own that looks for old records every second."""

    def __init__(self, trial: Trial) -> None:
        """Raises Unavailable where no broker beside can be had."""
        self._trial = trial
        self._aside = trial.use_isolated_stack(IsolatedShape(broker=QUICK_CHECKS))
        self._topic = f"{trial.name}-aged"
        self._group = trial.group("slow")
        self._bootstrap = self._aside.endpoints.bootstrap
        settings = {"partitions": "1", "segment.bytes": str(SEGMENT_BYTES)}
        trial.add_topic(self._topic, {**self._aside.baseline.topic, **settings})

    def write_aged(self) -> None:
        """Records of different ages, and a group that has processed none of them."""
        now_ms = clock.utc_now().timestamp() * 1000
        stamps = {offset: int(now_ms - age * 3_600_000) for offset, age in AGES_H.items()}
        within = self._trial.patience(30)
        write_stamped(self._bootstrap, self._topic, stamps, RECORD_BYTES, within)
        commit_offset(self._bootstrap, self._group, self._topic, 0)

    def await_retention(self) -> None:
        """Until the broker has deleted something, and some checks longer."""
        trial, client, began = self._trial, self._trial.broker, clock.now_ns()
        # What is not deleted in time is the result, not an error.
        with trial.progress.phase("waiting for the broker's retention check"), suppress(NotInTime):
            wait_until(
                lambda: client.start_offsets(self._topic).get(0),
                bool,
                trial.patience_at_least(90),
                "old records to be deleted",
                every=timedelta(milliseconds=500),
            )
        waited_s = (clock.now_ns() - began) / clock.NS_PER_S
        clock.pause(5 * CHECKED_EVERY)
        starts, ends = client.start_offsets(self._topic), client.end_offsets(self._topic)
        within = trial.patience(15)
        seen = [
            f"a consumer with auto.offset.reset={reset} gets: "
            + first_answer(self._bootstrap, self._group, self._topic, reset, within)
            for reset in ("error", "earliest")
        ]
        trial.facts["notes"] = NOTES
        trial.judge(
            retention_settings([own_topic(trial, self._topic)]),
            retention_kept(AGES_H, starts[0], ends[0], waited_s),
            lost_to_retention(client.committed(self._group, self._topic), starts, OLD, seen),
        )
