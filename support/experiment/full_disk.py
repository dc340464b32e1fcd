"""Sends a load until the broker's disk is full, on an isolated stack."""

from __future__ import annotations

from datetime import timedelta

from support import clock
from support.clients.one_record import outcome_of_one_record
from support.experiment import faulted_load
from support.experiment.experiment import Experiment
from support.experiment.load import Load
from support.faults.disk_full import HALTED, RESUMED, DiskFull
from support.faults.timeline import FaultTimeline
from support.promises.edge import DISK_FULL, ERROR_AT_THE_PRODUCER, RESUMES_AFTER_SPACE_IS_FREED
from support.record.disk import DISK, DiskRecord
from support.record.notes import NOTES
from support.record.schedule import Segment
from support.stack.isolated import IsolatedShape

MB = 1 << 20
DISK_BYTES = 256 * MB
RESERVE_BYTES = 128 * MB
"""Size of the reserve file that is removed when the load has filled the rest of the disk."""

SMALL_SEGMENTS = {"log.segment.bytes": str(16 * MB)}
FAST_PER_S, STEADY_PER_S = 3000, 1000
BEYOND = 1.3
"""Size of the load, divided by the free space."""

STEADY_RECORDS = 20_000
TRIES = timedelta(seconds=5)
REMEDY = (
    "Remedy: alert on free space early, set retention.bytes so that all topics fit on the disk "
    "together, use a disk that nothing else writes to, and have a reserve file that can be removed "
    "to start again.",
)


def disk_shape(*, connect: bool) -> IsolatedShape:
    """Returns the shape of a stack whose broker has a disk that fills in seconds."""
    return IsolatedShape(broker=SMALL_SEGMENTS, disk_bytes=DISK_BYTES, connect=connect)


class FullDisk:
    """Fills the disk, records the errors that clients get, and frees space."""

    def __init__(self, experiment: Experiment) -> None:
        """Starts the isolated stack. Raises Unavailable where no small file system can be made."""
        self._experiment = experiment
        self._isolated = experiment.use_isolated_stack(disk_shape(connect=False))
        self.load = Load(experiment)
        self._single = experiment.create_topic("single")
        self._free: int | None = None
        self._error: str | None = None
        self._waited_s = 0.0

    def run_until_full(self, fault: DiskFull) -> None:
        """Fills the disk, except for the reserve, with the load itself or with a large file."""
        disk = self._isolated.disk()
        if fault.by_load:
            disk.occupy(RESERVE_BYTES)
            mean_bytes = self._experiment.payloads.mean_bytes()
            segment = Segment(FAST_PER_S, int(BEYOND * disk.free_bytes() / mean_bytes))
        else:
            segment = Segment(STEADY_PER_S, STEADY_RECORDS)
        timeline = faulted_load.send_through(
            self.load, (segment,), STEADY_PER_S, fault, self._send_one
        )
        faulted_load.settle(self.load, timeline)
        halted, resumed = (proof in timeline.proofs for proof in (HALTED, RESUMED))
        seen = DiskRecord(self._free, self._error, self._waited_s, halted, resumed)
        self._experiment.record.write(DISK, seen)
        self._experiment.record.write(NOTES, REMEDY)
        self._experiment.verdicts.judge(
            DISK_FULL, ERROR_AT_THE_PRODUCER, RESUMES_AFTER_SPACE_IS_FREED
        )

    def _send_one(self, _timeline: FaultTimeline) -> None:
        """Sends a record with a producer that gives up after TRIES, and keeps its error."""
        self._free = self._isolated.disk().free_bytes()
        began, settings = clock.now_ns(), self._experiment.stack.baseline.producer
        value, kafka = self._experiment.payloads.value(0), self.load.kafka
        self._error = outcome_of_one_record(kafka, self._single, value, settings, TRIES).error
        self._waited_s = (clock.now_ns() - began) / clock.NS_PER_S
