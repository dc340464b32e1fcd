"""A topic that is asked for and does not exist is not created: the broker here would create it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient

from support.clients.broker import BrokerClient
from support.clients.connection import client_config, metadata, topics_within
from support.clients.kafka_address import KafkaAddress

ANSWER = timedelta(seconds=5)
NOWHERE = KafkaAddress("127.0.0.1:9")

Ask = Callable[[KafkaAddress], object]


def by_metadata(make: Callable[[dict[str, Any]], object]) -> Ask:
    return lambda kafka: metadata(make(client_config(kafka, {"group.id": "g"})), ANSWER, "missing")


def by_sending(kafka: KafkaAddress) -> None:
    producer = Producer(client_config(kafka, {"message.timeout.ms": "1500"}))
    producer.produce("missing", b"x")
    producer.flush(5)


@pytest.mark.parametrize(
    "ask",
    [
        by_metadata(AdminClient),
        by_metadata(Producer),
        by_metadata(Consumer),
        lambda kafka: BrokerClient(kafka).partitions("missing"),
        lambda kafka: BrokerClient(kafka).end_offsets("missing"),
        by_sending,
    ],
    ids=["admin", "producer", "consumer", "partitions", "end offsets", "sending"],
)
def test_nothing_creates_a_topic_by_asking_for_it(ask: Ask) -> None:
    mock = Producer(client_config(NOWHERE, {"test.mock.num.brokers": "1"}))
    (broker,) = metadata(mock, ANSWER).brokers.values()
    kafka = KafkaAddress(f"{broker.host}:{broker.port}")
    ask(kafka)
    assert topics_within(kafka, ANSWER) == frozenset()
