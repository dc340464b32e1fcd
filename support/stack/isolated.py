"""Isolated stacks and parts: started apart from the stack under test, which stays unharmed.

Scenarios use them for what would harm the stack under test (a full disk, a lost controller) and
for what needs other settings than its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Protocol, runtime_checkable

from support.clients.connect_address import ConnectAddress
from support.stack.lifecycle import BrokerControl, PartControl, PausableControl


@dataclass(frozen=True)
class IsolatedShape:
    """How an isolated stack differs from the one under test.

    `broker`: settings that override the broker's. `split`: the controller is a separate process.
    `disk_bytes`: the size of a separate file system for the broker's data; 0 for none. `connect`:
    with a Kafka Connect worker, which captures changes of the database of the stack under test.
    `upgrades`: its parts can be started in the versions after an upgrade.
    """

    broker: Mapping[str, str] = field(default_factory=dict)
    split: bool = False
    disk_bytes: int = 0
    connect: bool = False
    upgrades: bool = False


class Version(Enum):
    BEFORE = "the version before the upgrade"
    AFTER = "the version after the upgrade"


class SmallDisk(Protocol):
    """A small file system that only one broker uses, and that other files can fill."""

    def free_bytes(self) -> int: ...
    def occupy(self, size: int | None = None) -> int:
        """Writes another file of `size` bytes, or of all free bytes. Returns its size."""

    def release(self) -> int:
        """Removes that file. Returns its size."""

    def close(self) -> None: ...


class IsolatedBroker(BrokerControl, Protocol):
    """A broker with its own data folder, apart from the stack's."""

    def format(self) -> None:
        """Creates an empty, formatted data folder: part of a cold start."""

    def discard(self) -> None:
        """Ends it at once; its data is not needed any more."""

    @property
    def prepared(self) -> str:
        """The name of the milestone of a cold start that format() reaches."""

    def close(self) -> None:
        """Ends it and removes its data."""


class IsolatedWorker(Protocol):
    """A Kafka Connect worker with its own group and topics, apart from the stack's."""

    @property
    def address(self) -> ConnectAddress: ...
    @property
    def process(self) -> PartControl: ...
    @property
    def log(self) -> Path: ...
    def close(self) -> None: ...


@runtime_checkable
class IsolatedBrokers(Protocol):
    """An isolated broker can be started, to measure its start-up without harm."""

    def isolated_broker(self, overrides: Mapping[str, str]) -> IsolatedBroker: ...


@runtime_checkable
class IsolatedWorkers(Protocol):
    """An isolated Kafka Connect worker can be started, with other settings."""

    def isolated_worker(self, worker: Mapping[str, str]) -> IsolatedWorker:
        """A worker that answers. `worker` holds all its settings except addresses and folders."""


@runtime_checkable
class ControllerControl(Protocol):
    """The KRaft controller can be stopped, crashed and paused."""

    def controller(self) -> PausableControl:
        """The controller's process; the broker's, if both are one process."""


@runtime_checkable
class DiskControl(Protocol):
    """The broker's disk can be filled."""

    def broker(self) -> BrokerControl: ...
    def disk(self) -> SmallDisk:
        """The broker's small disk. Raises Inconclusive if its data is on the host's disk."""


class TwoVersions(Protocol):
    """The parts of an isolated stack, each with the versions before and after an upgrade."""

    def names(self, which: Version) -> Mapping[str, str]:
        """Part (kafka, connect, debezium) -> the name of that version."""

    def use_broker(self, which: Version) -> None:
        """Lets a stopped broker start in that version, on a copy of its data."""

    def undo_broker(self) -> None:
        """Undoes the last use_broker(): the version and the data from before it."""

    def use_worker(self, which: Version) -> None:
        """Lets a stopped worker start in that version, with that version of the plugin."""

    def broker_version(self) -> str:
        """The version that the broker logged at its last start; empty if it logged none."""

    def finalise(self, within: timedelta) -> str:
        """Lifts metadata.version to that of the version after the upgrade.

        Returns the output of Kafka's tool. Raises StackError if it fails.
        """


@runtime_checkable
class UpgradeControl(Protocol):
    """The broker and the Kafka Connect worker can be started in another version."""

    def broker(self) -> BrokerControl: ...
    def upgrade(self) -> TwoVersions:
        """Its two versions. Raises Inconclusive if the stack has only one."""
