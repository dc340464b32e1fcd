"""Containers of isolated brokers and Kafka Connect workers."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.clients.connect_address import ConnectAddress
from support.clients.kafka_address import KafkaAddress
from support.errors import StackError
from support.java_properties import write_properties
from support.settings import ROOT
from support.stack.capture import Worker
from support.stack.compose.configuration import memory_for
from support.stack.compose.project import ComposeProject
from support.stack.docker.broker import ContainerBroker
from support.stack.docker.container import Container
from support.stack.docker.worker import worker_in
from support.stack.listening import LOOPBACK, choose_port

SCRIPTS = ROOT / "support" / "stack" / "compose"
DATA = "/var/lib/kafka/data"
USUAL_PORT, USUAL_CONNECT_PORT = 19_092, 18_083


@dataclass(frozen=True)
class ContainerSite:
    """Where an isolated container belongs: its project, name, image and heap, and a folder of this
    host for the files that are mounted into it."""

    project: ComposeProject
    name: str
    image: str
    heap: str
    folder: Path

    def create(self, script: str, baseline: str, pairs: Mapping[str, str], **more: Any) -> Any:
        """Creates a container that runs one of the suite's scripts with a file of the baseline."""
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "baseline").mkdir(parents=True)
        write_properties(self.folder / "baseline" / baseline, pairs)
        binds = {
            str(self.folder / "baseline"): {"bind": "/validation/baseline", "mode": "ro"},
            str(SCRIPTS / script): {"bind": f"/validation/{script}", "mode": "ro"},
        }
        more["volumes"] = {**binds, **more.get("volumes", {})}
        more["mem_limit"] = memory_for(self.heap)
        return self.project.client.containers.create(
            self.image,
            entrypoint=["bash", f"/validation/{script}"],
            name=self.name,
            hostname=self.name,
            network=f"{self.project.name}_default",
            **more,
        )

    def remove(self) -> None:
        """Removes the container and the volume of this name, also those of an earlier run."""
        self.project.remove(self.name)


class BrokerContainer(ContainerBroker):
    """Implements IsolatedBroker. The container formats its volume at its first start, as a fresh
    one of docker-compose.yml does."""

    prepared = "container created"

    def __init__(
        self,
        site: ContainerSite,
        properties: Mapping[str, str],
        *,
        roles: str = "broker,controller",
        controller: str = "",
        volume: str = "",
    ) -> None:
        """`controller`: the name of its controller's container; empty: it is its own controller.
        `volume`: the volume for its data; empty: one that is named after the container."""
        self._site, self._properties = site, properties
        self._roles, self._controller = roles, controller
        self._volume = volume or site.name
        self._port = choose_port("kafka_port", None, USUAL_PORT)
        self._made: Any = None
        super().__init__(
            site.name,
            self._container,
            site.folder / "broker.log",
            KafkaAddress(f"{LOOPBACK}:{self._port}"),
        )

    def format(self) -> None:
        """Creates a new container with an empty volume."""
        self._site.remove()
        node = 2 if self._roles == "controller" else 1
        voters = f"2@{self._controller}:29093" if self._controller else ""
        # A separate controller has no clients; its broker needs the port.
        alone = self._roles == "controller"
        ports = {} if alone else {f"{self._port}/tcp": (LOOPBACK, self._port)}
        self._made = self._site.create(
            "start-kafka.sh",
            "broker.properties",
            self._properties,
            environment={
                "HOST_PORT": str(self._port),
                "RELAYED_PORT": "29094",
                "RELAY_PORT": "29094",
                "INSIDE_NAME": self.name,
                "PROCESS_ROLES": self._roles,
                "NODE_ID": str(node),
                "VOTERS": voters,
                "KAFKA_HEAP_OPTS": f"-Xmx{self._site.heap}",
            },
            ports=ports,
            volumes={self._volume: {"bind": DATA, "mode": "rw"}},
        )

    def discard(self) -> None:
        """Removes the container and its volume; the next start would include the time for it."""
        self._site.remove()
        self._made = None

    def close(self) -> None:
        self.discard()
        shutil.rmtree(self._site.folder, ignore_errors=True)

    def _container(self) -> Any:
        if self._made is None:
            raise StackError("This broker has not been made yet.")
        return self._made


class WorkerContainer:
    """A Kafka Connect worker in a container; implements IsolatedWorker."""

    def __init__(self, site: ContainerSite, worker: Mapping[str, str], bootstrap: str) -> None:
        """Starts it. `bootstrap`: the broker's address for containers of the project."""
        port = choose_port("connect_port", None, USUAL_CONNECT_PORT)
        self.address = ConnectAddress(f"http://{LOOPBACK}:{port}")
        self._site = site
        site.remove()
        made = site.create(
            "start-connect.sh",
            "connect-worker.properties",
            worker,
            environment={"BOOTSTRAP": bootstrap, "KAFKA_HEAP_OPTS": f"-Xmx{site.heap}"},
            ports={"8083/tcp": (LOOPBACK, port)},
        )
        self.process = Container(site.name, lambda: made, site.folder / "connect.log")
        try:
            self.process.start()
        except BaseException:
            self.close()
            raise

    @property
    def log(self) -> Path:
        return self.process.log

    @property
    def worker(self) -> Worker:
        return worker_in(self.process, self.address)

    def close(self) -> None:
        self._site.remove()
        shutil.rmtree(self._site.folder, ignore_errors=True)
