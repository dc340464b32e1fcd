"""An isolated stack, composed of parts that a target provides: processes or containers."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol, runtime_checkable

from support.baseline import Baseline
from support.clients.connect_address import ConnectAddress
from support.errors import Inconclusive
from support.stack.addresses import DatabaseAddress, Endpoints
from support.stack.isolated import (
    IsolatedBroker,
    IsolatedShape,
    IsolatedWorker,
    SmallDisk,
    TwoVersions,
)
from support.stack.lifecycle import PartControl, PartStatus, PausableControl


@dataclass(frozen=True)
class IsolatedNodes:
    """The Kafka nodes of an isolated stack, and the disk of its broker.

    `controller` is None if the broker is its own controller.
    """

    broker: IsolatedBroker
    controller: IsolatedBroker | None = None
    disk: SmallDisk | None = None


class IsolatedStack:
    """A stack with its own Kafka and the database of the stack under test.

    Implements Stack, ProcessControl, BrokerLife, ConnectControl, DatabaseControl, LogSource,
    ControllerControl, DiskControl and UpgradeControl.
    """

    shared = False
    outlives_run = False

    def __init__(
        self,
        name: str,
        baseline: Baseline,
        nodes: IsolatedNodes,
        database: tuple[DatabaseAddress, PartControl],
        start_worker: Callable[[], IsolatedWorker] | None,
        patience: timedelta,
        two_versions: TwoVersions | None = None,
    ) -> None:
        """`start_worker` starts its Kafka Connect worker; None: it has none.

        `two_versions`: None if its parts can't be upgraded.
        """
        self.name, self.baseline, self._nodes = name, baseline, nodes
        self._address, self._database = database
        self._start_worker, self._patience = start_worker, patience
        self._two_versions = two_versions
        self._worker: IsolatedWorker | None = None

    @property
    def endpoints(self) -> Endpoints:
        connect = self._worker.address if self._worker else ConnectAddress("")
        return Endpoints(self._nodes.broker.kafka, connect, self._address)

    @property
    def versions(self) -> Mapping[str, str]:
        return {}

    def start(self) -> None:
        """Starts it up to the first record and, with a worker, to the worker's first answer.

        Raises StackError; nothing is left running then.
        """
        nodes = [each for each in (self._nodes.controller, self._nodes.broker) if each]
        try:
            with ThreadPoolExecutor(len(nodes)) as pool:
                list(pool.map(lambda node: node.format(), nodes))
            for node in nodes:
                node.start()
            self._nodes.broker.await_ready(self._patience)
            if self._start_worker is not None:
                self._worker = self._start_worker()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ends every part, the disk last. If one fails to end, the others are still ended."""
        nodes = self._nodes
        with ExitStack() as closing:
            for part in (nodes.disk, nodes.controller, nodes.broker, self._worker):
                if part is not None:
                    closing.callback(part.close)

    close = stop

    def status(self) -> Sequence[PartStatus]:
        return ()

    def cdc_trouble(self) -> Exception | None:
        return None

    # -- capabilities --------------------------------------------------------------------

    def broker(self) -> IsolatedBroker:
        return self._nodes.broker

    def broker_incarnation(self) -> str:
        return self._nodes.broker.incarnation

    def broker_last_words(self) -> str:
        return self._nodes.broker.last_words()

    def controller(self) -> PausableControl:
        return self._nodes.controller or self._nodes.broker

    def connect_worker(self) -> PartControl:
        """The worker's process. Raises Inconclusive if the shape has no worker."""
        if self._worker is None:
            raise Inconclusive("The isolated stack has no Kafka Connect worker.")
        return self._worker.process

    def database_server(self) -> PartControl:
        return self._database

    def disk(self) -> SmallDisk:
        """The broker's small disk. Raises Inconclusive if the shape has none."""
        if self._nodes.disk is None:
            raise Inconclusive("The broker of the isolated stack has no disk that can be filled.")
        return self._nodes.disk

    def upgrade(self) -> TwoVersions:
        """Its two versions. Raises Inconclusive if the stack has only one."""
        if self._two_versions is None:
            raise Inconclusive("The isolated stack has no version to upgrade to.")
        return self._two_versions

    def logs(self) -> Mapping[str, Path]:
        nodes = self._nodes
        parts = {"broker": nodes.broker, "controller": nodes.controller, "connect": self._worker}
        return {name: part.log for name, part in parts.items() if part is not None}


@runtime_checkable
class IsolatedStacks(Protocol):
    """An isolated stack can be started, with a separate controller or a small disk."""

    def isolated_stack(self, shape: IsolatedShape) -> IsolatedStack:
        """A started stack that serves clients.

        Raises Unavailable, with the remedy, if this machine can't run one of that shape.
        """


def shaped(baseline: Baseline, shape: IsolatedShape) -> Baseline:
    """The baseline with the shape's broker settings in force."""
    return dataclasses.replace(baseline, broker={**baseline.broker, **shape.broker})
