"""A broker in a container of its own, so that start-up is measured as a container's (FR-002)."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docker.errors import NotFound

from support.baseline import write_properties
from support.errors import StackError
from support.settings import ROOT
from support.stack.compose.broker import ContainerBroker
from support.stack.compose.project import ComposeProject
from support.stack.listening import LOOPBACK, choose_port

START = ROOT / "support" / "stack" / "compose" / "start-kafka.sh"
DATA = "/var/lib/kafka/data"
USUAL_PORT = 19_092


class SpareContainer(ContainerBroker):
    """Implements ports.SpareBroker. Its container formats its volume when it starts the first time,
    as a fresh one of docker-compose.yml does."""

    def __init__(
        self,
        project: ComposeProject,
        image: str,
        properties: Mapping[str, str],
        folder: Path,
        heap: str,
    ) -> None:
        self._engine, self._image = project.client, image
        self._folder, self._heap = folder, heap
        self._port = choose_port("kafka_port", None, USUAL_PORT)
        self._made: Any = None
        name = f"{project.name}-{folder.name}"
        super().__init__(name, self._container, folder / "broker.log", f"{LOOPBACK}:{self._port}")
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "baseline").mkdir(parents=True)
        write_properties(folder / "baseline" / "broker.properties", properties)

    def format(self) -> None:
        """A new container with an empty volume."""
        self._remove()
        port = f"{self._port}/tcp"
        self._made = self._engine.containers.create(
            self._image,
            ["bash", "/validation/start-kafka.sh"],
            name=self.name,
            environment={
                "HOST_PORT": str(self._port),
                "RELAYED_PORT": "29094",
                "RELAY_PORT": "29094",
                "INSIDE_NAME": LOOPBACK,
                "KAFKA_HEAP_OPTS": f"-Xmx{self._heap}",
            },
            ports={port: (LOOPBACK, self._port)},
            volumes={
                str(self._folder / "baseline"): {"bind": "/validation/baseline", "mode": "ro"},
                str(START): {"bind": "/validation/start-kafka.sh", "mode": "ro"},
                self.name: {"bind": DATA, "mode": "rw"},
            },
        )

    prepared = "container created"

    def discard(self) -> None:
        """With its volume, so that a start does not pay for the removal of the one before."""
        self._remove()

    def close(self) -> None:
        self._remove()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _container(self) -> Any:
        if self._made is None:
            raise StackError("This broker has not been made yet.")
        return self._made

    def _remove(self) -> None:
        """What a killed run left under this name, too."""
        for gone in (self._engine.containers, self._engine.volumes):
            try:
                found = gone.get(self.name)
            except NotFound:
                continue
            found.remove(force=True)
        self._made = None
