"""Offsets of the partitions of a topic: in the log, and committed by a group."""

from __future__ import annotations

from collections.abc import Iterable

from confluent_kafka import ConsumerGroupTopicPartitions, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from support.clients.answers import answer
from support.clients.kafka_address import KafkaAddress
from support.record.sessions import NO_OFFSET

LEADERLESS = frozenset(
    {
        "LEADER_NOT_AVAILABLE",
        "NOT_LEADER_FOR_PARTITION",
        "REPLICA_NOT_AVAILABLE",
        "OFFSET_NOT_AVAILABLE",
    }
)
"""Errors about a partition that has no leader at the moment."""


class PartitionOffsets:
    """Reads offsets with one AdminClient."""

    def __init__(self, kafka: KafkaAddress, admin: AdminClient) -> None:
        self._kafka, self._admin = kafka, admin

    def in_log(self, topic: str, partitions: Iterable[int], spec: OffsetSpec) -> dict[int, int]:
        """Partition -> the offset that `spec` asks for. A partition that loses its leader
        meanwhile is left out."""
        asked = {TopicPartition(topic, partition): spec for partition in partitions}
        found = {}
        for place, future in self._admin.list_offsets(asked, request_timeout=10).items():
            try:
                found[place.partition] = int(answer(future, self._kafka).offset)
            except KafkaException as error:
                if error.args[0].name() not in LEADERLESS:
                    raise
        return found

    def last_timestamp_ms(self, topic: str, partitions: Iterable[int]) -> float:
        """The time stamp of the latest record of these partitions."""
        latest = OffsetSpec.max_timestamp()
        asked = {TopicPartition(topic, partition): latest for partition in partitions}
        futures = self._admin.list_offsets(asked).values()
        return float(max(answer(each, self._kafka).timestamp for each in futures))

    def committed(self, group: str, topic: str, partitions: Iterable[int]) -> dict[int, int]:
        """Partition -> the committed offset; NO_OFFSET if there is none.

        The group's coordinator answers, so a partition may be without a leader.
        """
        wanted = [TopicPartition(topic, partition) for partition in partitions]
        asked = [ConsumerGroupTopicPartitions(group, wanted)]
        found = answer(self._admin.list_consumer_group_offsets(asked)[group], self._kafka)
        for each in found.topic_partitions:
            if each.error is not None:
                # An unknown offset is not the same as none.
                raise KafkaException(each.error)
        return {each.partition: max(each.offset, NO_OFFSET) for each in found.topic_partitions}
