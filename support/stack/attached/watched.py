"""A stack that others run, whose containers are named: they are measured, or may be broken."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from support.clients.usage import Usage
from support.stack.attached.containers import NamedContainers
from support.stack.attached.journaled import JournaledNetwork
from support.stack.attached.metered import MeteredStack
from support.stack.docker.broker import ContainerBroker
from support.stack.docker.container import Container
from support.stack.lifecycle import Component


class WatchedStack(MeteredStack):
    """A stack whose containers are named, so that their usage and their logs can be read.

    Implements ResourceUsage, LogSource and BrokerLife with the named containers.
    """

    _named: NamedContainers | None

    @property
    def _containers(self) -> NamedContainers:
        assert self._named is not None
        return self._named

    def usage(self) -> Mapping[Component, Usage]:
        """The usage of the containers; of a broker without one by its metrics."""
        found = self._containers.usage()
        return found if Component.BROKER in self._containers else {**super().usage(), **found}

    def unmeasured(self) -> Mapping[str, str]:
        return {} if Component.BROKER in self._containers else super().unmeasured()

    def logs(self) -> Mapping[str, Path]:
        return self._containers.logs()

    def broker_incarnation(self) -> str | None:
        known = Component.BROKER in self._containers
        return self._containers[Component.BROKER].incarnation if known else None

    def broker_last_words(self) -> str:
        return self._containers[Component.BROKER].last_words()


class BreakableStack(WatchedStack):
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
