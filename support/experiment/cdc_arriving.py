"""The events of a trial as they arrive at a reader, and the clocks by which they are timed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from support import clock
from support.checks.cdc_identity import identity
from support.clients.database_clock import database_clock
from support.errors import NotInTime, StackError
from support.experiment.experiment import Trial
from support.experiment.pipeline import Pipeline
from support.faults.timeline import FaultTimeline
from support.figures.cdc import first_new_ns
from support.read.event_watch import EventWatch
from support.record.arrivals import Arrivals
from support.waiting import wait_until

STAYS_FAILED = timedelta(seconds=5)
"""So long Connect may tell the state of before a restart."""


class Hope:
    """Whether a pipeline's changes can still arrive, asked again and again."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._failed_since: int | None = None

    def gone(self) -> str:
        """Why none ever can: the slot is lost, or the connector's task FAILED and stays so. Empty
        while one can."""
        lost = self._pipeline.lost()
        if lost:
            return lost
        failed, now = self._pipeline.failed(), clock.now_ns()
        self._failed_since = (self._failed_since or now) if failed else None
        limit_ns = STAYS_FAILED.total_seconds() * clock.NS_PER_S
        stays = self._failed_since is not None and now - self._failed_since > limit_ns
        return failed if stays else ""


class Arriving:
    """Watches from its creation to end(), beginning before the connector can send anything."""

    def __init__(self, trial: Trial, pipeline: Pipeline) -> None:
        self._trial, self._pipeline = trial, pipeline
        self.clocks = database_clock(pipeline.conninfo)
        """PostgreSQL's, against this host's; both measurements once it has ended."""
        self.until_ns = 0
        """When it ended."""
        self.hopeless = ""
        """Why await_new() gave up, where no change could arrive any more."""
        bootstrap = trial.stack.endpoints.bootstrap
        self._watch = EventWatch(bootstrap, pipeline.topics.values(), identity)
        trial.cleanup.callback(self._watch.close)

    @property
    def arrivals(self) -> Arrivals:
        return self._watch.arrivals

    @property
    def trouble(self) -> str:
        """Why it saw nothing more; empty while it sees."""
        return self._watch.trouble

    @property
    def reported(self) -> list[str]:
        """Errors that the watch's client reported meanwhile, counted."""
        return [
            f"the reader's client reported {name} ({count} times)"
            for name, count in sorted(self._watch.errors.items())
        ]

    def end(self) -> None:
        """Stop watching, and compare the clocks once more: they may have been set meanwhile."""
        self._watch.close()
        self.until_ns = clock.now_ns()
        self.clocks = self.clocks.spanning(database_clock(self._pipeline.conninfo))

    def first_new_ns(self, fault: FaultTimeline) -> int | None:
        """When the first change arrived that was made after the fault; None when none did."""
        return first_new_ns(self.arrivals, fault, self.clocks)

    def around_the_snapshot(self) -> tuple[list[int], list[tuple[int, int]]]:
        """When the snapshot's events arrived, and between which moments each change was made."""
        taken, committed = [], []
        for arrival in self.arrivals.all:
            if arrival.change[0] != "r":
                bounds = (self.clocks.earliest_ns, self.clocks.latest_ns)
                earliest, latest = (bound(arrival.commit_ms) for bound in bounds)
                committed.append((earliest, latest))
            elif arrival.arrived_ns is not None:
                taken.append(arrival.arrived_ns)
        return taken, committed

    def await_new(
        self, fault: FaultTimeline, within: timedelta, given_up: Callable[[], bool] = lambda: False
    ) -> bool:
        """Whether a change that was made after the fault arrives in time.

        Gives up early where none can come: nobody makes any (`given_up`), the watch ended, the
        slot is lost, or the connector's task FAILED and stays so.
        """
        hope, self.hopeless = Hope(self._pipeline), ""

        def over() -> bool:
            if self.first_new_ns(fault) is not None or self.trouble or given_up():
                return True
            self.hopeless = hope.gone()
            return bool(self.hopeless)

        with self._trial.progress.phase("waiting for changes to arrive again"):
            try:
                wait_until(
                    over,
                    bool,
                    within,
                    "a change to arrive after the heal",
                    every=timedelta(milliseconds=200),
                    tolerate=(StackError,),
                )
            except NotInTime:
                return False
        return self.first_new_ns(fault) is not None
