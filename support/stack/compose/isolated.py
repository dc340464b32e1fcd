"""A stack beside the stack in containers of its own: another controller, another disk."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta

from support.baseline import Baseline
from support.errors import Inconclusive
from support.stack.compose.isolated_container import SpareConnect, SpareContainer, SpareSite
from support.stack.docker.container import Container
from support.stack.docker.volume_disk import VolumeDisk
from support.stack.isolated import Beside, Shape
from support.stack.ports import DatabaseAddress, Endpoints


class ComposeAside(Beside):
    """Implements aside.StackAside."""

    name = "compose, aside"
    _broker: SpareContainer
    _controller: SpareContainer | None
    _connect: SpareConnect | None
    _disk: VolumeDisk | None

    def __init__(
        self,
        shape: Shape,
        baseline: Baseline,
        site: Callable[[str], SpareSite],
        database: tuple[DatabaseAddress, Container],
        patience: timedelta,
    ) -> None:
        """`site`: from the kind of a part (broker, connect) to where it lives."""
        properties = {**baseline.broker, **shape.broker}
        self.baseline = dataclasses.replace(baseline, broker=properties)
        self._shape, self._site, self._patience = shape, site, patience
        self._address, self._database = database
        self._disk = None
        self._controller = None
        self._connect = None
        place, volume = site("broker"), ""
        if shape.disk_bytes:
            disk = f"{place.name}-disk"
            self._disk = VolumeDisk(place.project, disk, place.image, shape.disk_bytes)
            volume = disk
        apart = ""
        if shape.split:
            at = site("controller")
            apart = at.name
            self._controller = SpareContainer(at, properties, roles="controller", controller=apart)
        roles = "broker" if apart else "broker,controller"
        self._broker = SpareContainer(
            place, properties, roles=roles, controller=apart, volume=volume
        )

    @property
    def endpoints(self) -> Endpoints:
        url = self._connect.url if self._connect else ""
        return Endpoints(self._broker.bootstrap, url, self._address)

    def start(self) -> None:
        """To the first record; with a worker, to its first answer."""
        for node in (self._controller, self._broker):
            if node is not None:
                node.format()
                node.start()
        self._broker.await_ready(self._patience)
        if self._shape.connect:
            inside = f"{self._broker.name}:29092"
            self._connect = SpareConnect(self._site("connect"), self.baseline.worker, inside)
            self._connect.worker.await_answers(self._patience)

    # -- capabilities --------------------------------------------------------------------

    def broker(self) -> SpareContainer:
        return self._broker

    def controller(self) -> SpareContainer:
        return self._controller or self._broker

    def connect_worker(self) -> Container:
        if self._connect is None:
            raise Inconclusive("There is no Kafka Connect worker.")
        return self._connect.process

    def database_server(self) -> Container:
        return self._database
