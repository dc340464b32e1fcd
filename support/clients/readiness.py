"""Ready: a record written to every broker, acknowledged, and fetched back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

from support import clock
from support.clients.broker import BrokerClient
from support.clients.connection import client_config, metadata
from support.waiting import wait_until

READY_TOPIC = "kafka-validation-ready"
ANSWER = timedelta(seconds=5)
READY_CONFIG = {"retention.bytes": "10000000", "min.insync.replicas": "1"}


@dataclass(frozen=True)
class FirstRecord:
    """Monotonic times (ns) at which one record was acknowledged and then fetched."""

    acked_ns: int
    fetched_ns: int


def prove_ready(bootstrap: str, within: timedelta) -> FirstRecord:
    """A record written to every broker and fetched: ready. A cluster in which one that
    it lists does not serve is not. Raises NotInTime, StackError or KafkaException."""
    BrokerClient(bootstrap).create_on_every_broker(READY_TOPIC, READY_CONFIG, within)
    return write_and_fetch(bootstrap, READY_TOPIC, within)


def write_and_fetch(bootstrap: str, topic: str, within: timedelta) -> FirstRecord:
    """Produce a record to each partition with acks=all and fetch it back: the proof of readiness.

    Raises NotInTime when either does not happen within `within`.
    """
    acked: dict[int, tuple[int, int]] = {}
    timeout_ms = str(int(within.total_seconds() * 1000))

    def report(error: object, message: Any) -> None:
        if error is None:
            acked[message.partition()] = (clock.now_ns(), message.offset())

    producer = Producer(
        client_config(
            bootstrap,
            {
                "acks": "all",
                "linger.ms": "0",
                "message.timeout.ms": timeout_ms,
                "topic.metadata.refresh.fast.interval.ms": "20",
            },
        )
    )
    partitions = set(
        wait_until(
            lambda: metadata(producer, ANSWER, topic).topics[topic].partitions,
            bool,
            within,
            f"{bootstrap} to tell the partitions of {topic}",
            every=timedelta(milliseconds=20),
            tolerate=(KafkaException,),
        )
    )
    for partition in partitions:
        producer.produce(topic, b"ready?", partition=partition, callback=report)
    wait_until(
        lambda: producer.poll(0.02) >= 0 and acked.keys() == partitions,
        bool,
        within,
        f"{bootstrap} to acknowledge a record",
        every=timedelta(),
    )
    settings = {"group.id": "kafka-validation-readiness", "enable.auto.commit": "false"}
    consumer = Consumer(client_config(bootstrap, settings))
    wanted = set(partitions)
    try:
        consumer.assign([TopicPartition(topic, p, offset) for p, (_, offset) in acked.items()])
        wait_until(
            lambda: _fetched(consumer, wanted),
            bool,
            within,
            f"{bootstrap} to hand out the record it acknowledged",
            every=timedelta(),
        )
        return FirstRecord(max(at_ns for at_ns, _ in acked.values()), clock.now_ns())
    finally:
        consumer.close()


def _fetched(consumer: Consumer, wanted: set[int | None]) -> bool:
    """Whether of each wanted partition a record came; those that did are taken out."""
    message = consumer.poll(0.2)
    if message is not None and message.error() is None:
        wanted.discard(message.partition())
    return not wanted
