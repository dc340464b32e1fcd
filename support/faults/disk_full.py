"""The broker's disk is full: with its own load, or with another file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from support import clock
from support.clients.logfile import logged_since
from support.errors import Inconclusive, NotInTime, StackError
from support.faults.fault import SystemUnderTest
from support.faults.injection import injection
from support.faults.timeline import FaultTimeline
from support.interruption import uninterrupted
from support.stack.isolated import DiskControl
from support.stack.lifecycle import BrokerControl, Component
from support.waiting import wait_until

TELLING = (
    "No space left on device",
    "Shutdown broker because all log dirs",
    "InternalError: a fault occurred",
)
"""Lines that Kafka logs when it can't write: an append failed, it halts because of that, or a page
of a memory-mapped index found no space."""

END_WITHIN = timedelta(seconds=10)
RESUME_WITHIN = timedelta(seconds=15)
"""Time in which a broker that stayed alive must serve again; then it is restarted."""
HALTED = "its process ended by itself"
RESUMED = "served clients again without a restart"
LINES = 3


@dataclass(frozen=True)
class DiskFull:
    """The broker's disk has no free space.

    `by_load`: the load fills the disk, except for space that the scenario has occupied and that can
    be released. Otherwise another file takes all free space. `patience`: the time for the broker to
    notice that the disk is full, and to serve clients again.
    """

    by_load: bool
    patience: timedelta
    lasts: timedelta = timedelta(seconds=20)
    needs: ClassVar = DiskControl
    breaks: ClassVar = Component.BROKER

    @property
    def name(self) -> str:
        return f"disk filled by {'the load' if self.by_load else 'another file'}"

    def target(self, system: SystemUnderTest) -> DiskControl:
        stack = system.stack
        if not isinstance(stack, DiskControl):
            raise Inconclusive("The scenario does not run on an isolated stack with a small disk.")
        return stack

    @contextmanager
    def injected(self, stack: DiskControl) -> Iterator[FaultTimeline]:
        """See Fault. Space is released on leaving the `with`, and the broker is started again if
        it does not serve by itself. Raises Inconclusive if the broker did not notice."""
        broker, disk = stack.broker(), stack.disk()
        size = broker.log.stat().st_size
        halted = False

        def heal(timeline: FaultTimeline) -> None:
            nonlocal halted
            timeline.proofs.append(f"{disk.release() / 1e6:.0f} MB were freed")
            halted = not broker.alive()
            if halted:
                broker.start()

        def works_again(timeline: FaultTimeline) -> None:
            if not halted:
                self._resume_or_restart(broker, timeline)
            broker.await_ready(self.patience)

        with injection(self.name, heal, works_again) as timeline:
            if not self.by_load:
                timeline.proofs.append(f"another file took {disk.occupy() / 1e6:.0f} MB")
            timeline.proofs += self._await_noticed(broker, size)
            if self.by_load:
                # Clients are affected only from the moment at which the broker notices it.
                timeline.injected_ns = clock.now_ns()
            timeline.proven_broken()
            timeline.proofs.append(f"{disk.free_bytes():,} bytes were free")
            yield timeline

    def _resume_or_restart(self, broker: BrokerControl, timeline: FaultTimeline) -> None:
        """Lets a broker that stayed alive serve again; restarts it if it does not."""
        try:
            broker.await_ready(RESUME_WITHIN)
            timeline.proofs.append(RESUMED)
        except StackError as error:
            timeline.proofs.append(f"did not serve without a restart: {error.what}")
            with uninterrupted():
                broker.kill()
                broker.start()

    def _await_noticed(self, broker: BrokerControl, size: int) -> list[str]:
        """The first log lines about the full disk, and whether the process ended."""

        def telling() -> list[str]:
            lines = logged_since(broker.log, size).splitlines()
            return [line for line in lines if any(mark in line for mark in TELLING)]

        try:
            wait_until(telling, bool, self.patience, "the broker to log that its disk is full")
        except NotInTime as error:
            raise Inconclusive("The broker did not notice a full disk.", seen=str(error)) from error
        ended = HALTED
        try:
            wait_until(broker.alive, lambda alive: not alive, END_WITHIN, "the broker to halt")
        except NotInTime:
            ended = "its process stays alive"
        distinct = {mark: line for line in reversed(telling()) for mark in TELLING if mark in line}
        return [*(f"logged: {line[:300]}" for line in list(distinct.values())[:LINES]), ended]
