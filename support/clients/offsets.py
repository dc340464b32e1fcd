"""Records with given time stamps, and commits of a group that has no members."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

from support.clients.connection import client_config, flushed, polled
from support.clients.kafka_address import KafkaAddress
from support.errors import StackError


def write_stamped(
    kafka: KafkaAddress, topic: str, stamps_ms: Mapping[int, int], size: int, within: timedelta
) -> None:
    """Writes records of `size` bytes to partition 0, one after the other.

    `stamps_ms`: offset -> time stamp of the record. Raises StackError if one is not acknowledged.
    """
    producer = Producer(client_config(kafka, {"acks": "all"}))
    for offset in sorted(stamps_ms):
        producer.produce(topic, bytes(size), partition=0, timestamp=stamps_ms[offset])
        if not flushed(producer, within):
            raise StackError(f"The broker {kafka} did not store a record in {topic}.")


def commit_offset(kafka: KafkaAddress, group: str, topic: str, offset: int) -> None:
    """Commits an offset of partition 0 for a group that has no members."""
    consumer = Consumer(client_config(kafka, {"group.id": group}))
    try:
        consumer.commit(offsets=[TopicPartition(topic, 0, offset)], asynchronous=False)
    finally:
        consumer.close()


def first_answer(kafka: KafkaAddress, group: str, topic: str, reset: str, within: timedelta) -> str:
    """Starts a consumer at the commit in partition 0, and returns the first thing that it receives.

    Returns `offset N`, the name of an error, or `nothing`. `reset`: its auto.offset.reset.
    """
    settings = {"group.id": group, "auto.offset.reset": reset, "enable.auto.commit": "false"}
    consumer = Consumer(client_config(kafka, settings))
    try:
        consumer.assign([TopicPartition(topic, 0)])
        message = polled(consumer, within)
    except KafkaException as error:
        return str(error.args[0].name())
    finally:
        consumer.close()
    if message is None:
        return "nothing"
    failure = message.error()
    return str(failure.name()) if failure else f"offset {message.offset()}"
