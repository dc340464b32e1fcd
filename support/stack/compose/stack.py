"""The compose target: the repository's docker-compose.yml, started and ended by the suite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from support.baseline import Baseline
from support.clients.kafka_ui_address import KafkaUiAddress
from support.clients.usage import Usage
from support.errors import Unavailable
from support.progress import Progress
from support.settings import Settings
from support.stack.addresses import Endpoints
from support.stack.capabilities import Lack
from support.stack.compose.launcher import PROJECT, ComposeLauncher
from support.stack.database import DATABASE
from support.stack.docker.broker import ContainerBroker
from support.stack.docker.container import Container
from support.stack.docker.network import ContainerNetwork
from support.stack.isolated import IsolatedBroker, IsolatedShape, IsolatedWorker
from support.stack.isolated_stack import IsolatedStack
from support.stack.lifecycle import Component, PartStatus
from support.stack.listening import LOOPBACK
from support.stack.relay import Relay
from support.stack.web_addresses import kafka_ui_address

IN_ENGLISH = "-Duser.language=en -Duser.country=US"
"""Options of a JVM in a container, whose output the suite reads, whatever its image's locale is."""


class ComposeStack:
    """Implements LocalStack, and every capability."""

    name = "compose"
    shared = False
    lacks: ClassVar[Mapping[type[Any], Lack]] = {}

    def __init__(self, settings: Settings, progress: Progress, project: str = PROJECT) -> None:
        self._launcher = ComposeLauncher(settings, progress, project)

    # -- Stack ---------------------------------------------------------------------------

    @property
    def outlives_run(self) -> bool:
        return self._launcher.outlives_run

    @cached_property
    def baseline(self) -> Baseline:
        return self._launcher.baseline

    @property
    def endpoints(self) -> Endpoints:
        return self._launcher.endpoints

    @property
    def versions(self) -> Mapping[str, str]:
        return self._launcher.versions

    def start(self) -> None:
        self._launcher.start()

    def stop(self) -> None:
        self._launcher.stop()

    def status(self) -> list[PartStatus]:
        ends, parts = self.endpoints, self._launcher.running()
        addresses = {
            Component.BROKER: str(ends.kafka),
            Component.CONNECT: ends.connect.url,
            Component.POSTGRES: f"{LOOPBACK}:{ends.database.port}/{DATABASE}",
        }
        return [
            PartStatus(which, parts[which].state(), address, parts[which].pid or None)
            for which, address in addresses.items()
        ]

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
        self._launcher.fetch()

    # -- capabilities --------------------------------------------------------------------

    def broker(self) -> ContainerBroker:
        return self._launcher.running()[Component.BROKER]

    def connect_worker(self) -> Container:
        return self._launcher.running()[Component.CONNECT]

    def database_server(self) -> Container:
        return self._launcher.running()[Component.POSTGRES]

    def broker_network(self) -> ContainerNetwork:
        return self._launcher.running().network()

    def broker_incarnation(self) -> str:
        return self.broker().incarnation

    def broker_last_words(self) -> str:
        return self.broker().last_words()

    def link(self) -> Relay:
        ports = self._launcher.ports
        return Relay(ports["relay"], ports["relayed"], self.endpoints.kafka)

    def isolated_broker(self, overrides: Mapping[str, str]) -> IsolatedBroker:
        return self._launcher.isolated().broker({**self.baseline.broker, **overrides})

    def isolated_worker(self, worker: Mapping[str, str]) -> IsolatedWorker:
        return self._launcher.isolated().worker(worker)

    def isolated_stack(self, shape: IsolatedShape) -> IsolatedStack:
        database = (self.endpoints.database, self.database_server())
        isolated = self._launcher.isolated().stack(shape, self.baseline, database)
        isolated.start()
        return isolated

    def jmx_url(self) -> str:
        return f"http://{LOOPBACK}:{self._launcher.ports['jmx']}/jolokia/"

    def run_tool(self, main: str, arguments: Sequence[str], within: timedelta) -> str:
        # The broker's listener for this host has the same address inside its container.
        java = {"KAFKA_HEAP_OPTS": "-Xmx512m", "KAFKA_OPTS": IN_ENGLISH, "JAVA_TOOL_OPTIONS": ""}
        return self.broker().run(["kafka-run-class", main, *arguments], java, within)

    def kafka_ui(self) -> KafkaUiAddress:
        launcher = self._launcher
        if launcher.settings.kafka_ui:
            return kafka_ui_address(launcher.settings)
        if launcher.ui_trouble:
            raise Unavailable(
                "There is no Kafka UI.",
                seen=launcher.ui_trouble,
                then="-D kafka_ui_image=NAME names an image that can be pulled",
            )
        return KafkaUiAddress(f"http://{LOOPBACK}:{launcher.ports['kafka_ui']}")

    def logs(self) -> Mapping[str, Path]:
        parts = self._launcher.parts
        return parts.logs() if parts is not None else {}

    def usage(self) -> Mapping[Component, Usage]:
        return self._launcher.running().usage()

    def unmeasured(self) -> Mapping[str, str]:
        return {}
