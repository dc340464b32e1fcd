"""The containers of the stack: one for each part."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from support.clients.kafka_address import KafkaAddress
from support.clients.usage import Usage
from support.stack.compose.project import ComposeProject
from support.stack.docker.broker import ContainerBroker
from support.stack.docker.network import ContainerNetwork
from support.stack.lifecycle import Component

SERVICES = {Component.BROKER: "kafka", Component.CONNECT: "connect", Component.POSTGRES: "postgres"}
DATA = {
    Component.BROKER: ("/var/lib/kafka/data",),
    Component.POSTGRES: ("/var/lib/postgresql/data",),
}


class ComposeParts:
    """The containers by component. Their logs are copied to the folder `home`."""

    def __init__(self, project: ComposeProject, home: Path, kafka: KafkaAddress) -> None:
        self.project = project
        self._kafka = kafka
        # Created once: each remembers when it was started.
        self._containers = {
            which: ContainerBroker(
                service, partial(project.container, service), home / f"{which.value}.log", kafka
            )
            for which, service in SERVICES.items()
        }

    def __getitem__(self, which: Component) -> ContainerBroker:
        return self._containers[which]

    def ended(self) -> list[str]:
        """The names of the parts that do not run."""
        return [which.value for which, part in self._containers.items() if part.state() != "up"]

    def logs(self) -> Mapping[str, Path]:
        """Component -> a new copy of its container's log. Logs that can't be read are left out."""
        copies = {which.value: part.copy_log() for which, part in self._containers.items()}
        return {name: path for name, path in copies.items() if path is not None}

    def usage(self) -> Mapping[Component, Usage]:
        """The usage of the containers that run, measured at the same time."""
        with ThreadPoolExecutor(len(self._containers)) as pool:
            found = pool.map(
                lambda item: item[1].usage(DATA.get(item[0], ())), self._containers.items()
            )
            seen = dict(zip(self._containers, found, strict=True))
        return {which: usage for which, usage in seen.items() if usage}

    def network(self) -> ContainerNetwork:
        """The network of the broker's container."""
        find = partial(self.project.container, SERVICES[Component.BROKER])
        return ContainerNetwork(find, self._kafka)

    def image(self, service: str) -> str:
        """The name of a service's image. Raises StackError if it has no container."""
        return str(self.project.container(service).attrs["Config"]["Image"])

    def versions(self) -> Mapping[str, str]:
        """The images, and the version of the Docker engine."""
        parts = {"kafka": "kafka", "debezium": "connect", "postgres": "postgres"}
        images = {name: self.image(service) for name, service in parts.items()}
        return {**images, "docker": str(self.project.client.version()["Version"])}
