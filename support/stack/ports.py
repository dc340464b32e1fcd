"""What the suite needs of a stack: the Stack port and its optional capabilities.

A target implements Stack and whichever capabilities it has; a scenario that needs a
capability asks for it with `isinstance`.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Protocol, runtime_checkable

from psycopg.conninfo import make_conninfo

from support.baseline import Baseline
from support.clients.readiness import FirstRecord
from support.clients.usage import Usage

CONNECTOR = "kafka-validation"
"""The name under which the suite registers its connector."""


class Component(Enum):
    """The parts of the system under test."""

    BROKER = "broker"
    CONNECT = "connect"
    POSTGRES = "postgres"


@dataclass(frozen=True)
class DatabaseAddress:
    """Where PostgreSQL is, and the role that owns the captured tables."""

    host: str
    port: int
    name: str
    user: str
    password: str = field(default="", repr=False)
    inside: tuple[str, int] | None = None
    """Host and port by which Kafka Connect reaches it, where that is another network."""

    @property
    def conninfo(self) -> str:
        """For libpq; complete, so that PG* variables of the user can't lead it elsewhere."""
        return make_conninfo(
            host=self.host,
            hostaddr=socket.gethostbyname(self.host),
            port=self.port,
            dbname=self.name,
            user=self.user,
            password=self.password,
            sslmode="disable",
            gssencmode="disable",
            options="",
        )

    @property
    def connector_settings(self) -> dict[str, str]:
        """The same for Debezium."""
        host, port = self.inside or (self.host, self.port)
        return {
            "database.hostname": host,
            "database.port": str(port),
            "database.user": self.user,
            "database.password": self.password,
            "database.dbname": self.name,
        }


@dataclass(frozen=True)
class Endpoints:
    """How clients reach the stack."""

    bootstrap: str
    connect_url: str
    database: DatabaseAddress


@dataclass(frozen=True)
class PartStatus:
    """One part as `make status` tells it."""

    component: Component
    state: str
    address: str
    pid: int | None


class Stack(Protocol):
    """A running system under test."""

    @property
    def name(self) -> str: ...
    @property
    def shared(self) -> bool:
        """Whether others use it, too: then only what this run made is ever removed."""

    @property
    def outlives_run(self) -> bool:
        """Whether it stays up when the run ends, with all that is in it."""

    @property
    def baseline(self) -> Baseline: ...
    @property
    def endpoints(self) -> Endpoints: ...
    @property
    def versions(self) -> Mapping[str, str]: ...
    def start(self) -> None:
        """Bring it up, or take over one that is up; raises StackError with the cause."""

    def stop(self) -> None:
        """End what start() began, and nothing else; may be called again."""

    def status(self) -> Sequence[PartStatus]: ...
    def cdc_trouble(self) -> Exception | None:
        """Why change data capture is not available; None when it is."""


class BrokerControl(Protocol):
    """One broker process that can be stopped, crashed and started."""

    @property
    def bootstrap(self) -> str: ...
    @property
    def spawned_ns(self) -> int:
        """Monotonic time at which the last start began."""

    def start(self) -> None:
        """Begin to start: returns before the broker is ready."""

    def stop(self) -> bool:
        """Graceful: SIGTERM, and wait for the end; False when it had to be killed after all."""

    def kill(self) -> None:
        """A crash: SIGKILL, and wait for the end."""

    def alive(self) -> bool: ...
    @property
    def incarnation(self) -> str:
        """Which run of the process this is: another after every start; empty when it has ended."""

    def seen(self) -> str:
        """What can be seen of it now, in words, and by whom it is said."""

    def pause(self) -> None:
        """Freeze it: alive, connected and silent."""

    def resume(self) -> None: ...
    def paused(self) -> bool: ...
    def await_ready(self, within: timedelta) -> FirstRecord:
        """Its first record, acknowledged and fetched; raises StackError with last log lines."""

    def last_words(self) -> str:
        """The last errors in its log and output: why it ended."""

    @property
    def log(self) -> Path: ...


@runtime_checkable
class ProcessControl(Protocol):
    """The stack's broker can be stopped and crashed."""

    def broker(self) -> BrokerControl: ...


@runtime_checkable
class BrokerLife(Protocol):
    """It can be seen whether the broker's process is still the one that it was, also where the
    suite may not touch it: somebody else, or a restart policy, may have started another."""

    def broker_incarnation(self) -> str | None:
        """As BrokerControl's; None where nobody can tell."""

    def broker_last_words(self) -> str:
        """The last errors in its log and output."""


