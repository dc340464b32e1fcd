"""Changes rows of PostgreSQL, breaks a part meanwhile, and records which changes arrived."""

from __future__ import annotations

from datetime import timedelta

from support import clock
from support.checks.cdc_recovery import AWAITED_S
from support.checks.recovery import LEAST_GAP_S
from support.errors import Inconclusive
from support.experiment import cdc_settling
from support.experiment.capture import SEEDED, Capture
from support.experiment.cdc_faults import (
    broken_by,
    record_disk,
    record_fault,
    restart_worker,
)
from support.experiment.cdc_writing import must_write
from support.experiment.experiment import Experiment
from support.faults.capture_restart import CaptureRestart
from support.faults.fault import AnyFault
from support.generate.tables import SEED_ROWS
from support.promises.cdc_recovery import BACK_WITHOUT_HELP
from support.record.capture import COMMITTED_OFFSET, RETURN, ReturnRecord
from support.record.faults import RecordedFault
from support.record.slots import SLOT_WHILE_BROKEN
from support.stack.capabilities import needed
from support.stack.isolated import DiskControl, IsolatedWorker
from support.stack.lifecycle import Component

STEADY_S, AFTERWARDS_S, LEAST_S = 5, 5, 2
"""Seconds of changes before a fault, seconds after it, and the least of each when scaled."""
MANY_ROWS = 20_000
"""Rows of one transaction: their events stream for about a second, long enough for a restart."""

AGAIN = timedelta(seconds=AWAITED_S)


class CdcChanges:
    """Makes changes, breaks something, and records what arrived."""

    def __init__(self, experiment: Experiment, worker: IsolatedWorker | None = None) -> None:
        """`worker` runs the connector instead of the stack's own worker."""
        self.capture = Capture(experiment, worker)
        self._experiment = experiment

    def run_calmly(self, duration: timedelta) -> None:
        """Makes changes for a (scaled) duration, and breaks nothing."""
        self.capture.write_for(self._experiment.scaled(duration.total_seconds(), LEAST_S))

    def run_through(self, fault: AnyFault, *, rescue: timedelta | None = None) -> None:
        """Makes changes before, during and after a fault, until new ones have arrived for a while.

        If none has arrived after `rescue`, the worker is restarted, as an operator would do.
        """
        experiment, capture = self._experiment, self.capture
        capture.write_for(experiment.scaled(STEADY_S, LEAST_S))
        must_write(experiment, capture.writer)
        worker = experiment.stack.baseline.worker
        committed = capture.pipeline.connector.committed_offset(worker)
        broken = self.break_and_heal(fault)
        of_broker = fault.breaks is Component.BROKER
        if not of_broker:
            experiment.record.write(COMMITTED_OFFSET, committed)
        self._await_return(broken, rescue, LEAST_GAP_S if of_broker else 0.0)
        capture.write_for(experiment.scaled(AFTERWARDS_S, LEAST_S))

    def restart_in_the_middle(self, how: str, fault: CaptureRestart) -> None:
        """The fault happens while the events of one transaction of many rows stream.

        Raises Inconclusive when all of them were stored before.
        """
        experiment, capture = self._experiment, self.capture
        rows = experiment.scaled(MANY_ROWS, MANY_ROWS)
        with experiment.progress.phase(f"writing {rows} rows in {how}"):
            capture.writer.write_at_once(how, "comments", rows)
            must_write(experiment, capture.writer)
            capture.await_stored(SEEDED + rows // 20, f"events of {how}")
        self.break_and_heal(fault, of_rows=rows)

    def snapshot_meanwhile(self, count: int) -> None:
        """Registers the connector over `count` (scaled) rows while they are being changed."""
        experiment, capture = self._experiment, self.capture
        rows = experiment.scaled(count, count)
        capture.create_tables(rows_before=None)
        with experiment.progress.phase(f"writing {rows} rows"):
            capture.pipeline.captured.fill(rows)
        capture.writer.adopt(range(SEED_ROWS + 1, 1_000), version=1)
        capture.writer.start()
        capture.write_for(1)
        with experiment.progress.phase("snapshot"):
            capture.register()
            capture.await_stored(rows, "snapshot")
        capture.began_lsn = capture.pipeline.written_lsn()
        capture.write_for(experiment.scaled(AFTERWARDS_S, LEAST_S))

    def _await_return(
        self, fault: RecordedFault, rescue: timedelta | None, least_outage_s: float
    ) -> None:
        """Waits until a change arrives that was made after the fault, and records the wait."""
        experiment, capture = self._experiment, self.capture
        # `rescue` is a figure of the scenario, so `patience` does not lengthen it.
        again, rescued_s = AGAIN * experiment.settings.patience, None
        back, hopeless = capture.arriving.await_new(fault, rescue or again, self._stopped)
        if not back and rescue is not None:
            rescued_s = (clock.now_ns() - fault.healed_ns) / clock.NS_PER_S
            restart_worker(experiment, capture.pipeline)
            # Recorded now, because the rest of the scenario may never finish.
            experiment.record.write(RETURN, ReturnRecord(hopeless, least_outage_s, rescued_s))
            experiment.verdicts.judge(BACK_WITHOUT_HELP)
            back, hopeless = capture.arriving.await_new(fault, again, self._stopped)
        seen = ReturnRecord(hopeless, least_outage_s, rescued_s)
        experiment.record.write(RETURN, seen)
        experiment.verdicts.judge(BACK_WITHOUT_HELP)

    def _stopped(self) -> bool:
        return self.capture.writer.ended

    def settle(self) -> None:
        """Stops the writer, lets CDC catch up, records everything and judges it."""
        cdc_settling.settle(self.capture)

    def break_and_heal(self, fault: AnyFault, of_rows: int = 0) -> RecordedFault:
        """Injects a fault, heals it and records it. `of_rows`: rows whose events stream meanwhile.

        Raises PromiseBroken when clients are not served again, Inconclusive when the events of all
        `of_rows` were stored before.
        """
        experiment, pipeline = self._experiment, self.capture.pipeline
        with (
            experiment.progress.phase(fault.name),
            broken_by(fault, pipeline, experiment) as timeline,
        ):
            slot = pipeline.slot()
            full = fault.needs is DiskControl
            free_bytes = self._free_bytes() if full else 0
            stored = pipeline.stored() - SEEDED if of_rows else 0
        if slot is not None:
            experiment.record.write(SLOT_WHILE_BROKEN, slot)
        if full:
            record_disk(experiment, free_bytes, timeline)
        if of_rows:
            timeline.proofs.append(f"{stored} of {of_rows} events were stored then")
        recorded = record_fault(experiment, timeline)
        if of_rows and stored >= of_rows:
            raise Inconclusive("All events were stored before the restart.")
        return recorded

    def _free_bytes(self) -> int:
        return needed(self._experiment.stack, DiskControl).disk().free_bytes()
