"""Runs Kafka's own tools against a cluster that others run, with the jars of the embedded stack."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from support.clients.kafka_address import KafkaAddress
from support.errors import StackError, Unavailable
from support.java_properties import write_properties
from support.progress import Progress
from support.settings import Settings
from support.stack.artefacts.fetch import fetch
from support.stack.artefacts.lockfile import Lock
from support.stack.artefacts.platform import java
from support.stack.client_file.java_clients import java_settings
from support.stack.embedded.jvm import Jvm
from support.stack.processes.commands import run_to_end
from support.stack.processes.records import end_leftovers

CONFIG_OF = {
    "org.apache.kafka.tools.ProducerPerformance": "--producer.config",
    "org.apache.kafka.tools.ConsumerPerformance": "--consumer.config",
}
"""Main class -> its option for a file of client settings."""


class AttachedTools:
    """Kafka's tools as processes of this host, with files in `.stack/attach`."""

    def __init__(self, settings: Settings, kafka: KafkaAddress, progress: Progress) -> None:
        self._settings, self._kafka, self._progress = settings, kafka, progress
        self._folder = settings.home / "attach"
        self._records = self._folder / "processes"
        self._file = self._folder / "tools.properties"

    def clean(self) -> None:
        """Ends what a killed run left, and removes the file with its secrets."""
        end_leftovers(self._records)
        self._file.unlink(missing_ok=True)

    def run(self, main: str, arguments: Sequence[str], within: timedelta) -> str:
        """See KafkaTools.run_tool(). Raises Unavailable without the jars, or if Java's clients
        can't do what the cluster's security asks for."""
        jvm = Jvm(*self._java(), Path())
        with self._client_settings(main) as options:
            command = jvm.command(main, [*arguments, *options], heap="512m", log="tools.log")
            done = run_to_end("kafka-tool", command, self._folder, self._records, within)
        return self._kafka.without_secrets(done.words)

    def _java(self) -> tuple[Path, tuple[Path, ...]]:
        settings = self._settings
        try:
            lock = Lock.read(f"kafka-{settings.kafka_version}")
            jars = fetch(lock, settings.cache, settings.maven_mirror, self._progress)
            return java(), tuple(jars)
        except StackError as error:
            raise Unavailable(
                "Kafka's own tools can't be downloaded.", seen=error.what, then="make setup"
            ) from error

    @contextmanager
    def _client_settings(self, main: str) -> Iterator[tuple[str, ...]]:
        """The options that name a file with the cluster's security; it exists only meanwhile."""
        if not self._kafka.security.keys() - {"broker.address.family"}:
            yield ()
            return
        try:
            settings = java_settings(self._kafka.security)
        except OSError as error:
            raise Unavailable(
                "Kafka's tools can't read a file of client_config.", seen=str(error)
            ) from error
        self._folder.mkdir(parents=True, exist_ok=True)
        self._file.unlink(missing_ok=True)
        os.close(os.open(self._file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            write_properties(self._file, settings)
            yield (CONFIG_OF[main], str(self._file))
        finally:
            self._file.unlink(missing_ok=True)
