"""All that is brought up beside the stack's own containers, and ended with them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from support.baseline import Baseline
from support.settings import Settings
from support.stack.compose.isolated import ComposeAside
from support.stack.compose.isolated_container import SpareConnect, SpareContainer, SpareSite
from support.stack.compose.project import ComposeProject
from support.stack.docker.container import Container
from support.stack.isolated import Shape
from support.stack.ports import DatabaseAddress

Spare = TypeVar("Spare", SpareContainer, SpareConnect, ComposeAside)


class ComposeSpares:
    """Brokers, workers and stacks in containers of their own, named after the project."""

    def __init__(
        self, project: ComposeProject, settings: Settings, home: Path, images: Mapping[str, str]
    ) -> None:
        """`images`: of the services kafka and connect."""
        self._project, self._home, self._images = project, home, images
        self._heaps = {"kafka": settings.kafka_heap, "connect": settings.connect_heap}
        self._open: list[SpareContainer | SpareConnect | ComposeAside] = []
        self._count = 0

    def broker(self, properties: Mapping[str, str]) -> SpareContainer:
        """Not made yet: format() does that."""
        return self._keep(SpareContainer(self._site("broker"), properties))

    def worker(self, properties: Mapping[str, str], within: timedelta) -> SpareConnect:
        """Answering, of the stack's broker."""
        spare = self._keep(SpareConnect(self._site("connect"), properties, "kafka:29092"))
        try:
            spare.worker.await_answers(within)
        except BaseException:
            spare.close()
            raise
        return spare

    def aside(
        self,
        shape: Shape,
        baseline: Baseline,
        database: tuple[DatabaseAddress, Container],
        within: timedelta,
    ) -> ComposeAside:
        """Started and serving."""
        aside = self._keep(ComposeAside(shape, baseline, self._site, database, within))
        try:
            aside.start()
        except BaseException:
            aside.close()
            raise
        return aside

    def close(self) -> None:
        with ExitStack() as closing:
            while self._open:
                closing.callback(self._open.pop(0).close)

    def _keep(self, spare: Spare) -> Spare:
        self._open.append(spare)
        return spare

    def _site(self, kind: str) -> SpareSite:
        self._count += 1
        name = f"{self._project.name}-spare-{kind}-{self._count}"
        service = "connect" if kind == "connect" else "kafka"
        return SpareSite(
            self._project, name, self._images[service], self._heaps[service], self._home / name
        )
