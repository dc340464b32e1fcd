"""A stack that somebody else runs. It is inspected, used, and left as it was."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from confluent_kafka import KafkaException
from docker.errors import NotFound

from support import clock
from support.baseline import Baseline
from support.clients.broker import BrokerClient
from support.clients.readiness import READY_TOPIC
from support.clients.usage import Usage
from support.errors import Explained, StackError, Unavailable
from support.progress import Progress
from support.settings import Settings
from support.stack.attached.address import database_address
from support.stack.attached.breakable import BreakableContainer, BreakableNetwork
from support.stack.attached.broken import BrokenNote
from support.stack.attached.healing import heal
from support.stack.attached.inspection import (
    inspect_broker,
    inspect_cdc_topics,
    inspect_connect,
    inspect_database,
    inspect_every_broker,
)
from support.stack.attached.membership import node_of
from support.stack.compose.broker import ContainerBroker
from support.stack.docker.container import Container
from support.stack.docker.engine import connect_engine
from support.stack.ports import Component, Endpoints, PartStatus

SETTING = {
    Component.BROKER: "kafka_container",
    Component.CONNECT: "connect_container",
    Component.POSTGRES: "postgres_container",
}
"""Part -> the setting that names its container."""

OF_THE_CLUSTER = "-1"
"""Kafka's number for its own default.replication.factor (KIP-464, since 2.4)."""


def as_they_have_it(baseline: Baseline, settings: Settings) -> Baseline:
    """The baseline for a stack of others: topics get as many replicas as the cluster gives them,
    unless the user wants another number; our connector converts as the baseline's worker would,
    however theirs does; what their worker's settings are is not known."""
    topic = {**baseline.topic, "replication.factor": OF_THE_CLUSTER}
    converters = {key: value for key, value in baseline.worker.items() if ".converter" in key}
    return dataclasses.replace(
        baseline,
        topic={**topic, **settings.overrides.get("topic", {})},
        connector={**converters, **baseline.connector},
        worker={},
    )


def broken_note(settings: Settings) -> BrokenNote:
    """Of this clone."""
    return BrokenNote(settings.home / "attach" / "broken.json")


class AttachedStack:
    """Implements ports.Stack, and ports.UserInterface."""

    name = "attach"
    shared = True
    outlives_run = True

    def __init__(self, settings: Settings, progress: Progress) -> None:
        self.baseline = as_they_have_it(Baseline.load(settings.overrides), settings)
        self.endpoints = Endpoints(settings.bootstrap, settings.connect, database_address(settings))
        self._settings, self._progress = settings, progress
        self._trouble: Exception | None = None
        self._seen: list[str] = []
        self._ready_is_ours = False
        self._broken = broken_note(settings)

    @property
    def versions(self) -> Mapping[str, str]:
        return {f"found {n}": told for n, told in enumerate(self._seen, 1)}

    def start(self) -> None:
        ends = self.endpoints
        for inspection in (
            heal(self._broken, ends, self.baseline),
            inspect_database(ends.database),
            inspect_connect(ends.connect_url, self.baseline, ends.database),
            inspect_broker(ends.bootstrap, self.baseline),
        ):
            for told in inspection:
                self._seen.append(told)
                self._progress.say(told)
        client = BrokerClient(ends.bootstrap)
        self._broken.brokers = client.brokers()
        # A topic of that name that is there already is not ours to delete.
        self._ready_is_ours = READY_TOPIC not in client.topics()
        try:
            inspect_every_broker(ends.bootstrap)
        except BaseException:
            self.stop()
            raise
        self._trouble = inspect_cdc_topics(ends.bootstrap, self.baseline)
        if self._trouble is not None:
            self._progress.say(str(self._trouble))

    def stop(self) -> None:
        """Topics and groups of trials are gone with them; this one was made for all."""
        if not self._ready_is_ours:
            return
        try:
            BrokerClient(self.endpoints.bootstrap).delete_topics([READY_TOPIC])
            self._ready_is_ours = False
        except (KafkaException, Explained) as error:
            self._progress.say(f"the topic {READY_TOPIC} is left: {error}; make clean-remote")

    def status(self) -> list[PartStatus]:
        return []

    def cdc_trouble(self) -> Exception | None:
        return self._trouble

    def kafka_ui(self) -> str:
        if not self._settings.kafka_ui:
            raise Unavailable("There is no Kafka UI.", then="-D kafka_ui=URL")
        return self._settings.kafka_ui


