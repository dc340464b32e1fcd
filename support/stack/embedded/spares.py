"""Brokers and workers beside those of the stack, for measuring without harm."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from support.settings import Settings
from support.stack.embedded.broker import BrokerSite, EmbeddedBroker
from support.stack.embedded.connect import EmbeddedConnect
from support.stack.embedded.files import StackFiles
from support.stack.embedded.listening import choose_port

PORTS = {"kafka": 19_092, "controller": 19_093, "connect": 18_083}
"""Away from the usual ports, where a user may have a stack of his own."""


class _Closable(Protocol):
    def close(self) -> None: ...


class Spares:
    """Each in a folder `spare-...` of its own; all are ended with the stack."""

    def __init__(self, settings: Settings, home: Path, records: Path) -> None:
        self._settings, self._home, self._records = settings, home, records
        self._open: list[_Closable] = []
        self._count = 0

    def broker(self, files: StackFiles, properties: Mapping[str, str]) -> EmbeddedBroker:
        """Not started."""
        folder = self._folder("broker")
        port, control = _free_port("kafka"), _free_port("controller")
        site = BrokerSite(folder.name, folder, port, control, self._settings.kafka_heap)
        spare = EmbeddedBroker(site, files.jvm, properties, self._records)
        self._open.append(spare)
        return spare

    def worker(
        self, files: StackFiles, properties: Mapping[str, str], bootstrap: str
    ) -> EmbeddedConnect:
        """Started and answering."""
        settings = self._settings
        spare = EmbeddedConnect(
            self._folder("connect"), _free_port("connect"), settings.connect_heap, files.jvm,
            files.plugins, self._records,
        )  # fmt: skip
        self._open.append(spare)
        spare.start(properties, bootstrap)
        spare.await_answers(timedelta(seconds=60 * settings.patience))
        return spare

    def close(self) -> None:
        while self._open:
            self._open.pop().close()

    def _folder(self, what: str) -> Path:
        self._count += 1
        return self._home / f"spare-{what}-{self._count}"


def _free_port(name: str) -> int:
    return choose_port(f"{name}_port", None, PORTS[name])
