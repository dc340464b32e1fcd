"""Findings of a stack: one frozen record, without a judgement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from support.clients.obstacles import Capacity
from support.clients.permissions import Acls, Broker
from support.clients.team_connectors import PostgresConnector

Found = TypeVar("Found", covariant=True)


@dataclass(frozen=True)
class Part(Generic[Found]):
    """A part of the stack. `found` is None if it can't be used at all; `trouble` says why.

    `address` contains no login. Without an address the settings name no such part.
    """

    name: str
    address: str = ""
    found: Found | None = None
    trouble: str = ""


@dataclass(frozen=True)
class TopicAccess:
    """Permissions on topics or groups of one name.

    `operations`: those that Kafka reports for this client, or None; `trouble`: the name of its
    error, or empty. `acls`: the entries that apply to the name.
    """

    name: str
    operations: frozenset[str] | None = None
    trouble: str = ""
    acls: Acls | None = None


@dataclass(frozen=True)
class KafkaFound:
    """`security`: protocol and mechanism in words. `principal`: the name of this client in access
    control lists, if it is known. `unreachable`: a broker -> why it can't be reached from here, or
    another bootstrap server.

    `settings`: settings in force of the broker (key -> value); empty if they can't be read, which
    `settings_trouble` explains. `creation`: topic name -> why it could not be created, or empty.
    `absent`: ids of brokers that have replicas, but are not in the cluster.
    """

    security: str
    version: str
    brokers: tuple[Broker, ...]
    topics: frozenset[str]
    unreachable: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str | None] = field(default_factory=dict)
    settings_trouble: str = ""
    operations: frozenset[str] | None = None
    creation: Mapping[str, str] = field(default_factory=dict)
    own_topics: TopicAccess | None = None
    own_groups: TopicAccess | None = None
    their_topics: tuple[TopicAccess, ...] = ()
    absent: tuple[int, ...] = ()
    principal: str = ""
    internal_trouble: str = ""


@dataclass(frozen=True)
class ConnectorFound:
    """A connector of the team, and its states as Connect reports them (RUNNING, FAILED, ...)."""

    connector: PostgresConnector
    state: str
    tasks: tuple[str, ...]
    trace: str = ""


@dataclass(frozen=True)
class PluginFound:
    """Debezium's connector class, and what it says of the settings of the suite's connector.

    `installed`: the classes of all plugins. `refused`: setting -> why Connect or the connector
    refuses it. `unknown`: the error about a setting that is not known, or empty.
    `database_trouble`: why the connector can't use the database, or empty.
    """

    name: str
    installed: tuple[str, ...]
    refused: Mapping[str, str] = field(default_factory=dict)
    unknown: str = ""
    database_trouble: str = ""


@dataclass(frozen=True)
class TeamFound:
    """The team's connectors on the database. `trouble`: why they can't be listed, or empty.

    `others`: the number of all other connectors. `left_out`: sentences about those of them that
    may be the team's and are not judged.
    """

    connectors: tuple[ConnectorFound, ...] = ()
    others: int = 0
    trouble: str = ""
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class ConnectFound:
    """`versions`: of `connect` and of `debezium`, as Connect reports them.

    `reports_offsets`: whether it can report the offsets that it committed. `skew_ms`: the smallest
    possible difference of clocks.
    """

    security: str
    versions: Mapping[str, str]
    plugin: PluginFound
    team: TeamFound
    reports_offsets: bool
    skew_ms: float | None = None


@dataclass(frozen=True)
class Table:
    """A table of the database. `readable`: this role may read it."""

    schema: str
    name: str
    readable: bool
    has_key: bool
    identity: str
    """REPLICA IDENTITY in words: default, full, index or nothing."""

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True)
class Slot:
    """A logical replication slot. `kept_bytes`: WAL that the server keeps for it."""

    name: str
    plugin: str
    active: bool
    kept_bytes: int
    wal_status: str


@dataclass(frozen=True)
class DatabaseFound:
    """`security`: TLS version and cipher, or that there is none. `logical_trouble`: why there is no
    logical replication, or empty. `rights_trouble`: the permissions that the role lacks, or empty.

    `blocking`: open transactions, in words. `skew_ms`: the smallest possible difference of clocks.
    """

    security: str
    version: str
    role: str
    name: str
    room: Capacity
    logical_trouble: str = ""
    rights_trouble: str = ""
    rights_warnings: tuple[str, ...] = ()
    blocking: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    slots: tuple[Slot, ...] = ()
    publications: Mapping[str, frozenset[str] | None] = field(default_factory=dict)
    """Publication -> its tables (`schema.name`); None if it has all tables."""
    skew_ms: float | None = None


@dataclass(frozen=True)
class UiFound:
    """The clusters that a Kafka UI shows and reaches."""

    clusters: tuple[str, ...]


@dataclass(frozen=True)
class MetricsFound:
    """The kind of endpoint (Jolokia or Prometheus), and what it does not report -> why."""

    kind: str
    unmeasured: Mapping[str, str]


@dataclass(frozen=True)
class ContainersFound:
    """Setting -> the container that it names, and its state (running, exited, ...)."""

    states: Mapping[str, str]


@dataclass(frozen=True)
class Findings:
    """Everything that was seen, and how long the looking took, in seconds.

    `more`: a Kafka UI, metrics and containers, if the settings name them.
    """

    kafka: Part[KafkaFound]
    connect: Part[ConnectFound]
    database: Part[DatabaseFound]
    more: tuple[Part[UiFound | MetricsFound | ContainersFound], ...] = ()
    took_s: float = 0.0