class WatchedStack(AttachedStack):
    """Its containers are named, so that it can be seen what they use and what they log.

    Implements ports.ResourceUsage, ports.LogSource and ports.BrokerLife, too.
    """

    def __init__(self, settings: Settings, progress: Progress) -> None:
        super().__init__(settings, progress)
        self._client = connect_engine()
        self._node = -1
        self._folders: tuple[str, ...] = ()
        self._parts: dict[Component, ContainerBroker] = {}
        self._since_s = clock.utc_now().timestamp()
        given = {
            Component.BROKER: settings.kafka_container,
            Component.CONNECT: settings.connect_container,
            Component.POSTGRES: settings.postgres_container,
        }
        self._named = {which: name for which, name in given.items() if name}
        for name in self._named.values():
            self._find(name)

    def start(self) -> None:
        name = self._named.get(Component.BROKER)
        super().start()
        if name is not None:
            try:
                found, client = self._find(name), BrokerClient(self.endpoints.bootstrap)
                self._node, self._folders = node_of(found, client)
            except BaseException:
                self.stop()
                raise

    def usage(self) -> Mapping[Component, Usage]:
        places = {Component.BROKER: self._folders}
        found = {which: self._part(which).usage(places.get(which, ())) for which in self._named}
        return {which: usage for which, usage in found.items() if usage}

    def logs(self) -> Mapping[str, Path]:
        copies = {which.value: self._part(which).copy_log() for which in self._named}
        return {name: path for name, path in copies.items() if path is not None}

    def broker_incarnation(self) -> str | None:
        known = Component.BROKER in self._named
        return self._part(Component.BROKER).incarnation if known else None

    def broker_last_words(self) -> str:
        return self._part(Component.BROKER).last_words()

    def _part(self, which: Component) -> ContainerBroker:
        """Kept, because a part remembers when it was started and last measured."""
        name = self._named.get(which)
        if name is None:
            raise Unavailable(
                f"The container of {which.value} is not known.",
                then=f"-D {SETTING[which]}=NAME",
            )
        if which not in self._parts:
            self._parts[which] = self._new_part(which, name)
        return self._parts[which]

    def _new_part(self, which: Component, name: str) -> ContainerBroker:
        return ContainerBroker(
            name,
            self._finder(name),
            self._log(which),
            self.endpoints.bootstrap,
            ours=False,
            since_s=self._since_s,
        )

    def _log(self, which: Component) -> Path:
        return self._settings.home / "attach" / f"{which.value}.log"

    def _finder(self, name: str) -> Callable[[], Any]:
        return partial(self._find, name)

    def _find(self, name: str) -> Any:
        try:
            return self._client.containers.get(name)
        except NotFound as error:
            there = [str(each.name) for each in self._client.containers.list(all=True)]
            near = difflib.get_close_matches(name, there, 1)
            raise StackError(
                f"There is no container named {name}.",
                seen=", ".join(there) or "no container at all",
                then=f"did you mean {near[0]}?" if near else "docker ps --all",
            ) from error


class BreakableStack(WatchedStack):
    """Its owner allowed that containers are stopped, crashed, paused and taken off their network.

    Implements ports.ProcessControl, ports.NetworkMembership, ports.ConnectControl and
    ports.DatabaseControl, too.
    """

    def broker(self) -> ContainerBroker:
        broker = self._part(Component.BROKER)
        assert isinstance(broker, BreakableContainer)
        broker.node_id = self._node
        return broker

    def connect_worker(self) -> Container:
        return self._part(Component.CONNECT)

    def database_server(self) -> Container:
        return self._part(Component.POSTGRES)

    def broker_network(self) -> BreakableNetwork:
        find = self._finder(self._named[Component.BROKER])
        return BreakableNetwork(find, self.endpoints.bootstrap, self._node, self._broken)

    def _new_part(self, which: Component, name: str) -> BreakableContainer:
        return BreakableContainer(
            name,
            self._finder(name),
            self._log(which),
            self.endpoints.bootstrap,
            self._broken,
            self._since_s,
        )
