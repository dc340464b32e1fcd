"""A stack that others run, whose containers are named: they are measured, or may be broken."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from support.clients.usage import Usage
from support.stack.attached.containers import NamedContainers
from support.stack.attached.journaled import JournaledNetwork
from support.stack.attached.meter import Meter
from support.stack.attached.stack import AttachedStack
from support.stack.docker.broker import ContainerBroker
from support.stack.docker.container import Container
from support.stack.lifecycle import Component


class Watching:
    """Implements ResourceUsage, JmxAccess, LogSource and BrokerLife with the named containers.

    A broker without a container is measured by its metrics.
    """

    _named: NamedContainers | None
    _meter: Meter

    @property
    def _containers(self) -> NamedContainers:
        assert self._named is not None
        return self._named

    def usage(self) -> Mapping[Component, Usage]:
        found = self._containers.usage()
        return found if Component.BROKER in self._containers else {**self._meter.usage(), **found}

    def unmeasured(self) -> Mapping[str, str]:
        return {} if Component.BROKER in self._containers else self._meter.unmeasured()

    def jmx_url(self) -> str:
        return self._meter.jmx_url()

    def logs(self) -> Mapping[str, Path]:
        return self._containers.logs()

    def broker_incarnation(self) -> str | None:
        known = Component.BROKER in self._containers
        return self._containers[Component.BROKER].incarnation if known else None

    def broker_last_words(self) -> str:
        return self._containers[Component.BROKER].last_words()


class WatchedStack(AttachedStack, Watching):
    """A stack whose containers are named, so that their usage and their logs can be read."""


class BreakableStack(AttachedStack, Watching):
    """A stack whose named containers may be stopped, crashed, paused and disconnected.

    Implements ProcessControl, NetworkMembership, ConnectControl and DatabaseControl as well.
    """

    def broker(self) -> ContainerBroker:
        return self._containers[Component.BROKER]

    def connect_worker(self) -> Container:
        return self._containers[Component.CONNECT]

    def database_server(self) -> Container:
        return self._containers[Component.POSTGRES]

    def broker_network(self) -> JournaledNetwork:
        return self._containers.network()
