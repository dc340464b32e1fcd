"""A stack that somebody else runs. It is inspected, used, and left as it was."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from docker.errors import NotFound

from support.baseline import Baseline
from support.clients.broker import READY_TOPIC, BrokerClient
from support.clients.usage import Usage
from support.errors import SettingsError, StackError, Unavailable
from support.progress import Progress
from support.settings import Settings
from support.stack.attached.inspection import (
    inspect_broker,
    inspect_cdc_topics,
    inspect_connect,
    inspect_database,
)
from support.stack.compose.container import Container, ContainerBroker
from support.stack.compose.engine import connect_engine
from support.stack.ports import Component, DatabaseAddress, Endpoints, PartStatus

USUAL_PORT = 5432


class AttachedStack:
    """Implements ports.Stack, and ports.UserInterface."""

    name = "attach"
    shared = True

    def __init__(self, settings: Settings, progress: Progress) -> None:
        self.baseline = Baseline.load(settings.overrides)
        self.endpoints = Endpoints(settings.bootstrap, settings.connect, database_address(settings))
        self._settings, self._progress = settings, progress
        self._trouble: Exception | None = None
        self._seen: list[str] = []
        self._inspected = False

    @property
    def versions(self) -> Mapping[str, str]:
        return {f"found {n}": told for n, told in enumerate(self._seen, 1)}

    def start(self) -> None:
        ends = self.endpoints
        for inspection in (
            inspect_database(ends.database),
            inspect_connect(ends.connect_url, self.baseline),
            inspect_broker(ends.bootstrap),
        ):
            for told in inspection:
                self._seen.append(told)
                self._progress.say(told)
        self._inspected = True
        self._trouble = inspect_cdc_topics(ends.bootstrap, self.baseline)
        if self._trouble is not None:
            self._progress.say(str(self._trouble))

    def stop(self) -> None:
        """Topics and groups of trials are gone with them; this one was made for all."""
        if self._inspected:
            self._inspected = False
            BrokerClient(self.endpoints.bootstrap).delete_topics([READY_TOPIC])

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

    Implements ports.ResourceUsage and ports.LogSource, too.
    """

    def __init__(self, settings: Settings, progress: Progress) -> None:
        super().__init__(settings, progress)
        self._client = connect_engine()
        self._place = ""
        given = {
            Component.BROKER: settings.kafka_container,
            Component.CONNECT: settings.connect_container,
            Component.POSTGRES: settings.postgres_container,
        }
        self._named = {which: name for which, name in given.items() if name}
        for name in self._named.values():
            self._find(name)

    def usage(self) -> Mapping[Component, Usage]:
        places = {Component.BROKER: self._data()}
        found = {which: self._part(which).usage(places.get(which)) for which in self._named}
        return {which: usage for which, usage in found.items() if usage}

    def _data(self) -> str:
        """The broker's folder, by its own word."""
        if not self._place:
            config = BrokerClient(self.endpoints.bootstrap).broker_config()
            told = config["log.dirs"].value or config["log.dir"].value or ""
            self._place = told.split(",")[0]
        return self._place

    def logs(self) -> Mapping[str, Path]:
        return {which.value: self._part(which).log for which in self._named}

    def _part(self, which: Component) -> Container:
        name = self._named.get(which)
        if name is None:
            raise Unavailable(
                f"The container of {which.value} is not known.",
                then=f"-D {SETTING[which]}=NAME",
            )
        return Container(name, self._finder(name), self._log(which))

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
    """Its owner allowed that containers are stopped, crashed and paused.

    Implements ports.ProcessControl, ports.ConnectControl and ports.DatabaseControl, too.
    """

    def broker(self) -> ContainerBroker:
        which = Component.BROKER
        name = self._part(which).name
        bootstrap = self.endpoints.bootstrap
        return ContainerBroker(name, self._finder(name), self._log(which), bootstrap)

    def connect_worker(self) -> Container:
        return self._part(Component.CONNECT)

    def database_server(self) -> Container:
        return self._part(Component.POSTGRES)


SETTING = {
    Component.BROKER: "kafka_container",
    Component.CONNECT: "connect_container",
    Component.POSTGRES: "postgres_container",
}


def attach(settings: Settings, progress: Progress) -> AttachedStack:
    """With what the settings name and allow. Raises SettingsError for what does not fit."""
    missing = [key for key in ("bootstrap", "connect", "database") if not getattr(settings, key)]
    if missing:
        raise SettingsError(
            f"The target attach needs to know where the stack is: {missing[0]} is not set.",
            then="-D bootstrap=HOST:PORT -D connect=URL "
            "-D database=postgresql://USER:PASSWORD@HOST:PORT/NAME",
        )
    if settings.allow_destructive and not settings.kafka_container:
        raise SettingsError(
            "allow_destructive without a container has no meaning.",
            then="name what may be broken: -D kafka_container=NAME",
        )
    if settings.allow_destructive:
        return BreakableStack(settings, progress)
    return (WatchedStack if settings.kafka_container else AttachedStack)(settings, progress)


def database_address(settings: Settings) -> DatabaseAddress:
    """From `postgresql://user:password@host:port/name`. Raises SettingsError for anything else."""
    found = urlsplit(settings.database)
    try:
        port = found.port or USUAL_PORT
        host, inside_port = settings.connect_database.rsplit(":", 1) if (
            settings.connect_database
        ) else (found.hostname or "", str(port))  # fmt: skip
        inside = (host, int(inside_port))
    except ValueError as error:
        raise SettingsError("The database's address can't be read.", seen=str(error)) from error
    name = found.path.strip("/")
    if found.scheme not in ("postgresql", "postgres") or not (found.hostname and found.username
                                                              and name):  # fmt: skip
        raise SettingsError(
            "The setting database is no address of a PostgreSQL database.",
            wanted="postgresql://USER:PASSWORD@HOST:PORT/NAME",
        )
    password = unquote(found.password or "")
    return DatabaseAddress(found.hostname, port, name, unquote(found.username), password, inside)
