"""Stacks beside the one under test, for what would harm it: another disk, another controller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from support.stack.ports import (
    ConnectControl,
    DatabaseControl,
    LogSource,
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
