"""Readiness: a record is written to every broker, acknowledged, and fetched back."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition

from support import clock
from support.clients.broker import BrokerClient
from support.clients.connection import client_config, metadata
from support.clients.kafka_address import KafkaAddress
from support.waiting import wait_until

READY_CONFIG = {"retention.bytes": "10000000", "min.insync.replicas": "1"}
ANSWER = timedelta(seconds=5)
OFTEN = timedelta(milliseconds=20)


@dataclass(frozen=True)
class FirstRecord:
    """Monotonic times (ns) at which one record was acknowledged and then fetched."""

    acked_ns: int
    fetched_ns: int


def prove_ready(kafka: KafkaAddress, within: timedelta) -> FirstRecord:
    """Writes a record to every broker and fetches it back.

    A cluster is not ready if one of the brokers that it lists does not serve. Raises NotInTime,
    StackError or KafkaException.
    """
    BrokerClient(kafka).create_on_every_broker(kafka.ready_topic, READY_CONFIG, within)
    return write_and_fetch(kafka, kafka.ready_topic, within)


def write_and_fetch(kafka: KafkaAddress, topic: str, within: timedelta) -> FirstRecord:
    """Writes a record to each partition with acks=all, and fetches it back.

    Raises NotInTime if one of these takes longer than `within`.
    """
    acked = write_to_every_partition(kafka, topic, within)
    acked_ns = max(at_ns for at_ns, _ in acked.values())
    fetch_again(kafka, topic, acked, within)
    return FirstRecord(acked_ns, clock.now_ns())


def write_to_every_partition(
    kafka: KafkaAddress, topic: str, within: timedelta
) -> dict[int, tuple[int, int]]:
    """Partition -> when its record was acknowledged (monotonic ns), and the record's offset.

    Raises KafkaException if this client may not write, and NotInTime.
    """
    settings = {
        "acks": "all",
        "linger.ms": "0",
        "message.timeout.ms": str(int(within.total_seconds() * 1000)),
        "topic.metadata.refresh.fast.interval.ms": "20",
    }
    producer, written = Producer(client_config(kafka, settings)), _Written()
    partitions = _partitions(producer, kafka, topic, within)
    for partition in partitions:
        producer.produce(topic, b"ready?", partition=partition, callback=written.report)
    wait_until(
        lambda: producer.poll(0.02) >= 0 and written.everywhere(partitions),
        bool,
        within,
        f"{kafka} to acknowledge a record",
        every=timedelta(),
    )
    return written.acked


class _Written:
    """The broker's answers to a record for each partition."""

    def __init__(self) -> None:
        self.acked: dict[int, tuple[int, int]] = {}
        self._refusals: list[KafkaError] = []

    def report(self, error: KafkaError | None, message: Any) -> None:
        """Must not raise: it is called from C."""
        if error is None:
            self.acked[message.partition()] = (clock.now_ns(), message.offset())
        elif "AUTHORIZATION" in error.name():
            self._refusals.append(error)

    def everywhere(self, partitions: Set[int]) -> bool:
        """Whether all have acknowledged. Raises KafkaException if one will never do so."""
        if self._refusals:
            raise KafkaException(self._refusals[0])
        return self.acked.keys() == partitions


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


def fetch_again(
    kafka: KafkaAddress, topic: str, acked: Mapping[int, tuple[int, int]], within: timedelta
) -> int:
    """Fetches the records of write_to_every_partition(); the latest time stamp in them, in ms.

    Raises as it does.
    """
    settings = {"group.id": "kafka-validation-readiness", "enable.auto.commit": "false"}
    consumer = Consumer(client_config(kafka, settings))
    stamps: dict[int | None, int] = {}
    try:
        consumer.assign([TopicPartition(topic, p, offset) for p, (_, offset) in acked.items()])
        wait_until(
            lambda: _fetched(consumer, stamps).keys() == acked.keys(),
            bool,
            within,
            f"{kafka} to deliver the record that it acknowledged",
            every=timedelta(),
        )
        return max(stamps.values())
    finally:
        consumer.close()


def _fetched(consumer: Consumer, stamps: dict[int | None, int]) -> dict[int | None, int]:
    """Polls once, and adds partition -> time stamp of the record. Returns all so far."""
    message = consumer.poll(0.2)
    error = message.error() if message is not None else None
    if error is not None and "AUTHORIZATION" in error.name():
        raise KafkaException(error)
    if message is not None and error is None:
        stamps[message.partition()] = message.timestamp()[1]
    return stamps
