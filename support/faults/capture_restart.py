"""A part of change data capture is restarted: the connector, its task, the worker or PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from support.errors import Inconclusive, NotInTime, StackError
from support.faults.capture import Capture
from support.faults.capture_help import CaptureHelp
from support.faults.fault import SystemUnderTest
from support.faults.injection import injection
from support.faults.timeline import FaultTimeline
from support.stack.capabilities import ConnectControl, DatabaseControl
from support.stack.lifecycle import Component, PartControl
from support.waiting import wait_until


class How(Enum):
    CONNECTOR = "restart of the connector"
    TASK = "restart of the connector's task"
    WORKER = "graceful restart (SIGTERM) of the Connect worker"
    WORKER_CRASH = "crash (SIGKILL) and restart of the Connect worker"
    WORKER_UPGRADE = "upgrade of the Connect worker, with Debezium"
    DATABASE = "graceful restart of PostgreSQL"
    DATABASE_CRASH = "crash (SIGKILL) and restart of PostgreSQL"


REQUESTS = {How.CONNECTOR, How.TASK}
"""Kafka Connect is asked to restart something; no process ends."""

CRASHES = {How.WORKER_CRASH, How.DATABASE_CRASH}
DATABASES = {How.DATABASE, How.DATABASE_CRASH}


@dataclass(frozen=True)
class CaptureRestart:
    """A part is restarted. The slot proves it: another server process then feeds the connector.

    The status that Kafka Connect reports is no proof: after a crash it can be the one from before.
    During a snapshot nothing reads the slot yet; then the end of the process proves the fault.
    `hold`: how long the part stays down. If the task FAILED because of the restart, it is restarted
    as well. If the started process ends, it is started once more. The timeline records both, so
    that a check can judge them.
    """

    how: How
    patience: timedelta
    hold: timedelta = timedelta()

    @property
    def name(self) -> str:
        held = f", down for {self.hold.total_seconds():g} s" if self.hold else ""
        return self.how.value + held

    @property
    def lasts(self) -> timedelta:
        return self.hold

    @property
    def needs(self) -> type[ConnectControl] | type[DatabaseControl] | None:
        if self.how in REQUESTS:
            return None
        return DatabaseControl if self.how in DATABASES else ConnectControl

    @property
    def breaks(self) -> Component:
        return Component.POSTGRES if self.how in DATABASES else Component.CONNECT

    def target(self, system: SystemUnderTest) -> Capture:
        if system.capture is None:
            raise Inconclusive("The scenario has no connector that could be restarted.")
        return system.capture

    @contextmanager
    def injected(self, capture: Capture) -> Iterator[FaultTimeline]:
        before, part = capture.reader_pid(), self._part(capture)
        if before is None and part is None:
            raise Inconclusive("Nothing reads the replication slot: there is nothing to restart.")
        with injection(
            self.name,
            heal=lambda timeline: self._heal(capture, part, timeline),
            works_again=lambda timeline: self._await_reader(capture, part, before, timeline),
            proof="another server process feeds the connector",
            failing=(Inconclusive,),
        ) as timeline:
            self._break(capture, part)
            self._await(lambda: _gone(capture, part, before), "the old reader to be gone")
            timeline.proven_broken()
            timeline.proofs.append(
                part.seen()
                if before is None and part is not None
                else f"server process {before} no longer feeds the connector"
            )
            timeline.hold(self.hold)
            yield timeline

    def _part(self, capture: Capture) -> PartControl | None:
        """The process that ends; None if none does."""
        if self.how in DATABASES:
            return capture.database_server()
        return None if self.how in REQUESTS else capture.worker()

    def _break(self, capture: Capture, part: PartControl | None) -> None:
        if self.how is How.CONNECTOR:
            capture.restart_connector()
        elif part is None:
            capture.restart_task()
        elif self.how in CRASHES:
            part.kill()
        elif not part.stop():
            raise Inconclusive(f"{_named(self.how)} did not end gracefully: it had to be killed.")

    def _heal(self, capture: Capture, part: PartControl | None, timeline: FaultTimeline) -> None:
        if self.how is How.WORKER_UPGRADE:
            capture.upgrade_worker()
        self._start_again(part, broken=bool(timeline.outages))

    def _start_again(self, part: PartControl | None, *, broken: bool) -> None:
        if part is None:
            return
        if part.alive() and not broken:
            # An interruption ended the wait for its graceful stop: it may still be ending.
            part.kill()
        if not part.alive():
            part.start()

    def _await_reader(
        self,
        capture: Capture,
        part: PartControl | None,
        before: int | None,
        timeline: FaultTimeline,
    ) -> None:
        again = self.how is How.DATABASE_CRASH
        help_given = CaptureHelp(_named(self.how), capture, part, timeline, may_start_twice=again)

        def another_reader() -> bool:
            if capture.reader_pid() not in (None, before):
                return True
            help_given.start_what_ended()
            # The first call raises StackError until Kafka Connect answers. Before that, a slot that
            # nothing reads does not prove a loss.
            failure, lost = capture.failure(), capture.lost()
            if lost:
                raise Inconclusive(lost)
            help_given.restart_task_after(failure)
            return False

        self._await(another_reader, "another reader of the slot")

    def _await(self, seen: Callable[[], bool], what: str) -> None:
        try:
            wait_until(seen, bool, self.patience, what, tolerate=(StackError,))
        except NotInTime as error:
            raise Inconclusive(f"Not seen: {what}.", seen=str(error)) from error


def _named(how: How) -> str:
    return "PostgreSQL" if how in DATABASES else "the Connect worker"


def _gone(capture: Capture, part: PartControl | None, before: int | None) -> bool:
    if before is None:
        return part is not None and not part.alive()
    return capture.reader_pid() != before
