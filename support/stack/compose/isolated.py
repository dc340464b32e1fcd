"""Isolated brokers, workers, disks and stacks as containers of the stack's Compose project."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Protocol, TypeVar

from support.baseline import Baseline
from support.settings import Settings
from support.stack.addresses import DatabaseAddress
from support.stack.compose.isolated_container import (
    BrokerContainer,
    ContainerSite,
    WorkerContainer,
)
from support.stack.compose.project import ISOLATED, ComposeProject
from support.stack.compose.volume_disk import VolumeDisk
from support.stack.isolated import IsolatedShape
from support.stack.isolated_stack import IsolatedNodes, IsolatedStack, shaped
from support.stack.lifecycle import PartControl

INSIDE = "kafka:29092"
"""The address of the stack's broker for other containers of the project."""


class _Closable(Protocol):
    def close(self) -> None: ...


Part = TypeVar("Part", bound=_Closable)


class IsolatedContainers:
    """Creates them, named after the project, and ends all of them with the stack."""

    def __init__(
        self,
        project: ComposeProject,
        settings: Settings,
        home: Path,
        images: Mapping[str, str],
        patience: timedelta,
    ) -> None:
        """`images`: service (kafka, connect) -> the image of its container."""
        self._project, self._home, self._images = project, home, images
        self._heaps = {"kafka": settings.kafka_heap, "connect": settings.connect_heap}
        self._patience = patience
        self._open: list[_Closable] = []
        self._count = 0

    def broker(self, properties: Mapping[str, str]) -> BrokerContainer:
        """A broker that is its own controller; format() creates its container."""
        return self._keep(BrokerContainer(self._site("broker"), properties))

    def worker(self, properties: Mapping[str, str], bootstrap: str = INSIDE) -> WorkerContainer:
        """A Kafka Connect worker that answers."""
        worker = self._keep(WorkerContainer(self._site("connect"), properties, bootstrap))
        try:
            worker.worker.await_answers(self._patience)
        except BaseException:
            worker.close()
            raise
        return worker

    def stack(
        self,
        shape: IsolatedShape,
        baseline: Baseline,
        database: tuple[DatabaseAddress, PartControl],
    ) -> IsolatedStack:
        """A stack of that shape; not started. Raises Unavailable if it needs a small disk that
        the engine can't provide."""
        own, place = shaped(baseline, shape), self._site("broker")

        def start_worker() -> WorkerContainer:
            return self.worker(own.worker, f"{place.name}:29092")

        return self._keep(
            IsolatedStack(
                "compose, isolated",
                own,
                self._nodes(shape, own.broker, place),
                database,
                start_worker if shape.connect else None,
                self._patience,
            )
        )

    def close(self) -> None:
        """Ends all of them, the last one first. If one fails to end, the others are still ended."""
        with ExitStack() as closing:
            while self._open:
                closing.callback(self._open.pop(0).close)

    def _nodes(
        self, shape: IsolatedShape, properties: Mapping[str, str], place: ContainerSite
    ) -> IsolatedNodes:
        disk, volume = None, ""
        if shape.disk_bytes:
            volume = f"{place.name}-disk"
            disk = VolumeDisk(place.project, volume, place.image, shape.disk_bytes)
        if not shape.split:
            return IsolatedNodes(BrokerContainer(place, properties, volume=volume), None, disk)
        apart = self._site("controller")
        controller = BrokerContainer(apart, properties, roles="controller", controller=apart.name)
        broker = BrokerContainer(
            place, properties, roles="broker", controller=apart.name, volume=volume
        )
        return IsolatedNodes(broker, controller, disk)

    def _keep(self, part: Part) -> Part:
        self._open.append(part)
        return part

    def _site(self, kind: str) -> ContainerSite:
        self._count += 1
        name = f"{self._project.name}{ISOLATED}{kind}-{self._count}"
        service = "connect" if kind == "connect" else "kafka"
        return ContainerSite(
            self._project, name, self._images[service], self._heaps[service], self._home / name
        )
