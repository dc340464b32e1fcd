"""Stacks beside the one under test, for what would harm it: another disk, another controller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from support.errors import Inconclusive
from support.stack.ports import (
    ConnectControl,
    DatabaseControl,
    LogSource,
    PartStatus,
    ProcessControl,
    Stack,
)


@dataclass(frozen=True)
class Shape:
    """How a stack beside differs from the one under test.

    `broker`: settings of it. `split`: the controller is a process of its own. `disk_bytes`: its
    data is on a file system of that size. `connect`: it has a Kafka Connect worker, which
    captures from the same database.
    """

    broker: Mapping[str, str] = field(default_factory=dict)
    split: bool = False
    disk_bytes: int = 0
    connect: bool = False


class ControllerProcess(Protocol):
    """The process in which the KRaft controller lives; the broker itself where they are one."""

    def start(self) -> None: ...
    def stop(self) -> bool:
        """Graceful; False when it had to be killed after all."""

    def kill(self) -> None: ...
    def alive(self) -> bool: ...
    def seen(self) -> str:
        """What can be seen of it now, in words, and by whom it is said."""

    def pause(self) -> None: ...
    def resume(self) -> None: ...
    def paused(self) -> bool: ...


class SmallDisk(Protocol):
    """A file system of a broker's own, which files of others can fill."""

    def free_bytes(self) -> int: ...
    def occupy(self, size: int | None = None) -> int:
        """Another tenant's file: of `size` bytes, or of all that is free. Its size."""

    def release(self) -> int:
        """Remove what was occupied; its size."""


class StackAside(Stack, ProcessControl, ConnectControl, DatabaseControl, LogSource, Protocol):
    """Started already; the database is that of the stack under test."""

    def controller(self) -> ControllerProcess: ...
    def disk(self) -> SmallDisk:
        """Raises Inconclusive when its shape has none."""

    def close(self) -> None:
        """End it and remove its data."""


@runtime_checkable
class StacksAside(Protocol):
    """The target can bring up stacks beside its own."""

    def stack_aside(self, shape: Shape) -> StackAside:
        """Started and serving. Raises Unavailable where this machine can't, with what would."""


class Part(Protocol):
    """A broker, controller or worker of a stack beside."""

    @property
    def log(self) -> Path: ...
    def close(self) -> None: ...


class BrokerPart(Part, Protocol):
    @property
    def incarnation(self) -> str: ...
    def last_words(self) -> str: ...


class ClosableDisk(SmallDisk, Protocol):
    def close(self) -> None: ...


class Beside:
    """What stacks beside do alike, whatever their parts are: processes or containers."""

    shared = False
    outlives_run = False
    _broker: BrokerPart
    _controller: Part | None
    _connect: Part | None
    _disk: ClosableDisk | None

    @property
    def versions(self) -> Mapping[str, str]:
        return {}

    def stop(self) -> None:
        """End every part, and the disk last; one that fails does not keep the others."""
        with ExitStack() as closing:
            for part in (self._disk, self._controller, self._broker, self._connect):
                if part is not None:
                    closing.callback(part.close)

    close = stop

    def status(self) -> Sequence[PartStatus]:
        return ()

    def cdc_trouble(self) -> Exception | None:
        return None

    def broker_incarnation(self) -> str:
        return self._broker.incarnation

    def broker_last_words(self) -> str:
        return self._broker.last_words()

    def disk(self) -> SmallDisk:
        if self._disk is None:
            raise Inconclusive("The broker has no disk of its own.")
        return self._disk

    def logs(self) -> Mapping[str, Path]:
        parts = {"broker": self._broker, "controller": self._controller, "connect": self._connect}
        return {name: part.log for name, part in parts.items() if part is not None}
