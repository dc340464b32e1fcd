"""A thin typed wrapper of the Kafka protocol: topics, configurations, offsets, one record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from confluent_kafka import (
    ConsumerGroupTopicPartitions,
    KafkaException,
    TopicPartition,
)
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
    OffsetSpec,
    ResourceType,
)

from support.clients.connection import client_config, metadata
from support.errors import SettingsError, StackError
from support.interruption import interruptible
from support.waiting import wait_until

PATIENCE = timedelta(seconds=30)
ANSWER, SOON = timedelta(seconds=10), timedelta(seconds=5)
LEADERLESS = frozenset(
    {
        "LEADER_NOT_AVAILABLE",
        "NOT_LEADER_FOR_PARTITION",
        "REPLICA_NOT_AVAILABLE",
        "OFFSET_NOT_AVAILABLE",
    }
)
"""Answers of a partition that nobody leads just now."""
LONGEST_SESSION = timedelta(seconds=60)
"""More than the default session of a consumer (45 s)."""


@dataclass(frozen=True)
class ConfigValue:
    """A configuration entry as the broker reports it; `value` is None for one it does not know."""

    value: str | None
    is_default: bool


class BrokerClient:
    """Administration of topics, and reading of what is in force. Safe to keep for a whole run."""

    def __init__(self, bootstrap: str) -> None:
        self.bootstrap = bootstrap
        self._admin = AdminClient(client_config(bootstrap))
        self._admin_of: dict[str, AdminClient] = {}

    def create_topic(self, name: str, config: Mapping[str, str]) -> None:
        """Create a topic; `partitions` and `replication.factor` are taken out of `config`.

        A topic of that name is left as it is. Raises SettingsError when Kafka refuses a setting,
        StackError when it refuses the topic otherwise.
        """
        rest = dict(config)
        partitions = int(rest.pop("partitions", "1"))
        replicas = int(rest.pop("replication.factor", "1"))
        self._create(NewTopic(name, partitions, replicas, config=rest))

    def create_on_every_broker(
        self, name: str, config: Mapping[str, str], within: timedelta
    ) -> None:
        """A topic of that name has a partition, of one replica, on each broker that is there.

        Raises NotInTime when not every partition has a leader `within` that time.
        """
        brokers = wait_until(
            self.brokers, bool, within, "a broker to answer", tolerate=(KafkaException,)
        )
        places = [[broker] for broker in brokers]
        topic = NewTopic(name, len(places), replica_assignment=places, config=dict(config))
        self._create(topic, within)
        there = metadata(self._admin, ANSWER, name).topics[name].partitions.values()
        missing = set(brokers) - {replica for each in there for replica in each.replicas}
        if missing:
            more = NewPartitions(name, len(there) + len(missing), [[each] for each in missing])
            self._await(self._admin.create_partitions([more], operation_timeout=20)[name])
            self._await_leaders(name, within)

    def _create(self, topic: NewTopic, within: timedelta = PATIENCE) -> None:
        try:
            self._await(self._admin.create_topics([topic], operation_timeout=20)[topic.topic])
        except KafkaException as error:
            name = error.args[0].name()
            if name in ("INVALID_CONFIG", "INVALID_PARTITIONS"):
                raise SettingsError(
                    "Kafka refuses a setting of topics.",
                    seen=str(error.args[0].str()),
                    cause="a line in baseline/topics.properties or a -D topic.KEY override",
                ) from error
            if name != "TOPIC_ALREADY_EXISTS":
                raise StackError(
                    f"Kafka refused to create the topic {topic.topic}.",
                    seen=str(error.args[0].str()),
                    cause="a setting in baseline/topics.properties or a -D topic.KEY override",
                ) from error
        self._await_leaders(topic.topic, within)

    def _await_leaders(self, topic: str, within: timedelta) -> None:
        """In a cluster each broker learns for itself, a moment later, what was created."""
        for admin in self._of_each_broker():
            wait_until(
                partial(_leaders, admin, topic),
                lambda found: bool(found) and min(found.values()) >= 0,
                within,
                f"the partitions of {topic} to have a leader",
                tolerate=(KafkaException,),
            )

    def _of_each_broker(self) -> list[AdminClient]:
        """Who is asked is chosen by chance, but by a client that knows only one."""
        brokers = metadata(self._admin, ANSWER).brokers.values()
        places = [f"{each.host}:{each.port}" for each in brokers]
        if len(places) == 1:
            return [self._admin]
        for place in places:
            if place not in self._admin_of:
                self._admin_of[place] = AdminClient(client_config(place))
        return [self._admin_of[place] for place in places]

    def delete_topics(self, names: Sequence[str]) -> None:
        """Delete topics; those already gone are fine."""
        if not names:
            return
        for future in self._admin.delete_topics(list(names), operation_timeout=20).values():
            try:
                self._await(future)
            except KafkaException as error:
                if error.args[0].name() != "UNKNOWN_TOPIC_OR_PART":
                    raise

    def delete_groups(self, names: Sequence[str]) -> None:
        """Delete consumer groups; those already gone are fine.

        Waits for members that did not leave (static ones never do) until their session is over.
        """
        for name in names:
            wait_until(
                partial(self._delete_group, name),
                bool,
                LONGEST_SESSION,
                f"the members of group {name} to be gone",
                every=timedelta(milliseconds=500),
            )

    def _delete_group(self, name: str) -> bool:
        """False while it still has members."""
        try:
            self._await(self._admin.delete_consumer_groups([name])[name])
        except KafkaException as error:
            if error.args[0].name() not in ("GROUP_ID_NOT_FOUND", "NON_EMPTY_GROUP"):
                raise
            return bool(error.args[0].name() == "GROUP_ID_NOT_FOUND")
        return True

    def topics(self) -> frozenset[str]:
        """Names of all topics. Raises KafkaException when the broker does not answer."""
        return frozenset(metadata(self._admin, SOON).topics)

    def answers(self) -> bool:
        """Whether any broker does within 2 s."""
        try:
            return bool(metadata(self._admin, timedelta(seconds=2)).brokers)
        except KafkaException:
            return False

    def brokers(self) -> tuple[int, ...]:
        """Ids of the brokers. Raises KafkaException when none answers within 10 s."""
        return tuple(sorted(metadata(self._admin, ANSWER).brokers))

    def absent_brokers(self) -> tuple[int, ...]:
        """Ids of those that keep replicas of some topic and are not in the cluster now."""
        told = metadata(self._admin, ANSWER)
        partitions = (each for topic in told.topics.values() for each in topic.partitions.values())
        keepers = {replica for each in partitions for replica in each.replicas}
        return tuple(sorted(keepers - told.brokers.keys()))

    def groups(self) -> frozenset[str]:
        """Ids of all consumer groups. Raises NotInTime when not every broker tells its own."""
        answer = wait_until(
            lambda: self._await(self._admin.list_consumer_groups(request_timeout=5)),
            lambda told: not told.errors,
            LONGEST_SESSION,
            "every broker to tell its groups",
        )
        return frozenset(group.group_id for group in answer.valid)

    def last_timestamp_ms(self, topic: str) -> float:
        """Of the latest record of a topic, by the stamp that it has."""
        return float(max(self._timestamps(topic)))

    def _timestamps(self, topic: str) -> list[int]:
        latest = OffsetSpec.max_timestamp()
        asked = {TopicPartition(topic, p): latest for p in self.leaders(topic)}
        return [self._await(f).timestamp for f in self._admin.list_offsets(asked).values()]

    def partitions(self, topic: str) -> tuple[int, ...]:
        """Ids of all partitions, those without a leader among them."""
        return tuple(sorted(_leaders(self._admin, topic)))

    def leaders(self, topic: str) -> dict[int, int]:
        """Partition -> the broker that leads it; those without a leader are left out."""
        found = _leaders(self._admin, topic)
        return {partition: leader for partition, leader in found.items() if leader >= 0}

    def replicas(self, topic: str) -> dict[int, int]:
        """Partition -> how many replicas it has, in sync or not."""
        described = metadata(self._admin, SOON, topic).topics[topic]
        return {each.id: len(each.replicas) for each in described.partitions.values()}

    def end_offsets(self, topic: str) -> dict[int, int]:
        """Partition -> offset after its last record. A partition without a leader can't be asked
        and is left out: that is no empty one, see partitions()."""
        return self._offsets(topic, OffsetSpec.latest())

    def _offsets(self, topic: str, spec: OffsetSpec) -> dict[int, int]:
        asked = {TopicPartition(topic, partition): spec for partition in self.leaders(topic)}
        found = {}
        for place, future in self._admin.list_offsets(asked, request_timeout=10).items():
            try:
                found[place.partition] = int(self._await(future).offset)
            except KafkaException as error:
                if error.args[0].name() not in LEADERLESS:
                    raise
        return found

    def start_offsets(self, topic: str) -> dict[int, int]:
        """Partition -> first offset that is still there; as end_offsets()."""
        return self._offsets(topic, OffsetSpec.earliest())

    def offsets_since(self, topic: str, stamp_ms: int) -> dict[int, int]:
        """Partition -> offset of the first record with that time stamp or a later one; -1 where
        there is none."""
        return self._offsets(topic, OffsetSpec.for_timestamp(stamp_ms))

    def committed(self, group: str, topic: str) -> dict[int, int]:
        """Partition -> offset that the group has committed; -1 where it has none. Partitions
        without a leader are no exception: the group's coordinator answers."""
        wanted = [TopicPartition(topic, partition) for partition in self.partitions(topic)]
        asked = [ConsumerGroupTopicPartitions(group, wanted)]
        answer = self._await(self._admin.list_consumer_group_offsets(asked)[group])
        for each in answer.topic_partitions:
            if each.error is not None:
                # Unknown is not "none".
                raise KafkaException(each.error)
        return {each.partition: max(each.offset, -1) for each in answer.topic_partitions}

    def broker_config(self, broker: int | None = None) -> dict[str, ConfigValue]:
        """The configuration that a broker says is in force; without one, that of the first."""
        which = min(self.brokers()) if broker is None else broker
        return self._describe(ConfigResource(ResourceType.BROKER, str(which)))

    def cluster_id(self) -> str:
        """As Kafka keeps it with its data."""
        return str(metadata(self._admin, ANSWER).cluster_id)

    def topic_config(self, topic: str) -> dict[str, ConfigValue]:
        """The configuration that the broker says is in force for a topic."""
        return self._describe(ConfigResource(ResourceType.TOPIC, topic))

    def set_topic_config(self, topic: str, key: str, value: str) -> None:
        """Change one setting of a topic. Raises KafkaException when it is refused."""
        resource = topic_setting(topic, key, value)
        self._await(self._admin.incremental_alter_configs([resource])[resource])

    def _describe(self, resource: ConfigResource) -> dict[str, ConfigValue]:
        entries = self._await(self._admin.describe_configs([resource])[resource])
        return {e.name: ConfigValue(e.value, bool(e.is_default)) for e in entries.values()}

    def _await(self, future: Any) -> Any:
        try:
            with interruptible():
                return future.result(timeout=PATIENCE.total_seconds())
        except TimeoutError as error:
            raise StackError(
                f"The broker {self.bootstrap} did not answer an administrative request.",
                seen=f"nothing within {PATIENCE.total_seconds():g} s",
                then="make status, then make logs",
            ) from error


def _leaders(admin: AdminClient, topic: str) -> dict[int, int]:
    """Partition -> the broker that leads it; -1 where none does."""
    described = metadata(admin, SOON, topic).topics[topic]
    return {each.id: each.leader for each in described.partitions.values()}


def topic_setting(topic: str, key: str, value: str) -> ConfigResource:
    """The request to change one setting of a topic, for an AdminClient."""
    entry = ConfigEntry(key, value, incremental_operation=AlterConfigOpType.SET)
    return ConfigResource(ResourceType.TOPIC, topic, incremental_configs=[entry])
