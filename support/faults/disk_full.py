"""The broker's disk runs full: of its own load, or of a file of somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from support import clock
from support.clients.logfile import logged_since
from support.errors import Inconclusive, NotInTime, StackError
from support.faults.healing import healed
from support.faults.timeline import FaultTimeline
from support.interruption import uninterrupted
from support.stack.isolated import SmallDisk
from support.stack.lifecycle import BrokerControl
from support.waiting import wait_until

TELLING = (
    "No space left on device",
    "Shutdown broker because all log dirs",
    "InternalError: a fault occurred",
)
"""What Kafka logs when it can't write: an append that failed, that it halts therefore, or a page
of a memory-mapped index that has no room."""

END_WITHIN = timedelta(seconds=10)
RESUME_WITHIN = timedelta(seconds=15)
"""So long a broker that stayed alive may take to serve again before it is restarted."""
HALTED = "its process ended by itself"
RESUMED = "served clients again without a restart"
LINES = 3


class OnSmallDisk(Protocol):
    """What has a broker on a file system of its own."""

    def broker(self) -> BrokerControl: ...
    def disk(self) -> SmallDisk: ...


@dataclass(frozen=True)
class DiskFull:
    """`by_load`: the load fills it, and something was occupied before that can be removed.

    Else another tenant's file takes all that is free. `patience` for it to be felt and healed.
    """

    by_load: bool
    patience: timedelta
    lasts: timedelta = timedelta(seconds=20)

    @property
    def name(self) -> str:
        return f"disk full of {'the load itself' if self.by_load else 'a file of somebody else'}"

    @contextmanager
    def injected(self, target: OnSmallDisk) -> Iterator[FaultTimeline]:
        """Full and felt by the broker inside the `with`; freed on leaving it, and the broker
        started again when it does not serve by itself.

        Raises Inconclusive when the broker did not feel it.
        """
        broker, disk = target.broker(), target.disk()
        timeline, size = FaultTimeline(self.name, clock.now_ns()), broker.log.stat().st_size
        halted = list[bool]()

        def heal() -> None:
            timeline.heal_begins()
            timeline.proofs.append(f"{disk.release() / 1e6:.0f} MB were freed")
            halted.append(not broker.alive())
            if halted[0]:
                broker.start()

        with healed(heal, lambda: self._prove_healed(broker, timeline, halted=halted[0])):
            if not self.by_load:
                timeline.proofs.append(f"somebody else's file took {disk.occupy() / 1e6:.0f} MB")
            timeline.proofs += self._await_felt(broker, size)
            if self.by_load:
                # Until it was felt nothing was wrong.
                timeline.injected_ns = clock.now_ns()
            timeline.proven_broken()
            timeline.proofs.append(f"{disk.free_bytes():,} bytes were free")
            yield timeline

    def _prove_healed(
        self, broker: BrokerControl, timeline: FaultTimeline, *, halted: bool
    ) -> None:
        if not halted:
            self._resume_or_restart(broker, timeline)
        timeline.prove_healed(
            lambda: broker.await_ready(self.patience), "serves clients again", (StackError,)
        )

    def _resume_or_restart(self, broker: BrokerControl, timeline: FaultTimeline) -> None:
        """Let a broker that stayed alive serve again; start it again when it does not."""
        try:
            broker.await_ready(RESUME_WITHIN)
            timeline.proofs.append(RESUMED)
        except StackError as error:
            timeline.proofs.append(f"did not serve without a restart: {error.what}")
            with uninterrupted():
                broker.kill()
                broker.start()

    def _await_felt(self, broker: BrokerControl, size: int) -> list[str]:
        """The first lines that tell it, and what became of the process."""

        def told() -> list[str]:
            lines = logged_since(broker.log, size).splitlines()
            return [line for line in lines if any(mark in line for mark in TELLING)]

        try:
            wait_until(told, bool, self.patience, "the broker to log that its disk is full")
        except NotInTime as error:
            raise Inconclusive("The broker did not feel a full disk.", seen=str(error)) from error
        ended = HALTED
        try:
            wait_until(broker.alive, lambda alive: not alive, END_WITHIN, "the broker to halt")
        except NotInTime:
            ended = "its process stays alive"
        distinct = {mark: line for line in reversed(told()) for mark in TELLING if mark in line}
        return [*(f"logged: {line[:300]}" for line in list(distinct.values())[:LINES]), ended]
