"""Real rows, real Debezium: changes are written while something breaks, and all must arrive."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from support import clock
from support.checks.cdc_recovery import AWAITED_S
from support.checks.cdc_snapshot import changed_meanwhile
from support.checks.recovery import LEAST_GAP_S
from support.errors import Inconclusive
from support.experiment.cdc_arriving import Arriving
from support.experiment.cdc_faults import (
    broken_by,
    help_given,
    restart_worker,
    worker_with_default_heartbeat,
)
from support.experiment.cdc_settling import (
    Resumption,
    await_caught_up,
    await_confirmed,
    committed_offset,
    goal_of,
    judge_events,
    judge_resumption,
    judge_return,
    read_all,
)
from support.experiment.cdc_writing import must_live, must_write, write_for
from support.experiment.experiment import Trial
from support.experiment.pipeline import WRAPPED, Pipeline
from support.faults.capture_restart import CaptureRestart
from support.faults.fault import AnyFault
from support.faults.timeline import FaultTimeline
from support.figures.cdc import cdc_figures, cdc_recovery_facts, cdc_series
from support.generate.row_writer import RowWriter
from support.generate.tables import COLUMNS, SEED_ROWS
from support.record.archive import write_changes
from support.record.slots import Slot
from support.stack.isolated import IsolatedShape
from support.waiting import wait_until

RATE_PER_S = 50
"""Transactions; about 90 row changes a second."""
STEADY_S, AFTERWARDS_S, LEAST_S = 5, 5, 2
SEEDED = SEED_ROWS * len(COLUMNS)
FIRST_ID = 1_000_000
"""Of rows that the writer makes; those that are there before it have lower ones."""
MANY_ROWS = 20_000
"""In one transaction: about a second of streaming, in which a restart falls."""

AGAIN = timedelta(seconds=AWAITED_S)


class CdcTrial:
    """Writes changes, breaks something, and compares what arrived with what was done."""

    def __init__(self, trial: Trial) -> None:
        self._trial = trial
        self._pipeline = Pipeline(trial)
        self._extra: Mapping[str, str] = {}
        self._full_identity = True
        self._rows_before: int | None = SEEDED
        """Those that the snapshot has to show; None where they change meanwhile."""
        self._fault: FaultTimeline | None = None
        self._least_outage_s = 0.0
        self._resumption: Resumption | None = None
        self._rescued = ""
        self._slot_down: Slot | None = None
        self._arriving: Arriving | None = None
        self._began_lsn = 0
        """Where the write-ahead log stood before the first change that has to arrive."""

    @classmethod
    def aside(cls, trial: Trial, shape: IsolatedShape) -> CdcTrial:
        """Of a stack beside the one under test. Raises Unavailable where there is none."""
        trial.use_isolated_stack(shape)
        return cls(trial)

    # -- before the changes --------------------------------------------------------------

    def use_default_identity(self, *, wrapped: bool) -> None:
        """Tables with REPLICA IDENTITY DEFAULT; events `wrapped` with their schema or bare."""
        self._full_identity, self._extra = False, WRAPPED if wrapped else {}

    def use_default_heartbeat(self) -> None:
        """The connector runs in a worker of its own with Kafka Connect's default heartbeat."""
        self._pipeline = Pipeline(self._trial, worker_with_default_heartbeat(self._trial))

    def start_capture(self) -> None:
        """The connector has taken its snapshot of the seed rows, and streams."""
        self._prepare()
        with self._trial.progress.phase("starting the connector"):
            self._register()
            self._await_stored(1, "the seed rows' snapshot")
            # Not for all of them: a connector that leaves a table out is found by the checks.
            minute = self._trial.patience(60)
            wait_until(self._pipeline.reader_pid, bool, minute, "the connector to stream")
        self._began_lsn = self._pipeline.written_lsn()

    def start_changes(self) -> None:
        """As start_capture; then begin to write, and see the first change come out of Kafka."""
        self.start_capture()
        before = self._pipeline.stored()
        self._writer.start()
        with self._trial.progress.phase("waiting for the first change to arrive"):
            self._await_stored(before + 1, "the first change")

    def _prepare(self) -> None:
        trial = self._trial
        self._pipeline.create_tables()
        if not self._full_identity:
            self._pipeline.use_default_identity()
        self._writer = RowWriter(
            self._pipeline.conninfo, self._pipeline.name, trial.settings.seed, RATE_PER_S, FIRST_ID
        )
        trial.cleanup.callback(self._writer.stop)
        self._began_ns = clock.now_ns()

    def _register(self) -> None:
        """Start the connector, and watch what arrives before it can send anything."""
        self._pipeline.create_topics()
        self._arriving = Arriving(self._trial, self._pipeline)
        self._pipeline.change(self._extra)

    def _await_stored(self, count: int, what: str) -> None:
        self._pipeline.await_events(
            count, self._trial.patience(120), what, lambda: self._writer.ended
        )

    # -- what happens --------------------------------------------------------------------

    def run_calmly(self, duration: timedelta) -> None:
        """Write for a while (scaled), and break nothing."""
        self._write_for(self._trial.scaled(duration.total_seconds(), LEAST_S))

    def run_through(self, fault: AnyFault, *, rescue: timedelta | None = None) -> None:
        """Write, break, heal, and go on writing until changes arrive again and for a while.

        With `rescue` the worker is restarted, as an operator would, when none arrived by then.
        """
        self._write_for(self._trial.scaled(STEADY_S, LEAST_S))
        must_write(self._trial, self._writer)
        before = committed_offset(self._pipeline)
        timeline = self._go_through(fault)
        if isinstance(fault, CaptureRestart):
            self._resumption = before.around(timeline)
        # When the worker is restarted is a figure of the scenario: no patience moves it.
        again, arriving = AGAIN * self._trial.settings.patience, self._arrived()
        back = arriving.await_new(timeline, rescue or again, lambda: self._writer.ended)
        if not back and rescue is not None:
            waited_s = (clock.now_ns() - timeline.healed_ns) / clock.NS_PER_S
            self._rescued = f"the worker was restarted after {waited_s:.0f} s without a change"
            restart_worker(self._trial, self._pipeline)
            self._trial.judge(*help_given(fault, timeline, self._rescued))
            arriving.await_new(timeline, again, lambda: self._writer.ended)
        self._write_for(self._trial.scaled(AFTERWARDS_S, LEAST_S))

    def restart_in_the_middle(self, how: str, fault: CaptureRestart) -> None:
        """The fault happens while the events of one transaction of many rows stream."""
        rows = self._trial.scaled(MANY_ROWS, MANY_ROWS)
        with self._trial.progress.phase(f"writing {rows} rows in {how}"):
            self._writer.write_at_once(how, "comments", rows)
            must_write(self._trial, self._writer)
            self._await_stored(SEEDED + rows // 20, f"events of {how}")
        timeline = self._go_through(fault)
        timeline.proofs.append(f"{self._stored_down - SEEDED} of {rows} events were stored then")
        if self._stored_down >= SEEDED + rows:
            raise Inconclusive("All events were stored before the restart.")

    def snapshot_meanwhile(self, count: int) -> None:
        """Register the connector over `count` (scaled) rows while they are being changed."""
        rows = self._trial.scaled(count, count)
        self._prepare()
        with self._trial.progress.phase(f"writing {rows} rows"):
            self._pipeline.own.fill(rows)
        self._rows_before = None
        self._writer.adopt(range(SEED_ROWS + 1, 1_000), version=1)
        self._writer.start()
        self._write_for(1)
        with self._trial.progress.phase("snapshot"):
            self._register()
            self._await_stored(rows, "snapshot")
        self._began_lsn = self._pipeline.written_lsn()
        self._write_for(self._trial.scaled(AFTERWARDS_S, LEAST_S))

    def _write_for(self, seconds: float) -> None:
        write_for(self._trial, self._writer, seconds, self._pipeline.own.watch)

    def _go_through(self, fault: AnyFault) -> FaultTimeline:
        with (
            self._trial.progress.phase(fault.name),
            broken_by(fault, self._pipeline, self._trial) as timeline,
        ):
            self._slot_down = self._pipeline.slot()
            if isinstance(fault, CaptureRestart):
                self._stored_down = self._pipeline.stored()
        self._fault = timeline
        self._least_outage_s = 0.0 if isinstance(fault, CaptureRestart) else LEAST_GAP_S
        self._trial.judge(*help_given(fault, timeline))
        self._trial.promise_worked_again(timeline)
        return timeline

    # -- afterwards ----------------------------------------------------------------------

    def settle(self) -> None:
        """Stop writing, let CDC catch up, read everything, and make all checks."""
        trial, pipeline, written = self._trial, self._pipeline, self._writer.finish()
        must_live(self._writer)
        write_changes(written, trial.folder)
        arriving, healed_ns = self._arrived(), self._fault.healed_ns if self._fault else 0
        goal = goal_of(written, self._began_lsn, self._writer.committed_lsn, healed_ns)
        arrived_s = await_caught_up(trial, pipeline, arriving, goal)
        confirmed_s = await_confirmed(trial, pipeline, goal)
        log = read_all(trial, pipeline, full_identity=self._full_identity)
        arriving.end()
        judge_events(trial, pipeline, log, written, self._rows_before)
        if self._resumption is not None:
            judge_resumption(trial, log, self._resumption, arriving)
        arrivals, clocks = arriving.arrivals, arriving.clocks
        trial.facts["cdc"] = cdc_figures(
            log, written, arrivals, clocks, arrived_s, self._slot_down, confirmed_s
        )
        trial.facts["series"] = cdc_series(arrivals, clocks, self._began_ns)
        if self._fault is not None:
            trial.facts |= cdc_recovery_facts(
                self._fault, arrivals, written, clocks, self._began_ns, arriving.until_ns
            )
        pipeline.broker.look("the end of the changes")

    def judge_recovery(self, limit: timedelta | None) -> None:
        """From the beginning of the heal to the first new event; a limit counts from ready."""
        if self._fault is None or "recovery" not in self._trial.facts:
            raise Inconclusive("The changes did not settle: how they came back can't be judged.")
        judge_return(
            self._trial, self._arrived(), self._fault, self._least_outage_s, limit, self._rescued
        )

    def judge_changed_meanwhile(self) -> None:
        """Whether changes were committed while the snapshot was taken."""
        self._trial.judge(changed_meanwhile(*self._arrived().around_the_snapshot()))

    def _arrived(self) -> Arriving:
        if self._arriving is None:
            raise Inconclusive("Nobody watched the events arrive: the connector was not started.")
        return self._arriving
