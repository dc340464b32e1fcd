"""Single places of the log, read once more by their offset: is it really not there?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from confluent_kafka import Consumer, TopicPartition

from support.clients.connection import client_config, polled
from support.load.payload import record_of


def look_again(
    bootstrap: str, topic: str, places: Sequence[tuple[int, int]], within: timedelta
) -> list[str]:
    """For each (partition, offset): what the broker hands out from there, in words."""
    reader = Consumer(
        client_config(
            bootstrap,
            {
                "group.id": "kafka-validation-second-look",
                "enable.auto.commit": "false",
                "auto.offset.reset": "error",
                "enable.partition.eof": "true",
            },
        )
    )
    try:
        return [_look(reader, topic, partition, offset, within) for partition, offset in places]
    finally:
        reader.close()


def _look(reader: Consumer, topic: str, partition: int, offset: int, within: timedelta) -> str:
    where = f"partition {partition}, offset {offset}"
    reader.assign([TopicPartition(topic, partition, offset)])
    message = polled(reader, within)
    if message is None:
        return f"{where}, read again: no answer"
    if message.error() is not None:
        name = message.error().name()
        told = "the log ends there" if name == "_PARTITION_EOF" else f"not there any more ({name})"
        return f"{where}, read again: {told}"
    if message.offset() != offset:
        return f"{where}, read again: gone; the next record is at offset {message.offset()}"
    return f"{where}, read again: holds record {record_of(message.key())}"
