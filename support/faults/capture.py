"""Change data capture as faults see it."""

from __future__ import annotations

from typing import Protocol

from support.stack.lifecycle import PartControl


class Capture(Protocol):
    """A connector with its replication slot, and the processes that it depends on."""

    def reader_pid(self) -> int | None:
        """The server process that feeds the connector; None if none does."""

    def restart_connector(self) -> None: ...
    def restart_task(self) -> None: ...
    def failure(self) -> str:
        """The first line of a failed task's trace; empty if no task failed."""

    def lost(self) -> str:
        """The reason why the slot can never be read again; empty if it can."""

    def worker(self) -> PartControl: ...
    def upgrade_worker(self) -> None:
        """Lets the stopped worker start in the version after an upgrade, with Debezium's."""

    def database_server(self) -> PartControl: ...
