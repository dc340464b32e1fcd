"""Permissions of this client on Kafka, found without creating or changing anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from confluent_kafka import KafkaException, TopicCollection
from confluent_kafka.admin import (
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    NewTopic,
    ResourcePatternType,
    ResourceType,
)

from support.clients.connection import client_config
from support.clients.kafka_address import KafkaAddress

LIMIT_S = 8.0
NO_AUTHORIZER = "SECURITY_DISABLED"
ALL = "ALL"


@dataclass(frozen=True)
class Broker:
    """A broker as the cluster advertises it."""

    number: int
    host: str
    port: int

    def __str__(self) -> str:
        return f"broker {self.number} at {self.host}:{self.port}"


@dataclass(frozen=True)
class Cluster:
    """`operations`: what this client may do with the cluster; None if Kafka does not report it."""

    id: str
    brokers: tuple[Broker, ...]
    operations: frozenset[str] | None


@dataclass(frozen=True)
class Acls:
    """The access control lists for one name. `trouble`: why they can't be read, or empty.

    `allowed` and `denied`: operation and principal of each entry.
    """

    allowed: frozenset[tuple[str, str]] = frozenset()
    denied: frozenset[tuple[str, str]] = frozenset()
    trouble: str = ""

    @property
    def absent(self) -> bool:
        """Whether the cluster has no authorizer, so that every client may do everything."""
        return self.trouble == NO_AUTHORIZER


class Permissions:
    """Asks a cluster. Methods raise KafkaException if no broker answers, or if it refuses."""

    def __init__(self, kafka: KafkaAddress) -> None:
        self._admin = AdminClient(client_config(kafka))

    def cluster(self) -> Cluster:
        """The cluster, with the operations that are permitted on it."""
        found = self._result(
            self._admin.describe_cluster(
                include_authorized_operations=True, request_timeout=LIMIT_S
            )
        )
        brokers = sorted((each.id, str(each.host), int(each.port)) for each in found.nodes)
        return Cluster(
            str(found.cluster_id),
            tuple(Broker(*each) for each in brokers),
            _names(found.authorized_operations),
        )

    def of_topics(self, names: Sequence[str]) -> dict[str, frozenset[str] | str | None]:
        """Topic -> the permitted operations (None if not reported), or the name of the error.

        Only existing topics may be named.
        """
        if not names:
            return {}
        futures = self._admin.describe_topics(
            TopicCollection(list(names)),
            include_authorized_operations=True,
            request_timeout=LIMIT_S,
        )
        return {name: self._operations(future) for name, future in futures.items()}

    def of_group(self, name: str) -> frozenset[str] | str | None:
        """The permitted operations on a group, which need not exist, or the name of the error.

        Creates the topic of committed offsets if the cluster has none: ask only if it exists.
        """
        futures = self._admin.describe_consumer_groups(
            [name], include_authorized_operations=True, request_timeout=LIMIT_S
        )
        return self._operations(futures[name])

    def creation(self, name: str, config: Mapping[str, str]) -> str:
        """Why the topic could not be created; empty if it could. Only validates.

        `partitions` and `replication.factor` are taken out of `config`.
        """
        rest = dict(config)
        partitions = int(rest.pop("partitions", "1"))
        replicas = int(rest.pop("replication.factor", "1"))
        topic = NewTopic(name, partitions, replicas, config=rest)
        futures = self._admin.create_topics([topic], validate_only=True, request_timeout=LIMIT_S)
        try:
            self._result(futures[name])
        except KafkaException as error:
            return str(error.args[0].str() or error.args[0].name())
        return ""

    def acls(self, kind: ResourceType, name: str) -> Acls:
        """The entries that apply to a topic or a group of this name."""
        wanted = AclBindingFilter(
            kind,
            name,
            ResourcePatternType.MATCH,
            None,
            None,
            AclOperation.ANY,
            AclPermissionType.ANY,
        )
        try:
            found = self._result(self._admin.describe_acls(wanted, request_timeout=LIMIT_S))
        except KafkaException as error:
            return Acls(trouble=str(error.args[0].name()))
        of: dict[Any, set[tuple[str, str]]] = {each: set() for each in AclPermissionType}
        for each in found:
            of[each.permission_type].add((each.operation.name, str(each.principal)))
        return Acls(frozenset(of[AclPermissionType.ALLOW]), frozenset(of[AclPermissionType.DENY]))

    def _operations(self, future: Any) -> frozenset[str] | str | None:
        try:
            return _names(self._result(future).authorized_operations)
        except KafkaException as error:
            return str(error.args[0].name())

    def _result(self, future: Any) -> Any:
        return future.result(timeout=LIMIT_S + 2)


def _names(operations: Any) -> frozenset[str] | None:
    return None if operations is None else frozenset(each.name for each in operations)
