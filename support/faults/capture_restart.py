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
from support.faults.healing import healed
from support.faults.timeline import FaultTimeline
from support.stack.lifecycle import PartControl
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

    def lost(self) -> str:
        """Why nobody can ever read the slot again; empty while somebody can."""

    def worker(self) -> PartControl: ...
    def database_server(self) -> PartControl: ...


@dataclass(frozen=True)
class CaptureRestart:
    """Proven by the slot: another server process feeds the connector afterwards.

    Connect's own status is no proof: after a crash it tells the state before it. In a snapshot
    nobody reads the slot yet: then it is the end of the process that proves the fault. A task
    that FAILED because of the restart is restarted, a process that ended again is started again;
    the timeline keeps both, to be judged. `hold`: how long it stays down.
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

        def heal() -> None:
            timeline.heal_begins()
            self._start_again(part, broken=bool(timeline.outages))

        with healed(heal, lambda: self._prove_healed(capture, part, before, timeline)):
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
        help_given = _Help(self.how, capture, part, timeline)

        def another_reader() -> bool:
            if capture.reader_pid() not in (None, before):
                return True
            help_given.start_what_ended()
            # Not before Connect answers: it has to give the connector up.
            failure, lost = capture.failure(), capture.lost()
            if lost:
                raise Inconclusive(lost)
            help_given.restart_task_after(failure)
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


class _Help:
    """What the suite does, as an operator would, for something that does not come back."""

    def __init__(
        self, how: How, capture: Capture, part: PartControl | None, timeline: FaultTimeline
    ) -> None:
        self._how, self._capture, self._part, self._timeline = how, capture, part, timeline
        self._asked_ns = 0
        self._may_find_own_processes = how is How.DATABASE_CRASH

    def start_what_ended(self) -> None:
        """Start the process once more that was started and is not there."""
        if self._part is not None and not self._part.alive():
            self._start(self._part)

    def restart_task_after(self, failure: str) -> None:
        """Restart a task that FAILED, not too often; `failure` is empty when none did."""
        if failure and clock.now_ns() - self._asked_ns > ASK_AGAIN_S * clock.NS_PER_S:
            self._capture.restart_task()
            self._asked_ns = clock.now_ns()
            self._timeline.had_to_restart(
                f"its task had FAILED and was restarted by the suite: {failure}"
            )

    def _start(self, part: PartControl) -> None:
        if self._may_find_own_processes:
            # They hold on to its shared memory for a moment; PostgreSQL does not start then.
            self._may_find_own_processes = False
            self._timeline.proofs.append(
                "started again: at its first start processes of the crashed server were still there"
            )
        else:
            what = "PostgreSQL" if self._how in DATABASES else "the Connect worker"
            self._timeline.had_to_start_again(
                f"{what} ended after it was started, and was started again by the suite"
            )
        part.start()


def _gone(capture: Capture, part: PartControl | None, before: int | None) -> bool:
    if before is None:
        return part is not None and not part.alive()
    return capture.reader_pid() != before
