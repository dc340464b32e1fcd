"""Brokers, workers and disks beside those of the stack, for measuring without harm."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from support.settings import Settings
from support.stack.artefacts.files import StackFiles
from support.stack.embedded.broker import COMBINED, BrokerSite, EmbeddedBroker
from support.stack.embedded.connect import EmbeddedConnect
from support.stack.embedded.kafka_ui import EmbeddedKafkaUi
from support.stack.embedded.small_disk import SmallDisk
from support.stack.listening import choose_port

PORTS = {"kafka": 19_092, "controller": 19_093, "connect": 18_083, "kafka_ui": 8081}
"""Away from the usual ports, where a user may have a stack of his own; Kafka UI's is the usual."""


class _Closable(Protocol):
    def close(self) -> None: ...


class Spares:
    """Each in a folder `spare-...` of its own; all are ended with the stack."""

    def __init__(self, settings: Settings, home: Path, records: Path) -> None:
        self._settings, self._home, self._records = settings, home, records
        self._open: list[_Closable] = []
        self._ui: EmbeddedKafkaUi | None = None
        self._count = 0

    def broker(
        self, files: StackFiles, properties: Mapping[str, str], disk: SmallDisk | None = None
    ) -> EmbeddedBroker:
        """Not started; its own controller."""
        return self._node(files, properties, COMBINED, _free_port("controller"), disk)

    def broker_and_controller(
        self, files: StackFiles, properties: Mapping[str, str], disk: SmallDisk | None = None
    ) -> tuple[EmbeddedBroker, EmbeddedBroker]:
        """Not started; a process for each."""
        control = _free_port("controller")
        return (
            self._node(files, properties, "broker", control, disk),
            self._node(files, properties, "controller", control),
        )

    def _node(
        self,
        files: StackFiles,
        properties: Mapping[str, str],
        roles: str,
        control: int,
        disk: SmallDisk | None = None,
    ) -> EmbeddedBroker:
        folder = self._folder(roles.split(",")[0])
        site = BrokerSite(
            folder.name,
            folder,
            _free_port("kafka"),
            control,
            self._settings.kafka_heap,
            roles=roles,
            disk=disk,
        )
        spare = EmbeddedBroker(site, files.jvm, properties, self._records)
        self._open.append(spare)
        return spare

    def kafka_ui(self, files: StackFiles, jar: Path, bootstrap: str) -> str:
        """The URL of a Kafka UI, started when it is asked for the first time."""
        if self._ui is None:
            port = choose_port("kafka_ui_port", self._settings.kafka_ui_port, PORTS["kafka_ui"])
            self._ui = EmbeddedKafkaUi(
                self._folder("kafka-ui"), port, jar, files.jvm, bootstrap, self._records
            )
            self._open.append(self._ui)
            self._ui.start(timedelta(seconds=60 * self._settings.patience))
        return self._ui.url

    def disk(self, size: int) -> SmallDisk:
        """Mounted already. Raises Unavailable where that can't be."""
        disk = SmallDisk(self._folder("disk"), size, self._records)
        self._open.append(disk)
        return disk

    def worker(
        self, files: StackFiles, properties: Mapping[str, str], bootstrap: str
    ) -> EmbeddedConnect:
        """Started and answering."""
        settings = self._settings
        spare = EmbeddedConnect(
            self._folder("connect"),
            _free_port("connect"),
            settings.connect_heap,
            files.jvm,
            files.plugins,
            self._records,
        )
        self._open.append(spare)
        try:
            spare.start(properties, bootstrap)
            spare.worker.await_answers(timedelta(seconds=60 * settings.patience))
        except BaseException:
            spare.close()
            raise
        return spare

    def close(self) -> None:
        while self._open:
            self._open.pop().close()

    def _folder(self, what: str) -> Path:
        self._count += 1
        return self._home / f"spare-{what}-{self._count}"


def _free_port(name: str) -> int:
    return choose_port(f"{name}_port", None, PORTS[name])
