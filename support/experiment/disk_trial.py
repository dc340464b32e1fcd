"""A load that goes on while the broker's disk is full, on a stack beside the one under test."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from support import clock
from support.checks.disk_full import disk_full, is_full, producer_told, resumes_without_restart
from support.clients.one_record import outcome_of_one_record
from support.experiment.delivery_trial import DeliveryTrial
from support.experiment.experiment import Trial
from support.faults.disk_full import HALTED, RESUMED, DiskFull
from support.faults.timeline import FaultTimeline
from support.generate.schedule import Segment
from support.stack.isolated import IsolatedShape

MB = 1 << 20
DISK_BYTES = 256 * MB
RESERVE_BYTES = 128 * MB
"""What an operator can remove when the load has filled the rest."""

SMALL_SEGMENTS = {"log.segment.bytes": str(16 * MB)}
FAST_PER_S, STEADY_PER_S = 3000, 1000
BEYOND = 1.3
"""So much more is sent than there is room for."""

STEADY_RECORDS = 20_000
TRIES = timedelta(seconds=5)
NOTES = (
    "Remedy: an alert on free space long before, retention.bytes for every topic so that they fit "
    "on the disk together, a disk that nobody else writes to, and a reserve file that can be "
    "removed to start again.",
)


def disk_shape(*, connect: bool) -> IsolatedShape:
    """A stack whose broker has a disk that fills in seconds."""
    return IsolatedShape(broker=SMALL_SEGMENTS, disk_bytes=DISK_BYTES, connect=connect)


class DiskTrial(DeliveryTrial):
    """Sends until the disk is full, sees who says what, frees space and goes on."""

    def __init__(self, trial: Trial) -> None:
        """Raises Unavailable where no small file system can be made."""
        self._aside = trial.use_isolated_stack(disk_shape(connect=False))
        super().__init__(trial)
        self._apart = trial.create_topic("apart")
        self._free: int | None = None
        self._told: tuple[str | None, float] = (None, 0.0)

    def run_until_full(self, fault: DiskFull) -> None:
        """The load fills what is left beside the reserve, or goes on while a file does."""
        if fault.by_load:
            self._aside.disk().occupy(RESERVE_BYTES)
            room = self._aside.disk().free_bytes()
            count = int(BEYOND * room / self._trial.payloads.mean_bytes())
            load = Segment(FAST_PER_S, count)
        else:
            load = Segment(STEADY_PER_S, STEADY_RECORDS)
        self._send_through((load,), STEADY_PER_S, fault)

    def settle(self) -> None:
        super().settle()
        proofs = self._fault.proofs if self._fault else ()
        self._trial.judge(
            disk_full(self._free, proofs),
            producer_told(*self._told),
            resumes_without_restart(is_full(self._free), HALTED in proofs, RESUMED in proofs),
        )
        self._trial.facts["notes"] = NOTES

    def _meanwhile(self, fault: Any, timeline: FaultTimeline) -> None:
        """What becomes of a record whose producer does not wait for better times."""
        self._free = self._aside.disk().free_bytes()
        began, settings = clock.now_ns(), self._trial.stack.baseline.producer
        value = self._trial.payloads.value(0)
        fate = outcome_of_one_record(self._bootstrap, self._apart, value, settings, TRIES)
        self._told = fate.error, (clock.now_ns() - began) / clock.NS_PER_S
