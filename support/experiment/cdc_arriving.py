"""Reads events while they arrive, and the clocks by which their arrival is timed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from support import clock
from support.checks.cdc_identity import identity
from support.clients.database_clock import database_clock
from support.errors import NotInTime, StackError
from support.experiment.experiment import Experiment
from support.experiment.pipeline import Pipeline
from support.figures.cdc_times import first_new_ns, shown_ns
from support.read.event_watch import EventWatch
from support.record.arrivals import ARRIVALS, Arrivals, ArrivalsRecord
from support.record.changes import Change
from support.record.faults import RecordedFault
from support.waiting import wait_until

STAYS_FAILED = timedelta(seconds=5)
"""How long Connect may report the state from before a restart."""
LOOK_EVERY = timedelta(milliseconds=200)


class LastingFailure:
    """Detects a failure after which no change of a pipeline can ever arrive; to be called often."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._failed_since: int | None = None

    def reason(self) -> str:
        """Returns why no change can arrive: a lost slot or a task that stays FAILED; or ""."""
        lost = self._pipeline.lost()
        if lost:
            return lost
        failed, now = self._pipeline.failed(), clock.now_ns()
        self._failed_since = (self._failed_since or now) if failed else None
        limit_ns = STAYS_FAILED.total_seconds() * clock.NS_PER_S
        stays = self._failed_since is not None and now - self._failed_since > limit_ns
        return failed if stays else ""


class Arriving:
    """Reads from its creation to end(). Created before the connector can send anything."""

    def __init__(self, experiment: Experiment, pipeline: Pipeline) -> None:
        self._experiment, self._pipeline = experiment, pipeline
        self._clocks = database_clock(pipeline.conninfo)
        kafka = experiment.stack.endpoints.kafka
        self._watch = EventWatch(kafka, pipeline.topics.values(), identity)
        experiment.cleanup.callback(self._watch.close)

    @property
    def arrivals(self) -> Arrivals:
        """The arrivals until now."""
        return self._watch.arrivals

    def end(self) -> None:
        """Stops reading and records what arrived.

        PostgreSQL's clock is compared once more, because a clock may have been set meanwhile.
        """
        self._watch.close()
        until_ns = clock.now_ns()
        clocks = self._clocks.spanning(database_clock(self._pipeline.conninfo))
        reported = tuple(
            f"the reader's client reported {name} ({count} times)"
            for name, count in sorted(self._watch.errors.items())
        )
        arrivals = tuple(self._watch.arrivals.all)
        seen = ArrivalsRecord(arrivals, clocks, until_ns, self._watch.trouble, reported)
        self._experiment.record.write(ARRIVALS, seen)

    def await_change(self, change: Change, within: timedelta) -> str:
        """Waits for the event of a change.

        Returns the reason if it can never arrive; empty when it arrived, when `within` has passed,
        or when the reader ended.
        """
        return self._await(
            lambda: shown_ns(self.arrivals, change) is not None,
            within,
            "settling: CDC catches up",
            "the event of the last change",
        )

    def await_new(
        self, fault: RecordedFault, within: timedelta, given_up: Callable[[], bool] = lambda: False
    ) -> tuple[bool, str]:
        """Waits for a change that was made after the fault.

        Returns whether one arrived in time, and the reason if none can ever arrive, else "". Ends
        early in that case, when the reader ended, and when `given_up` returns True.
        """

        def arrived() -> bool:
            return first_new_ns(self.arrivals, fault, self._clocks) is not None

        hopeless = self._await(
            lambda: arrived() or given_up(),
            within,
            "waiting for changes to arrive again",
            "a change to arrive after the heal",
        )
        return arrived(), hopeless

    def _await(self, enough: Callable[[], bool], within: timedelta, phase: str, what: str) -> str:
        failure, hopeless = LastingFailure(self._pipeline), ""

        def over() -> bool:
            nonlocal hopeless
            if enough() or self._watch.trouble:
                return True
            hopeless = failure.reason()
            return bool(hopeless)

        with self._experiment.progress.phase(phase):
            try:
                wait_until(over, bool, within, what, every=LOOK_EVERY, tolerate=(StackError,))
            except NotInTime:
                return hopeless
        return hopeless
