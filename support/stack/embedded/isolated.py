"""A stack beside the stack: a broker and, if wanted, a worker of its own, and the same database."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from support.baseline import Baseline
from support.errors import Inconclusive
from support.stack.artefacts.files import StackFiles
from support.stack.embedded.broker import EmbeddedBroker
from support.stack.embedded.connect import EmbeddedConnect
from support.stack.embedded.isolated_parts import Spares
from support.stack.embedded.processes import Supervised
from support.stack.embedded.small_disk import SmallDisk
from support.stack.isolated import Beside, Shape
from support.stack.ports import DatabaseAddress, Endpoints


class EmbeddedAside(Beside):
    """Implements aside.StackAside."""

    name = "embedded, aside"
    _broker: EmbeddedBroker
    _controller: EmbeddedBroker | None
    _connect: EmbeddedConnect | None
    _disk: SmallDisk | None

    def __init__(
        self,
        shape: Shape,
        baseline: Baseline,
        spares: Spares,
        files: StackFiles,
        database: tuple[DatabaseAddress, Supervised],
        patience: timedelta,
    ) -> None:
        """Nothing is started yet but the small disk; raises Unavailable without one."""
        properties = {**baseline.broker, **shape.broker}
        self.baseline = dataclasses.replace(baseline, broker=properties)
        self._shape, self._spares, self._files, self._patience = shape, spares, files, patience
        self._address, self._database = database
        self._disk = spares.disk(shape.disk_bytes) if shape.disk_bytes else None
        self._controller = None
        self._connect = None
        if shape.split:
            self._broker, self._controller = spares.broker_and_controller(
                files, properties, self._disk
            )
        else:
            self._broker = spares.broker(files, properties, self._disk)

    @property
    def endpoints(self) -> Endpoints:
        return Endpoints(
            self._broker.bootstrap, self._connect.url if self._connect else "", self._address
        )

    def start(self) -> None:
        """To the first record; with a worker, to its first answer."""
        nodes = [self._controller] if self._controller else []
        nodes.append(self._broker)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(EmbeddedBroker.format, nodes))
        for node in nodes:
            node.start()
        self._broker.await_ready(self._patience)
        if self._shape.connect:
            self._connect = self._spares.worker(
                self._files, self.baseline.worker, self._broker.bootstrap
            )

    # -- capabilities --------------------------------------------------------------------

    def broker(self) -> EmbeddedBroker:
        return self._broker

    def controller(self) -> EmbeddedBroker:
        return self._controller or self._broker

    def connect_worker(self) -> Supervised:
        if self._connect is None:
            raise Inconclusive("There is no Kafka Connect worker.")
        return self._connect.process

    def database_server(self) -> Supervised:
        return self._database
