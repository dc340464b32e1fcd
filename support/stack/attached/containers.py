"""The containers that the settings name, of a stack that others run."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from docker.errors import NotFound

from support import clock
from support.clients.broker import BrokerClient
from support.clients.kafka_address import KafkaAddress
from support.clients.usage import Usage
from support.errors import StackError, Unavailable
from support.settings import Settings
from support.stack.attached.fault_journal import FaultJournal
from support.stack.attached.journaled import JournaledContainer, JournaledNetwork
from support.stack.attached.membership import node_of
from support.stack.docker.engine import connect_engine
from support.stack.lifecycle import Component

SETTING = {
    Component.BROKER: "kafka_container",
    Component.CONNECT: "connect_container",
    Component.POSTGRES: "postgres_container",
}
"""Part -> the setting that names its container."""


class NamedContainers:
    """The named containers. Creating it raises StackError for a container that does not exist."""

    def __init__(self, settings: Settings, journal: FaultJournal, kafka: KafkaAddress) -> None:
        """`kafka`: the address of the run, with whose topic faults prove readiness."""
        self._home, self._kafka = settings.home / "attach", kafka
        self._journal = journal
        self._client = connect_engine()
        self._folders: tuple[str, ...] = ()
        self._parts: dict[Component, JournaledContainer] = {}
        self._since_s = clock.utc_now().timestamp()
        given = {which: str(getattr(settings, setting)) for which, setting in SETTING.items()}
        self._named = {which: name for which, name in given.items() if name}
        for name in self._named.values():
            self._find(name)

    def locate_broker(self) -> None:
        """Finds out which broker of the cluster the broker's container runs.

        Raises StackError if it runs none of them.
        """
        if Component.BROKER in self._named:
            broker, client = self[Component.BROKER], BrokerClient(self._kafka)
            broker.node_id, self._folders = node_of(self._find(broker.name), client)

    def __contains__(self, which: Component) -> bool:
        return which in self._named

    def __getitem__(self, which: Component) -> JournaledContainer:
        """The container of a part. Raises Unavailable if no setting names it."""
        name = self._named.get(which)
        if name is None:
            raise Unavailable(
                f"The container of {which.value} is not known.",
                then=f"-D {SETTING[which]}=NAME",
            )
        # Created once: each remembers when it was started and last measured.
        if which not in self._parts:
            self._parts[which] = JournaledContainer(
                name,
                self._finder(name),
                self._home / f"{which.value}.log",
                self._kafka,
                self._journal,
                self._since_s,
            )
        return self._parts[which]

    def network(self) -> JournaledNetwork:
        """The network of the broker's container."""
        broker = self[Component.BROKER]
        find = self._finder(broker.name)
        return JournaledNetwork(find, self._kafka, broker.node_id, self._journal)

    def usage(self) -> Mapping[Component, Usage]:
        """The usage of the containers that run."""
        folders = {Component.BROKER: self._folders}
        found = {which: self[which].usage(folders.get(which, ())) for which in self._named}
        return {which: usage for which, usage in found.items() if usage}

    def logs(self) -> Mapping[str, Path]:
        """Component -> a new copy of its container's log. Logs that can't be read are left out."""
        copies = {which.value: self[which].copy_log() for which in self._named}
        return {name: path for name, path in copies.items() if path is not None}

    def _finder(self, name: str) -> Callable[[], Any]:
        return partial(self._find, name)

    def _find(self, name: str) -> Any:
        return container_named(self._client, name)


def container_named(engine: Any, name: str) -> Any:
    """The engine's container of this name. Raises StackError if there is none."""
    try:
        return engine.containers.get(name)
    except NotFound as error:
        there = [str(each.name) for each in engine.containers.list(all=True)]
        near = difflib.get_close_matches(name, there, 1)
        raise StackError(
            f"There is no container named {name}.",
            seen=", ".join(there) or "no container at all",
            then=f"did you mean {near[0]}?" if near else "docker ps --all",
        ) from error
