"""What change data capture is made of is restarted: connector, task, worker or database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Protocol

from support import clock
from support.errors import Inconclusive, NotInTime, StackError
from support.faults.timeline import FaultTimeline
from support.interruption import uninterrupted
from support.stack.ports import PartControl
from support.waiting import wait_until


class How(Enum):
    CONNECTOR = "restart of the connector"
    TASK = "restart of the connector's task"
    WORKER = "graceful restart (SIGTERM) of the Connect worker"
    WORKER_CRASH = "crash (SIGKILL) and restart of the Connect worker"
    DATABASE = "graceful restart of PostgreSQL"
    DATABASE_CRASH = "crash (SIGKILL) and restart of PostgreSQL"


ASK_AGAIN_S = 5
CRASHES = {How.WORKER_CRASH, How.DATABASE_CRASH}
DATABASES = {How.DATABASE, How.DATABASE_CRASH}


class Capture(Protocol):
    """A connector with its replication slot, and what it runs on."""

    def reader_pid(self) -> int | None:
        """The server process that feeds the connector; None while none does."""

    def restart_connector(self) -> None: ...
    def restart_task(self) -> None: ...
    def failure(self) -> str:
        """First line of a failed task's trace; empty when none failed."""

    def worker(self) -> PartControl: ...
    def database_server(self) -> PartControl: ...


@dataclass(frozen=True)
class CaptureRestart:
    """Proven by the slot: another server process feeds the connector afterwards.

    Connect's own status is no proof: after a crash it tells the state before it. In a snapshot
    nobody reads the slot yet: then it is the end of the process that proves the fault. A task
    that FAILED because of the restart is restarted, and told. `hold`: how long it stays down.
    """

    how: How
    patience: timedelta
    hold: timedelta = timedelta()

    @property
    def name(self) -> str:
        held = f", down for {self.hold.total_seconds():g} s" if self.hold else ""
        return self.how.value + held

    @contextmanager
    def injected(self, capture: Capture) -> Iterator[FaultTimeline]:
        """Broken inside the `with`; running again on leaving it, however left.

        Raises Inconclusive when it did not break.
        """
        timeline = FaultTimeline(self.name, injected_ns=clock.now_ns())
        before, part = capture.reader_pid(), self._part(capture)
        if before is None and part is None:
            raise Inconclusive("Nobody reads the replication slot: there is nothing to restart.")
        interrupted = False
        try:
            self._break(capture, part)
            self._await(lambda: _gone(capture, part, before), "the old reader to be gone")
            timeline.proven_broken()
            timeline.proofs.append(
                part.seen()
                if before is None and part is not None
                else f"server process {before} feeds the connector no longer"
            )
            timeline.hold(self.hold)
            yield timeline
        except KeyboardInterrupt:
            interrupted = True
            raise
        finally:
            timeline.heal_begins()
            with uninterrupted():
                self._start_again(part, broken=bool(timeline.outages))
            if not interrupted:
                self._prove_healed(capture, part, before, timeline)

    def _part(self, capture: Capture) -> PartControl | None:
        """The process that ends; None where only Connect is asked to restart something."""
        if self.how in DATABASES:
            return capture.database_server()
        return None if self.how in (How.CONNECTOR, How.TASK) else capture.worker()

    def _break(self, capture: Capture, part: PartControl | None) -> None:
        if part is None:
            ask = capture.restart_connector if self.how is How.CONNECTOR else capture.restart_task
            ask()
        elif self.how in CRASHES:
            part.kill()
        elif not part.stop():
            raise Inconclusive("It did not end gracefully: it had to be killed.")

    def _start_again(self, part: PartControl | None, *, broken: bool) -> None:
        if part is None:
            return
        if part.alive() and not broken:
            # Told to end, and we were cut off while it did: it can't stay like that.
            part.kill()
        if not part.alive():
            part.start()

    def _prove_healed(
        self,
        capture: Capture,
        part: PartControl | None,
        before: int | None,
        timeline: FaultTimeline,
    ) -> None:
        asked_ns = 0

        def another_reader() -> bool:
            nonlocal asked_ns
            if capture.reader_pid() not in (None, before):
                return True
            if part is not None and not part.alive():
                # A crashed server's children may hold on to its memory for a moment.
                part.start()
            failure = capture.failure()
            if failure and clock.now_ns() - asked_ns > ASK_AGAIN_S * clock.NS_PER_S:
                capture.restart_task()
                asked_ns = clock.now_ns()
                timeline.proofs.append(f"its task had FAILED and was restarted by us: {failure}")
            return False

        timeline.prove_healed(
            lambda: self._await(another_reader, "another reader of the slot"),
            "another server process feeds the connector",
            (Inconclusive,),
        )

    def _await(self, seen: Callable[[], bool], what: str) -> None:
        try:
            wait_until(seen, bool, self.patience, what, tolerate=(StackError,))
        except NotInTime as error:
            raise Inconclusive(f"Not seen: {what}.", seen=str(error)) from error


def _gone(capture: Capture, part: PartControl | None, before: int | None) -> bool:
    if before is None:
        return part is not None and not part.alive()
    return capture.reader_pid() != before
