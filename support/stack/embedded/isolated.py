"""Isolated brokers, workers, disks and stacks as local processes, and the user's Kafka UI."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from support.baseline import Baseline
from support.clients.kafka_address import KafkaAddress
from support.clients.kafka_ui_address import KafkaUiAddress
from support.removal import remove_each
from support.settings import Settings
from support.stack.addresses import DatabaseAddress
from support.stack.artefacts.files import StackFiles
from support.stack.embedded.broker import COMBINED, BrokerSite, EmbeddedBroker
from support.stack.embedded.connect import EmbeddedConnect
from support.stack.embedded.kafka_ui import EmbeddedKafkaUi
from support.stack.embedded.small_disk import NamespaceDisk
from support.stack.embedded.two_versions import EmbeddedVersions
from support.stack.isolated import IsolatedShape
from support.stack.isolated_stack import IsolatedNodes, IsolatedStack, shaped
from support.stack.lifecycle import PartControl
from support.stack.listening import choose_port

PORTS = {"kafka": 19_092, "controller": 19_093, "connect": 18_083, "kafka_ui": 8081}
"""Ports that are tried first. They differ from the usual ones, where users may run a stack; Kafka
UI has its usual one."""

FOLDER = "isolated-"
"""Prefix of the folder of each of these processes."""


class _Closable(Protocol):
    def close(self) -> None: ...


class IsolatedProcesses:
    """Creates them, each in its own folder below `home`, and ends all of them with the stack."""

    def __init__(self, settings: Settings, home: Path, records: Path) -> None:
        self._settings, self._home, self._records = settings, home, records
        self._patience = timedelta(seconds=60 * settings.patience)
        self._open: list[_Closable] = []
        self._ui: EmbeddedKafkaUi | None = None
        self._count = 0

    def broker(
        self, files: StackFiles, properties: Mapping[str, str], disk: NamespaceDisk | None = None
    ) -> EmbeddedBroker:
        """A broker that is its own controller; not started."""
        return self._node(files, properties, COMBINED, _free_port("controller"), disk)

    def worker(
        self, files: StackFiles, properties: Mapping[str, str], kafka: KafkaAddress
    ) -> EmbeddedConnect:
        """A Kafka Connect worker that answers."""
        worker = EmbeddedConnect(
            self._folder("connect"),
            _free_port("connect"),
            self._settings.connect_heap,
            files.jvm,
            files.plugins,
            self._records,
        )
        self._open.append(worker)
        try:
            worker.start(properties, kafka.bootstrap)
            worker.worker.await_answers(self._patience)
        except BaseException:
            worker.close()
            raise
        return worker

    def stack(
        self,
        shape: IsolatedShape,
        baseline: Baseline,
        files: StackFiles,
        database: tuple[DatabaseAddress, PartControl],
        after: Callable[[], StackFiles],
    ) -> IsolatedStack:
        """A stack of that shape; not started. Raises Unavailable if it needs a small disk that
        can't be mounted here.

        `after`: the files after an upgrade, for a shape that can be upgraded.
        """
        own, versions = shaped(baseline, shape), None
        broker, controller, disk = self._nodes(shape, own, files)
        nodes = IsolatedNodes(broker, controller, disk)
        if shape.upgrades:
            versions = EmbeddedVersions(self._settings, broker, files, after(), self._records)

        def start_worker() -> EmbeddedConnect:
            worker = self.worker(files, own.worker, broker.kafka)
            if versions:
                versions.worker = worker
            return worker

        return IsolatedStack(
            "embedded, isolated",
            own,
            nodes,
            database,
            start_worker if shape.connect else None,
            self._patience,
            versions,
        )

    def kafka_ui(self, files: StackFiles, jar: Path, kafka: KafkaAddress) -> KafkaUiAddress:
        """The address of a Kafka UI, which the first call starts."""
        if self._ui is None:
            port = choose_port("kafka_ui_port", self._settings.kafka_ui_port, PORTS["kafka_ui"])
            self._ui = EmbeddedKafkaUi(
                self._folder("kafka-ui"), port, jar, files.jvm, kafka.bootstrap, self._records
            )
            self._open.append(self._ui)
            self._ui.start(self._patience)
        return self._ui.address

    def close(self) -> None:
        """Ends all, the latest first, also after one that could not be ended."""
        opened, self._open = self._open, []
        remove_each(*(each.close for each in reversed(opened)))

    def _nodes(
        self, shape: IsolatedShape, baseline: Baseline, files: StackFiles
    ) -> tuple[EmbeddedBroker, EmbeddedBroker | None, NamespaceDisk | None]:
        """The broker, the controller if it is separate, and the broker's small disk."""
        disk = self._disk(shape.disk_bytes) if shape.disk_bytes else None
        if not shape.split:
            return self.broker(files, baseline.broker, disk), None, disk
        port = _free_port("controller")
        broker = self._node(files, baseline.broker, "broker", port, disk)
        return broker, self._node(files, baseline.broker, "controller", port), disk

    def _disk(self, size: int) -> NamespaceDisk:
        """A disk that is mounted."""
        disk = NamespaceDisk(self._folder("disk"), size, self._records)
        self._open.append(disk)
        return disk

    def _node(
        self,
        files: StackFiles,
        properties: Mapping[str, str],
        roles: str,
        controller_port: int,
        disk: NamespaceDisk | None = None,
    ) -> EmbeddedBroker:
        folder = self._folder(roles.split(",")[0])
        site = BrokerSite(
            folder.name,
            folder,
            _free_port("kafka"),
            controller_port,
            self._settings.kafka_heap,
            roles=roles,
            disk=disk,
        )
        node = EmbeddedBroker(site, files.jvm, properties, self._records)
        self._open.append(node)
        return node

    def _folder(self, what: str) -> Path:
        self._count += 1
        return self._home / f"{FOLDER}{what}-{self._count}"


def _free_port(name: str) -> int:
    return choose_port(f"{name}_port", None, PORTS[name])
