"""Readiness: a record is written to every broker, acknowledged, and fetched back."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

from support import clock
from support.clients.broker import BrokerClient
from support.clients.connection import client_config, metadata
from support.clients.kafka_address import KafkaAddress
from support.waiting import wait_until

READY_TOPIC = "kafka-validation-ready"
READY_CONFIG = {"retention.bytes": "10000000", "min.insync.replicas": "1"}
ANSWER = timedelta(seconds=5)
OFTEN = timedelta(milliseconds=20)


@dataclass(frozen=True)
class FirstRecord:
    """Monotonic times (ns) at which one record was acknowledged and then fetched."""

    acked_ns: int
    fetched_ns: int


def prove_ready(kafka: KafkaAddress, within: timedelta) -> FirstRecord:
    """Write a record to every broker and fetch it back.

    A cluster is not ready if one of the brokers that it lists does not serve. Raises NotInTime,
    StackError or KafkaException.
    """
    BrokerClient(kafka).create_on_every_broker(READY_TOPIC, READY_CONFIG, within)
    return write_and_fetch(kafka, READY_TOPIC, within)


def write_and_fetch(kafka: KafkaAddress, topic: str, within: timedelta) -> FirstRecord:
    """Write a record to each partition with acks=all, and fetch it back.

    Raises NotInTime if one of these takes longer than `within`.
    """
    acked = _write(kafka, topic, within)
    acked_ns = max(at_ns for at_ns, _ in acked.values())
    offsets = {partition: offset for partition, (_, offset) in acked.items()}
    _fetch(kafka, topic, offsets, within)
    return FirstRecord(acked_ns, clock.now_ns())


def _write(kafka: KafkaAddress, topic: str, within: timedelta) -> dict[int, tuple[int, int]]:
    """Partition -> when its record was acknowledged (monotonic ns), and the record's offset."""
    acked: dict[int, tuple[int, int]] = {}

    def report(error: object, message: Any) -> None:
        if error is None:
            acked[message.partition()] = (clock.now_ns(), message.offset())

    settings = {
        "acks": "all",
        "linger.ms": "0",
        "message.timeout.ms": str(int(within.total_seconds() * 1000)),
        "topic.metadata.refresh.fast.interval.ms": "20",
    }
    producer = Producer(client_config(kafka, settings))
    partitions = _partitions(producer, kafka, topic, within)
    for partition in partitions:
        producer.produce(topic, b"ready?", partition=partition, callback=report)
    wait_until(
        lambda: producer.poll(0.02) >= 0 and acked.keys() == partitions,
        bool,
        within,
        f"{kafka} to acknowledge a record",
        every=timedelta(),
    )
    return acked


def _partitions(producer: Producer, kafka: KafkaAddress, topic: str, within: timedelta) -> Set[int]:
    found = wait_until(
        lambda: metadata(producer, ANSWER, topic).topics[topic].partitions,
        bool,
        within,
        f"{kafka} to report the partitions of {topic}",
        every=OFTEN,
        tolerate=(KafkaException,),
    )
    return set(found)


def _fetch(kafka: KafkaAddress, topic: str, offsets: dict[int, int], within: timedelta) -> None:
    settings = {"group.id": "kafka-validation-readiness", "enable.auto.commit": "false"}
    consumer = Consumer(client_config(kafka, settings))
    wanted: set[int | None] = set(offsets)
    try:
        consumer.assign([TopicPartition(topic, p, offset) for p, offset in offsets.items()])
        wait_until(
            lambda: _fetched(consumer, wanted),
            bool,
            within,
            f"{kafka} to deliver the record that it acknowledged",
            every=timedelta(),
        )
    finally:
        consumer.close()


def _fetched(consumer: Consumer, wanted: set[int | None]) -> bool:
    """Poll once, and remove the record's partition from `wanted`. Returns whether none is left."""
    message = consumer.poll(0.2)
    if message is not None and message.error() is None:
        wanted.discard(message.partition())
    return not wanted