class NetworkLink(Protocol):
    """A way from clients to the stack's broker that can be cut."""

    @property
    def bootstrap(self) -> str:
        """Where clients that use this way find the broker."""

    @property
    def direct(self) -> str:
        """The broker's address beside it."""

    def cut(self, *, requests: bool, responses: bool) -> None:
        """From now on what is sent in these directions vanishes."""

    def restore(self) -> None:
        """Carry everything again; connections that lived through a cut are reset."""

    def carried(self) -> tuple[int, int]:
        """Bytes of requests and of responses that went over so far."""

    def close(self) -> None: ...


@runtime_checkable
class NetworkControl(Protocol):
    """The network between clients and the stack's broker can be cut."""

    def link(self) -> NetworkLink:
        """A new way to the broker; close() it."""


class BrokerNetwork(Protocol):
    """The networks that the broker's container is on."""

    @property
    def bootstrap(self) -> str: ...
    @property
    def pid(self) -> int:
        """Of the broker's process; 0 when it ended."""

    @property
    def ports(self) -> int:
        """How many published ports accepted connections at first."""

    def networks(self) -> tuple[str, ...]:
        """Names of those that it is on now."""

    def open_ports(self) -> int:
        """How many of the published ports accept connections now."""

    def disconnect(self) -> None:
        """Take it off all."""

    def reconnect(self) -> None:
        """Put it back on those that it was on at first."""


@runtime_checkable
class ClusterMember(Protocol):
    """What is broken is one of the cluster's brokers."""

    @property
    def node_id(self) -> int: ...


@runtime_checkable
class NetworkMembership(Protocol):
    """The broker can be taken off its network."""

    def broker_network(self) -> BrokerNetwork:
        """Raises Unavailable when the broker has no network of its own."""


class PartControl(Protocol):
    """One process of the stack that can be stopped, crashed and started."""

    def start(self) -> None: ...
    def stop(self) -> bool:
        """Graceful; False when it had to be killed after all."""

    def kill(self) -> None: ...
    def alive(self) -> bool: ...
    def seen(self) -> str:
        """What can be seen of it now, in words, and by whom it is said."""


@runtime_checkable
class ConnectControl(Protocol):
    """The Kafka Connect worker can be stopped and crashed."""

    def connect_worker(self) -> PartControl: ...


@runtime_checkable
class DatabaseControl(Protocol):
    """The database server can be stopped and crashed."""

    def database_server(self) -> PartControl: ...


class SpareWorker(Protocol):
    """A Kafka Connect worker apart from the stack's, with a group and topics of its own."""

    @property
    def url(self) -> str: ...
    @property
    def process(self) -> PartControl: ...
    def close(self) -> None: ...


@runtime_checkable
class SpareWorkers(Protocol):
    """The stack can provide a spare worker, so that other settings of it are measured."""

    def spare_worker(self, worker: Mapping[str, str]) -> SpareWorker:
        """Answering already; `worker` holds all its settings but for addresses and folders."""


class SpareBroker(BrokerControl, Protocol):
    """A broker apart from the stack's, with a data folder of its own."""

    def format(self) -> None:
        """Give it an empty, formatted data folder: part of a cold start."""

    def discard(self) -> None:
        """End it at once; its data is of no use any more."""

    @property
    def prepared(self) -> str:
        """What format() leaves behind, as a milestone of a cold start."""

    def close(self) -> None:
        """End it and remove its data."""


@runtime_checkable
class SpareBrokers(Protocol):
    """The stack can provide a spare broker, so that start-up is measured without harm."""

    def spare_broker(self, overrides: Mapping[str, str]) -> SpareBroker: ...


@runtime_checkable
class JmxAccess(Protocol):
    """The broker's MBeans can be read over HTTP (Jolokia)."""

    def jmx_url(self) -> str: ...


@runtime_checkable
class KafkaTools(Protocol):
    """Kafka's own command line tools can be run against this stack."""

    def run_tool(self, main: str, arguments: Sequence[str], within: timedelta) -> str:
        """What a main class printed; raises StackError when it fails or takes too long."""


@runtime_checkable
class UserInterface(Protocol):
    """There may be a Kafka UI that shows the stack's cluster."""

    def kafka_ui(self) -> str:
        """Its URL, answering already. Raises Unavailable when there is none."""


@runtime_checkable
class LogSource(Protocol):
    """The logs of the parts can be read."""

    def logs(self) -> Mapping[str, Path]: ...


@runtime_checkable
class ResourceUsage(Protocol):
    """It can be seen what the parts use."""

    def usage(self) -> Mapping[Component, Usage]:
        """Of each part that is alive now."""
