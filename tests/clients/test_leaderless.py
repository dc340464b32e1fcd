"""A partition without a leader exists, but its offsets can't be read."""

from __future__ import annotations

from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException

from support.clients.broker import BrokerClient
from support.clients.kafka_address import KafkaAddress
from support.metrics.lag import read_lag


def done(value: object) -> Future[Any]:
    future: Future[Any] = Future()
    if isinstance(value, Exception):
        future.set_exception(value)
    else:
        future.set_result(value)
    return future


class Admin:
    """Partition 0 has a leader, 1 loses its leader meanwhile, 2 has none."""

    def list_topics(self, topic: str, timeout: float) -> Any:
        leaders = {0: 1, 1: 1, 2: -1}
        partitions = {p: SimpleNamespace(id=p, leader=at) for p, at in leaders.items()}
        return SimpleNamespace(topics={topic: SimpleNamespace(partitions=partitions, error=None)})

    def list_offsets(self, asked: Any, request_timeout: float) -> Any:
        lost = KafkaException(KafkaError(KafkaError.NOT_LEADER_FOR_PARTITION))
        answers = {0: SimpleNamespace(offset=7), 1: lost}
        return {place: done(answers[place.partition]) for place in asked}

    def list_consumer_group_offsets(self, asked: Any) -> Any:
        error = KafkaError(KafkaError.UNKNOWN_TOPIC_OR_PART) if self.refuses else None
        offsets = [
            SimpleNamespace(partition=place.partition, offset=5, error=error)
            for place in asked[0].topic_partitions
        ]
        return {asked[0].group_id: done(SimpleNamespace(topic_partitions=offsets))}

    refuses = False


@pytest.fixture
def admin() -> Admin:
    return Admin()


@pytest.fixture
def client(admin: Admin, monkeypatch: pytest.MonkeyPatch) -> BrokerClient:
    monkeypatch.setattr("support.clients.broker.AdminClient", lambda _config: admin)
    return BrokerClient(KafkaAddress("127.0.0.1:9"))


def test_a_partition_without_a_leader_is_listed_without_offsets(client: BrokerClient) -> None:
    assert client.partitions("t") == (0, 1, 2)
    assert client.end_offsets("t") == client.start_offsets("t") == {0: 7}


def test_the_coordinator_knows_the_commits_of_all_partitions(
    client: BrokerClient, admin: Admin
) -> None:
    assert client.committed("g", "t") == {0: 5, 1: 5, 2: 5}
    admin.refuses = True
    with pytest.raises(KafkaException):
        client.committed("g", "t")


def test_the_lag_is_unknown_where_a_partition_has_no_leader(client: BrokerClient) -> None:
    point = read_lag(client, "g", "t")
    assert point.partitions == {0: 2, 1: None, 2: None}
    assert point.total is None
