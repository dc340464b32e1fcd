"""The optional capabilities of a target: what it may be able to do in addition to running.

A stack has a capability when it has the methods of the protocol. `needed()` is the one way to ask
for it; table.py prints which target has which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol, TypeVar, runtime_checkable

from support.clients.kafka_ui_address import KafkaUiAddress
from support.clients.usage import Usage
from support.errors import Unavailable
from support.stack.lifecycle import BrokerControl, Component, PartControl, Stack

Capability = TypeVar("Capability")


@dataclass(frozen=True)
class Lack:
    """Why a target does not have a capability. `then`: the settings that add it; empty if none
    do."""

    cause: str
    then: str = ""


def needed(stack: Stack, capability: type[Capability]) -> Capability:
    """The stack, if it has the capability. Raises Unavailable, with the reason, if it does not."""
    if isinstance(stack, capability):
        return stack
    lack = lack_of(stack, capability)
    raise Unavailable(
        f"The target {stack.name} lacks what this scenario needs: '{in_words(capability)}'.",
        cause=lack.cause,
        then=lack.then,
    )


def lack_of(stack: Stack, capability: type[Any]) -> Lack:
    """Returns why the stack lacks a capability; with an empty cause if no reason is known."""
    lack: Lack = getattr(stack, "lacks", {}).get(capability, Lack(""))
    return lack


def in_words(capability: type[Any]) -> str:
    """A capability as a sentence: the first line of its protocol's docstring."""
    return (capability.__doc__ or capability.__name__).splitlines()[0].rstrip(".")


@runtime_checkable
class ProcessControl(Protocol):
    """The broker can be stopped, crashed and paused."""

    def broker(self) -> BrokerControl: ...


@runtime_checkable
class BrokerLife(Protocol):
    """A broker that ended, or was replaced by another process, is noticed.

    This needs no control of the broker: other people, or a restart policy, may have restarted it.
    """

    def broker_incarnation(self) -> str | None:
        """The broker's incarnation, see BrokerControl; None if it is not known."""

    def broker_last_words(self) -> str:
        """The last errors of the broker's log and output."""


@runtime_checkable
class ClusterMember(Protocol):
    """A broker of a cluster: its number in the cluster is known."""

    @property
    def node_id(self) -> int: ...


@runtime_checkable
class ConnectControl(Protocol):
    """The Kafka Connect worker can be stopped and crashed."""

    def connect_worker(self) -> PartControl: ...


@runtime_checkable
class DatabaseControl(Protocol):
    """The database server can be stopped and crashed."""

    def database_server(self) -> PartControl: ...


@runtime_checkable
class JmxAccess(Protocol):
    """The broker's MBeans can be read over HTTP (Jolokia)."""

    def jmx_url(self) -> str: ...


@runtime_checkable
class KafkaTools(Protocol):
    """Kafka's own command line tools can be run against this stack."""

    def run_tool(self, main: str, arguments: Sequence[str], within: timedelta) -> str:
        """Runs a main class and returns its output.

        Raises StackError if it fails or takes too long.
        """


@runtime_checkable
class UserInterface(Protocol):
    """A Kafka UI may show the stack's cluster."""

    def kafka_ui(self) -> KafkaUiAddress:
        """The address of a Kafka UI that answers. Raises Unavailable if there is none."""


@runtime_checkable
class LogSource(Protocol):
    """The logs of the parts can be read."""

    def logs(self) -> Mapping[str, Path]: ...


@runtime_checkable
class ResourceUsage(Protocol):
    """The memory, CPU and disk usage of the parts can be measured."""

    def usage(self) -> Mapping[Component, Usage]:
        """The usage of each part that is alive now."""

    def unmeasured(self) -> Mapping[str, str]:
        """Unmeasured part (broker, memory, disk, cores: see record/resources.py) -> why."""
