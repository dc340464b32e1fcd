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
        self._plugins = plugins
        self._config = folder / "worker.properties"
        self.process = Supervised(
            Recipe(
                folder.name,
                jvm.command(
                    "org.apache.kafka.connect.cli.ConnectDistributed",
                    [self._config.name],
                    heap=heap,
                    log=self.log.name,
                ),
                folder,
                folder / "connect.out",
            ),
            records,
        )
        self.worker = Worker(self.address, self.process.alive, self._last_words, self._logged)

    def start(self, worker: Mapping[str, str], bootstrap: str) -> None:
        """Begins to start the worker."""
        self._folder.mkdir(parents=True, exist_ok=True)
        own = {
            "bootstrap.servers": bootstrap,
            "listeners": self.address.url,
            "rest.advertised.host.name": LOOPBACK,
            "rest.advertised.port": str(self._port),
            "plugin.path": str(self._plugins),
        }
        write_properties(self._config, {**worker, **own})
        self.process.start()

    def close(self) -> None:
        """Ends it for good and removes its folder."""
        self.process.close()
        self.remove_files()

    def remove_files(self) -> None:
        """Removes its folder, with the log of an earlier run."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _last_words(self) -> str:
        return f"{tail(self.log, 10)}\n{self.process.tail(8)}"

    def _logged(self) -> str:
        return self.log.read_text(errors="replace")
