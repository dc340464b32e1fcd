"""Kafka Connect with the Debezium plugin as a local process, and its connector."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from support.clients.connect_address import ConnectAddress
from support.clients.logfile import tail
from support.java_properties import write_properties
from support.stack.capture import Worker
from support.stack.embedded.jvm import Jvm
from support.stack.listening import LOOPBACK
from support.stack.processes.supervised import Recipe, Supervised


class EmbeddedConnect:
    """One worker. It may be started before the broker is ready: it retries until it is."""

    def __init__(
        self, folder: Path, port: int, heap: str, jvm: Jvm, plugins: Path, records: Path
    ) -> None:
        """The name of `folder` is also the name of its process record."""
        self.address = ConnectAddress(f"http://{LOOPBACK}:{port}")
        self.log = folder / "connect.log"
        self._port = port
        self._folder = folder
        self._plugins, self._heap = plugins, heap
        self._config = folder / "worker.properties"
        self._properties: Mapping[str, str] = {}
        self.process = Supervised(self._recipe(jvm), records)
        self.worker = Worker(self.address, self.process.alive, self._last_words, self._logged)

    def start(self, worker: Mapping[str, str], bootstrap: str) -> None:
        """Begins to start the worker."""
        self._folder.mkdir(parents=True, exist_ok=True)
        own = {
            "bootstrap.servers": bootstrap,
            "listeners": self.address.url,
            "rest.advertised.host.name": LOOPBACK,
            "rest.advertised.port": str(self._port),
        }
        self._properties = {**worker, **own}
        self._write_config()
        self.process.start()

    def switch(self, jvm: Jvm, plugins: Path) -> None:
        """Uses these jars and these plugins from the next start on."""
        self._plugins = plugins
        self._write_config()
        self.process.recipe = self._recipe(jvm)

    def close(self) -> None:
        """Ends it for good and removes its folder."""
        self.process.close()
        self.remove_files()

    def remove_files(self) -> None:
        """Removes its folder, with the log of an earlier run."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _write_config(self) -> None:
        write_properties(self._config, {**self._properties, "plugin.path": str(self._plugins)})

    def _recipe(self, jvm: Jvm) -> Recipe:
        command = jvm.command(
            "org.apache.kafka.connect.cli.ConnectDistributed",
            [self._config.name],
            heap=self._heap,
            log=self.log.name,
        )
        return Recipe(self._folder.name, command, self._folder, self._folder / "connect.out")

    def _last_words(self) -> str:
        return f"{tail(self.log, 10)}\n{self.process.tail(8)}"

    def _logged(self) -> str:
        return self.log.read_text(errors="replace")
