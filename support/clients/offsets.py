"""Records with a time stamp of their own, and offsets of a group without a member."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

from support.clients.connection import client_config, flushed, polled
from support.errors import StackError


def write_stamped(
    bootstrap: str, topic: str, stamps_ms: Mapping[int, int], size: int, within: timedelta
) -> None:
    """One record of `size` bytes after the other into partition 0; offset -> its time stamp.

    Raises StackError when one is not acknowledged.
    """
    producer = Producer(client_config(bootstrap, {"acks": "all"}))
    for offset in sorted(stamps_ms):
        producer.produce(topic, bytes(size), partition=0, timestamp=stamps_ms[offset])
        if not flushed(producer, within):
            raise StackError(f"The broker {bootstrap} did not store a record in {topic}.")


def commit_offset(bootstrap: str, group: str, topic: str, offset: int) -> None:
    """Commit for a group that has no members, in partition 0."""
    consumer = Consumer(client_config(bootstrap, {"group.id": group}))
    try:
        consumer.commit(offsets=[TopicPartition(topic, 0, offset)], asynchronous=False)
    finally:
        consumer.close()


def first_answer(bootstrap: str, group: str, topic: str, reset: str, within: timedelta) -> str:
    """What a consumer gets first when it goes on from the commit: `offset N`, or an error's name.

    `reset`: its auto.offset.reset.
    """
    settings = {"group.id": group, "auto.offset.reset": reset, "enable.auto.commit": "false"}
    consumer = Consumer(client_config(bootstrap, settings))
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
