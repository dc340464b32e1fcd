"""Topics of a cluster: created with a leader for every partition, described, and deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, NewPartitions, NewTopic

from support.clients.answers import PATIENCE, answer
from support.clients.connection import client_config, metadata
from support.clients.kafka_address import KafkaAddress
from support.errors import SettingsError, StackError
from support.removal import raise_first
from support.waiting import wait_until

ANSWER, SOON = timedelta(seconds=10), timedelta(seconds=5)


class Topics:
    """Uses one AdminClient for the cluster, and one for each broker where that matters."""

    def __init__(self, kafka: KafkaAddress, admin: AdminClient) -> None:
        self._kafka, self._admin = kafka, admin
        self._admin_of: dict[str, AdminClient] = {}

    def create(self, name: str, config: Mapping[str, str]) -> None:
        """Creates a topic; `partitions` and `replication.factor` are taken out of `config`.

        An existing topic is left as it is. Raises SettingsError if Kafka refuses a setting,
        KafkaException if this client may not create it, and StackError if Kafka refuses the topic
        for another reason.
        """
        rest = dict(config)
        partitions = int(rest.pop("partitions", "1"))
        replicas = int(rest.pop("replication.factor", "1"))
        self._create(NewTopic(name, partitions, replicas, config=rest))

    def create_on_every_broker(
        self, brokers: Sequence[int], name: str, config: Mapping[str, str], within: timedelta
    ) -> None:
        """Creates a topic that has a partition with one replica on each of the brokers.

        Partitions are added to an existing topic where one is missing. Raises NotInTime if not
        every partition has a leader `within` that time.
        """
        places = [[broker] for broker in brokers]
        topic = NewTopic(name, len(places), replica_assignment=places, config=dict(config))
        self._create(topic, within)
        there = metadata(self._admin, ANSWER, name).topics[name].partitions.values()
        missing = set(brokers) - {replica for each in there for replica in each.replicas}
        if missing:
            more = NewPartitions(name, len(there) + len(missing), [[each] for each in missing])
            futures = self._admin.create_partitions([more], operation_timeout=20)
            answer(futures[name], self._kafka)
            self._await_leaders(name, within)

    def delete(self, names: Sequence[str]) -> None:
        """Deletes topics. A topic that does not exist is ignored.

        Raises the first error once Kafka has answered for every topic.
        """
        if not names:
            return
        errors: list[Exception] = []
        for future in self._admin.delete_topics(list(names), operation_timeout=20).values():
            try:
                answer(future, self._kafka)
            except KafkaException as error:
                if error.args[0].name() != "UNKNOWN_TOPIC_OR_PART":
                    errors.append(error)
        raise_first(errors)

    def leaders(self, topic: str) -> dict[int, int]:
        """Partition -> the broker that leads it; -1 if it has no leader."""
        return _leaders(self._admin, topic)

    def replicas(self, topic: str) -> dict[int, int]:
        """Partition -> the number of its replicas, in sync or not."""
        described = metadata(self._admin, SOON, topic).topics[topic]
        return {each.id: len(each.replicas) for each in described.partitions.values()}

    def _create(self, topic: NewTopic, within: timedelta = PATIENCE) -> None:
        try:
            futures = self._admin.create_topics([topic], operation_timeout=20)
            answer(futures[topic.topic], self._kafka)
        except KafkaException as error:
            name = error.args[0].name()
            if "AUTHORIZATION" in name:
                raise
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
        """Asks every broker: each learns of a new topic at a slightly different time."""
        for admin in self._of_each_broker():
            wait_until(
                partial(_leaders, admin, topic),
                lambda found: bool(found) and min(found.values()) >= 0,
                within,
                f"the partitions of {topic} to have a leader",
                tolerate=(KafkaException,),
            )

    def _of_each_broker(self) -> list[AdminClient]:
        """A client for each broker: one with several bootstrap servers asks a random one."""
        brokers = metadata(self._admin, ANSWER).brokers.values()
        places = [self._kafka.at(each.host, each.port) for each in brokers]
        if len(places) == 1:
            return [self._admin]
        for place in places:
            if place.bootstrap not in self._admin_of:
                self._admin_of[place.bootstrap] = AdminClient(client_config(place))
        return [self._admin_of[place.bootstrap] for place in places]


def _leaders(admin: AdminClient, topic: str) -> dict[int, int]:
    described = metadata(admin, SOON, topic).topics[topic]
    if described.error is not None and "AUTHORIZATION" in described.error.name():
        # Not a KafkaException: callers wait for the end of those.
        raise StackError(
            f"This client may not describe the topic {topic}.", seen=described.error.str()
        )
    return {each.id: each.leader for each in described.partitions.values()}
