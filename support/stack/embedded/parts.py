"""The three processes of the embedded stack: broker, Kafka Connect and PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from support.baseline import Baseline
from support.clients.usage import Usage, usage_of_process
from support.interruption import interruptible
from support.removal import remove_each
from support.settings import Settings
from support.stack.addresses import Endpoints
from support.stack.artefacts.files import StackFiles
from support.stack.embedded.broker import BrokerSite, EmbeddedBroker
from support.stack.embedded.connect import EmbeddedConnect
from support.stack.embedded.postgres import EmbeddedPostgres
from support.stack.lifecycle import Component, PartStatus
from support.stack.processes.supervised import Supervised


@dataclass(frozen=True)
class Parts:
    """The processes, and their ports by name (kafka, controller ...)."""

    ports: Mapping[str, int]
    broker: EmbeddedBroker
    connect: EmbeddedConnect
    postgres: EmbeddedPostgres

    @property
    def endpoints(self) -> Endpoints:
        return Endpoints(self.broker.kafka, self.connect.address, self.postgres.address)

    def processes(self) -> dict[Component, Supervised]:
        return {
            Component.BROKER: self.broker.process,
            Component.CONNECT: self.connect.process,
            Component.POSTGRES: self.postgres.process,
        }

    def start(self, worker: Mapping[str, str]) -> None:
        """Starts all, PostgreSQL up to its first answer. `worker`: Kafka Connect's settings.

        Raises StackError.
        """
        with ThreadPoolExecutor(2) as pool:
            jobs = [pool.submit(self.broker.format), pool.submit(self.postgres.start)]
            with interruptible():
                for job in jobs:
                    job.result()
        self.broker.start()
        self.connect.remove_files()
        self.connect.start(worker, self.broker.kafka.bootstrap)

    def close(self) -> None:
        """Ends all and removes the data of what ended, also after a part that could not be ended.

        Connect ends first: without a broker it would spend its grace period on reconnecting.
        """
        remove_each(self.connect.process.close, self._close_servers)

    def _close_servers(self) -> None:
        with ThreadPoolExecutor(2) as pool:
            jobs = [pool.submit(end) for end in (self._close_broker, self.postgres.close)]
        remove_each(*(job.result for job in jobs))

    def _close_broker(self) -> None:
        self.broker.process.close()
        shutil.rmtree(self.broker.data, ignore_errors=True)

    def status(self) -> list[PartStatus]:
        database = self.postgres.address
        addresses = {
            Component.BROKER: str(self.broker.kafka),
            Component.CONNECT: self.connect.address.url,
            Component.POSTGRES: database.place,
        }
        return [
            PartStatus(which, process.state(), addresses[which], process.pid)
            for which, process in self.processes().items()
        ]

    def usage(self) -> Mapping[Component, Usage]:
        """The usage of each process that is alive."""
        folders = {Component.BROKER: self.broker.data, Component.POSTGRES: self.postgres.data}
        found = {
            which: usage_of_process(process.pid, folders.get(which))
            for which, process in self.processes().items()
            if process.pid is not None
        }
        return {which: usage for which, usage in found.items() if usage}


def describe_parts(
    settings: Settings,
    baseline: Baseline | None,
    files: StackFiles,
    ports: Mapping[str, int],
    records: Path,
) -> Parts:
    """The parts, each with its folder below `.stack/` and its process record in `records`.

    Without a baseline they can be inspected and ended, but not started.
    """
    properties, schema_sql = (baseline.broker, baseline.schema_sql) if baseline else ({}, "")
    home = settings.home
    connect = EmbeddedConnect(
        home / "connect",
        ports["connect"],
        settings.connect_heap,
        files.jvm,
        files.plugins,
        records,
    )
    postgres = EmbeddedPostgres(
        home / "postgres", ports["postgres"], schema_sql, records, settings.postgres_version
    )
    broker = EmbeddedBroker(_site(settings, ports), files.jvm, properties, records)
    return Parts(dict(ports), broker, connect, postgres)


def _site(settings: Settings, ports: Mapping[str, int]) -> BrokerSite:
    return BrokerSite(
        "broker",
        settings.home / "broker",
        ports["kafka"],
        ports["controller"],
        settings.kafka_heap,
        ports["jmx"],
        ports["relayed"],
        ports["relay"],
    )
