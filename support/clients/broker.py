"""A thin typed wrapper of Kafka's administrative requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from confluent_kafka import KafkaException
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    OffsetSpec,
    ResourceType,
)

from support.clients.answers import answer
from support.clients.connection import client_config, metadata
from support.clients.kafka_address import KafkaAddress
from support.clients.partition_offsets import PartitionOffsets
from support.clients.topics import ANSWER, SOON, Topics
from support.errors import NotInTime, StackError
from support.removal import raise_first
from support.waiting import wait_until

LONGEST_SESSION = timedelta(seconds=60)
"""Longer than a consumer's default session timeout (45 s)."""

GONE = "GROUP_ID_NOT_FOUND"
PASSING = (
    "NON_EMPTY_GROUP",
    "NOT_COORDINATOR",
    "COORDINATOR_NOT_AVAILABLE",
    "COORDINATOR_LOAD_IN_PROGRESS",
)
"""Errors about a group that still has members, or whose coordinator is just being found: the first
use of a group creates the topic of committed offsets."""


@dataclass(frozen=True)
class ConfigValue:
    """A setting as the broker reports it; `value` is None if the broker does not know it."""

    value: str | None
    is_default: bool


class BrokerClient:
    """Manages topics and groups, and reads offsets and settings in force.

    One client may be used for a whole run. Methods raise KafkaException if no broker answers or
    the request is refused, and StackError if a broker accepts a request and does not answer it.
    """

    def __init__(self, kafka: KafkaAddress) -> None:
        self.kafka = kafka
        self._admin = AdminClient(client_config(kafka))
        self._topics = Topics(kafka, self._admin)
        self._offsets = PartitionOffsets(kafka, self._admin)

    # -- the cluster ---------------------------------------------------------------------

    def answers(self) -> bool:
        """Whether any broker answers within 2 s."""
        try:
            return bool(metadata(self._admin, timedelta(seconds=2)).brokers)
        except KafkaException:
            return False

    def brokers(self) -> tuple[int, ...]:
        """The ids of the brokers."""
        return tuple(sorted(metadata(self._admin, ANSWER).brokers))

    def absent_brokers(self) -> tuple[int, ...]:
        """The ids of brokers that have replicas of some topic, but are not in the cluster now."""
        found = metadata(self._admin, ANSWER)
        partitions = (each for topic in found.topics.values() for each in topic.partitions.values())
        keepers = {replica for each in partitions for replica in each.replicas}
        return tuple(sorted(keepers - found.brokers.keys()))

    def cluster_id(self) -> str:
        return str(metadata(self._admin, ANSWER).cluster_id)

    def broker_config(self, broker: int | None = None) -> dict[str, ConfigValue]:
        """The settings in force of a broker, by default of the one with the lowest id."""
        which = min(self.brokers()) if broker is None else broker
        return self._describe(ConfigResource(ResourceType.BROKER, str(which)))

    # -- topics --------------------------------------------------------------------------

    def create_topic(self, name: str, config: Mapping[str, str]) -> None:
        """Creates a topic; see Topics.create()."""
        self._topics.create(name, config)

    def create_on_every_broker(
        self, name: str, config: Mapping[str, str], within: timedelta
    ) -> None:
        """Creates a topic with a partition on each broker; see Topics.create_on_every_broker()."""
        brokers = wait_until(
            self.brokers, bool, within, "a broker to answer", tolerate=(KafkaException,)
        )
        self._topics.create_on_every_broker(brokers, name, config, within)

    def delete_topics(self, names: Sequence[str]) -> None:
        """Deletes topics. A topic that does not exist is ignored."""
        self._topics.delete(names)

    def topics(self) -> frozenset[str]:
        """The names of all topics."""
        return frozenset(metadata(self._admin, SOON).topics)

    def partitions(self, topic: str) -> tuple[int, ...]:
        """The ids of all partitions, including those without a leader."""
        return tuple(sorted(self._topics.leaders(topic)))

    def leaders(self, topic: str) -> dict[int, int]:
        """Partition -> the broker that leads it. Partitions without a leader are left out."""
        found = self._topics.leaders(topic)
        return {partition: leader for partition, leader in found.items() if leader >= 0}

    def replicas(self, topic: str) -> dict[int, int]:
        """Partition -> the number of its replicas, in sync or not."""
        return self._topics.replicas(topic)

    def topic_config(self, topic: str) -> dict[str, ConfigValue]:
        """The settings in force of a topic."""
        return self._describe(ConfigResource(ResourceType.TOPIC, topic))

    def set_topic_config(self, topic: str, key: str, value: str) -> None:
        """Changes one setting of a topic."""
        resource = topic_setting(topic, key, value)
        self._await(self._admin.incremental_alter_configs([resource])[resource])

    # -- offsets -------------------------------------------------------------------------

    def end_offsets(self, topic: str) -> dict[int, int]:
        """Partition -> the offset after its last record.

        A partition without a leader can't be read and is left out. That does not mean that it is
        empty: partitions() has all of them.
        """
        return self._offsets.in_log(topic, self.leaders(topic), OffsetSpec.latest())

    def start_offsets(self, topic: str) -> dict[int, int]:
        """Partition -> the first offset that still exists. Leaves out partitions as
        end_offsets() does."""
        return self._offsets.in_log(topic, self.leaders(topic), OffsetSpec.earliest())

    def offsets_since(self, topic: str, stamp_ms: int) -> dict[int, int]:
        """Partition -> the offset of the first record with that time stamp or a later one; -1 if
        there is none."""
        spec = OffsetSpec.for_timestamp(stamp_ms)
        return self._offsets.in_log(topic, self.leaders(topic), spec)

    def last_timestamp_ms(self, topic: str) -> float:
        """The time stamp of the latest record of a topic."""
        return self._offsets.last_timestamp_ms(topic, self.leaders(topic))

    def committed(self, group: str, topic: str) -> dict[int, int]:
        """Partition -> the group's committed offset; -1 if there is none. Partitions without a
        leader are included."""
        return self._offsets.committed(group, topic, self.partitions(topic))

    # -- groups --------------------------------------------------------------------------

    def groups(self) -> frozenset[str]:
        """The ids of all consumer groups. Raises NotInTime if not every broker reports its own."""
        found = wait_until(
            lambda: self._await(self._admin.list_consumer_groups(request_timeout=5)),
            lambda listed: not listed.errors,
            LONGEST_SESSION,
            "every broker to list its groups",
        )
        return frozenset(group.group_id for group in found.valid)

    def delete_groups(self, names: Sequence[str]) -> None:
        """Deletes consumer groups. A group that does not exist is ignored.

        Waits until the sessions of members that did not leave are over (static members never
        leave). A group that can't be deleted does not keep the others. Raises the first error, or
        NotInTime, whose `seen` has the groups that are left.
        """
        left, errors = list(names), list[Exception]()

        def still_left() -> list[str]:
            left[:] = [name for name in left if not self._settled(name, errors)]
            return left

        try:
            wait_until(
                still_left,
                lambda found: not found,
                LONGEST_SESSION,
                "the members of every group to be gone",
                every=timedelta(milliseconds=500),
            )
        except NotInTime as error:
            errors.append(error)
        raise_first(errors)

    def _settled(self, name: str, errors: list[Exception]) -> bool:
        """Tries to delete a group; False if that is worth another attempt. Adds its error."""
        try:
            return self._delete_group(name)
        except (KafkaException, StackError) as error:
            errors.append(error)
            return True

    def _delete_group(self, name: str) -> bool:
        """Deletes a group; False while it still has members, or no coordinator yet."""
        try:
            self._await(self._admin.delete_consumer_groups([name])[name])
        except KafkaException as error:
            if error.args[0].name() not in (GONE, *PASSING):
                raise
            return bool(error.args[0].name() == GONE)
        return True

    def _describe(self, resource: ConfigResource) -> dict[str, ConfigValue]:
        entries = self._await(self._admin.describe_configs([resource])[resource])
        return {e.name: ConfigValue(e.value, bool(e.is_default)) for e in entries.values()}

    def _await(self, future: Any) -> Any:
        return answer(future, self.kafka)


def topic_setting(topic: str, key: str, value: str) -> ConfigResource:
    """The request to change one setting of a topic, for an AdminClient."""
    entry = ConfigEntry(key, value, incremental_operation=AlterConfigOpType.SET)
    return ConfigResource(ResourceType.TOPIC, topic, incremental_configs=[entry])
