"""A stack and its parts: how they are started and stopped, and what state they are in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Protocol, runtime_checkable

from support.baseline import Baseline
from support.clients.kafka_address import KafkaAddress
from support.clients.readiness import FirstRecord
from support.stack.addresses import Endpoints


class Component(Enum):
    """The parts of the system under test."""

    BROKER = "broker"
    CONNECT = "connect"
    POSTGRES = "postgres"


@dataclass(frozen=True)
class PartStatus:
    """One line of `make status`: a part, its state (up, paused, down ...) and its address."""

    component: Component
    state: str
    address: str
    pid: int | None


class Stack(Protocol):
    """A running system under test. What else a target can do: see capabilities.py."""

    @property
    def name(self) -> str: ...
    @property
    def shared(self) -> bool:
        """Whether other people use it. Then the suite removes only what this run created."""

    @property
    def outlives_run(self) -> bool:
        """Whether it stays up, with its data, when the run ends."""

    @property
    def baseline(self) -> Baseline: ...
    @property
    def endpoints(self) -> Endpoints: ...
    @property
    def versions(self) -> Mapping[str, str]: ...
    def start(self) -> None:
        """Starts it, or takes over one that is up. Raises StackError with the cause."""

    def stop(self) -> None:
        """Ends what start() started, and nothing else. May be called again."""

    def status(self) -> Sequence[PartStatus]: ...
    def cdc_trouble(self) -> Exception | None:
        """The reason why change data capture is not available; None if it is available."""


@runtime_checkable
class LocalStack(Protocol):
    """A stack that the suite starts itself, and that can stay up between commands.

    It has methods but no properties: in Python 3.11 isinstance() reads properties, and reading the
    endpoints of a stack that does not run fails.
    """

    def start(self) -> None:
        """See Stack.start()."""

    def stop(self) -> None:
        """See Stack.stop()."""

    def status(self) -> Sequence[PartStatus]:
        """See Stack.status()."""

    def leave_running(self) -> None:
        """Lets later commands use it: `make up`."""

    def find_running(self) -> bool:
        """Takes over one that was left running; False if there is none."""

    def take_down(self) -> list[str]:
        """Ends it, whoever started it: `make down`. Returns the names of what was ended."""

    def fetch(self) -> None:
        """Downloads the files that it needs: `make setup`."""

    def logs(self) -> Mapping[str, Path]:
        """Returns part -> path of its log."""


class PartControl(Protocol):
    """One process of a stack that can be stopped, crashed and started."""

    def start(self) -> None: ...
    def stop(self) -> bool:
        """Stops it gracefully; False if it did not end in time and was killed."""

    def kill(self) -> None: ...
    def alive(self) -> bool: ...
    def seen(self) -> str:
        """Its present state in words, with the source (the operating system, or Docker)."""


class PausableControl(PartControl, Protocol):
    """A process that can be frozen as well."""

    def pause(self) -> None:
        """Freezes it: it stays alive and connected, and does nothing."""

    def resume(self) -> None: ...
    def paused(self) -> bool: ...


class BrokerControl(PausableControl, Protocol):
    """One broker process that can be stopped, crashed, paused and started.

    start() returns before the broker is ready.
    """

    @property
    def kafka(self) -> KafkaAddress: ...
    @property
    def spawned_ns(self) -> int:
        """Monotonic time at which the last start began."""

    @property
    def incarnation(self) -> str:
        """An identifier of this run of the process: it changes with every start. Empty if the
        process has ended."""

    def await_ready(self, within: timedelta) -> FirstRecord:
        """Waits until one record is acknowledged and fetched.

        Raises StackError, with the last lines of the log, when that does not happen in time.
        """

    def last_words(self) -> str:
        """The last errors of its log and its output: the reason why it ended."""

    @property
    def log(self) -> Path: ...
