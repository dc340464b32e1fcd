"""Reads single offsets of the log again, to see whether their records are really missing."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta

from confluent_kafka import Consumer, TopicPartition

from support.clients.connection import polled, reader_config
from support.clients.kafka_address import KafkaAddress
from support.generate.payload import record_of


def look_again(
    kafka: KafkaAddress, topic: str, offsets: Sequence[tuple[int, int]], within: timedelta
) -> list[str]:
    """Reads each (partition, offset) with a new client; returns the results in words."""
    return [_look(kafka, topic, partition, offset, within) for partition, offset in offsets]


def _look(kafka: KafkaAddress, topic: str, partition: int, offset: int, within: timedelta) -> str:
    read_again = f"partition {partition}, offset {offset}, read again"
    with closing(Consumer(reader_config(kafka, "kafka-validation-second-look"))) as reader:
        reader.assign([TopicPartition(topic, partition, offset)])
        message = polled(reader, within)
    if message is None:
        return f"{read_again}: no answer"
    if message.error() is not None:
        name, reason = message.error().name(), message.error().str()
        result = {
            "_PARTITION_EOF": "the log ends there",
            "_AUTO_OFFSET_RESET": f"no longer in the log: {reason}",
        }.get(name, f"can't be read: {name}: {reason}")
        return f"{read_again}: {result}"
    if message.offset() != offset:
        return f"{read_again}: gone; the next record is at offset {message.offset()}"
    return f"{read_again}: holds record {record_of(message.key())}"
