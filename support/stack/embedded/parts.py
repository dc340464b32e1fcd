"""The three processes of the embedded stack, described but not started."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from support.baseline import Baseline
from support.settings import Settings
from support.stack.artefacts.files import StackFiles
from support.stack.embedded.broker import BrokerSite, EmbeddedBroker
from support.stack.embedded.connect import EmbeddedConnect
from support.stack.embedded.postgres import EmbeddedPostgres
from support.stack.embedded.processes import Supervised
from support.stack.ports import Component


@dataclass(frozen=True)
class Parts:
    """The processes, and the ports they were given by name (kafka, controller ...)."""

    ports: Mapping[str, int]
    broker: EmbeddedBroker
    connect: EmbeddedConnect
    postgres: EmbeddedPostgres

    def processes(self) -> dict[Component, Supervised]:
        return {
            Component.BROKER: self.broker.process,
            Component.CONNECT: self.connect.process,
            Component.POSTGRES: self.postgres.process,
        }


def describe_parts(
    settings: Settings,
    baseline: Baseline | None,
    files: StackFiles,
    ports: Mapping[str, int],
    records: Path,
) -> Parts:
    """Each part with its folder under `.stack/` and its process record in `records`. Without a
    baseline they can be looked at and ended, and not be started."""
    broker, schema_sql = (baseline.broker, baseline.schema_sql) if baseline else ({}, "")
    home, heap = settings.home, settings.kafka_heap
    site = BrokerSite(
        "broker",
        home / "broker",
        ports["kafka"],
        ports["controller"],
        heap,
        ports["jmx"],
        ports["relayed"],
        ports["relay"],
    )
    return Parts(
        dict(ports),
        EmbeddedBroker(site, files.jvm, broker, records),
        EmbeddedConnect(
            home / "connect",
            ports["connect"],
            settings.connect_heap,
            files.jvm,
            files.plugins,
            records,
        ),
        EmbeddedPostgres(home / "postgres", ports["postgres"], schema_sql, records),
    )
