"""The connector of a scenario, as its Kafka Connect worker reports it."""

from __future__ import annotations

from collections.abc import Mapping

from support.clients.connect import ConnectClient, ConnectorState, OffsetsUnknown
from support.clients.connect_address import ConnectAddress
from support.errors import StackError
from support.record.capture import CommittedOffset, TaskRecord

FLUSH_INTERVAL, DEFAULT_FLUSH_MS = "offset.flush.interval.ms", "60000"
"""How often a worker commits source offsets, and Kafka Connect's default."""


class Connector:
    """A connector by its name. Methods raise StackError when Connect refuses or is away."""

    def __init__(self, name: str, address: ConnectAddress) -> None:
        self.client = ConnectClient(address)
        self.settings: Mapping[str, str] = {}
        """The settings with which it was last registered."""
        self._name = name

    def register(self, settings: Mapping[str, str]) -> None:
        """Creates the connector, or changes it."""
        self.settings = dict(settings)
        self.client.put_config(self._name, self.settings)

    def state(self) -> ConnectorState:
        """Returns the states of the connector and its tasks."""
        return self.client.state(self._name)

    def failure(self) -> str:
        """Returns the first line of a failed task's trace; empty when none has FAILED."""
        state = self.state()
        failed = "FAILED" in (state.connector, *state.tasks)
        return (state.trace.splitlines() or ["without a trace"])[0] if failed else ""

    def failure_reason(self, mark: str) -> str:
        """Returns the line with `mark` in a failed task's trace, else its first line."""
        failure, trace = self.failure(), self.state().trace
        marked = [line.strip() for line in trace.splitlines() if mark in line]
        return (marked or [failure])[0] if failure else ""

    def restart(self) -> None:
        """Restarts the connector and its tasks."""
        self.client.restart(self._name)

    def restart_task(self) -> None:
        """Restarts its only task."""
        self.client.restart_task(self._name, 0)

    def committed_offset(self, worker: Mapping[str, str]) -> CommittedOffset:
        """Returns the source offset that Connect has committed; `worker` has its settings."""
        flush_ms = flush_interval_ms(worker)
        try:
            return CommittedOffset(self.client.committed_lsn(self._name), "", flush_ms)
        except OffsetsUnknown as error:
            return CommittedOffset(None, error.what, flush_ms)

    def task_record(self) -> TaskRecord:
        """Returns the states as they are recorded, also of a worker that does not answer."""
        try:
            state = self.state()
        except StackError as error:
            return TaskRecord("unknown", (), trouble=str(error))
        return TaskRecord(state.connector, state.tasks, state.trace)


def flush_interval_ms(worker: Mapping[str, str]) -> int:
    """Returns how often a worker with these settings commits source offsets, in ms."""
    return int(worker.get(FLUSH_INTERVAL, DEFAULT_FLUSH_MS))
