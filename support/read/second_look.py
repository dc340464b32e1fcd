"""Single places of the log, read once more by their offset: is it really not there?"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta

from confluent_kafka import Consumer, TopicPartition

from support.clients.connection import polled, reader_config
from support.generate.payload import record_of


def look_again(
    bootstrap: str, topic: str, places: Sequence[tuple[int, int]], within: timedelta
) -> list[str]:
    """For each (partition, offset): what the broker hands out from there, in words."""
    return [_look(bootstrap, topic, *place, within) for place in places]


def _look(bootstrap: str, topic: str, partition: int, offset: int, within: timedelta) -> str:
    where = f"partition {partition}, offset {offset}"
    with closing(Consumer(reader_config(bootstrap, "kafka-validation-second-look"))) as reader:
        reader.assign([TopicPartition(topic, partition, offset)])
        message = polled(reader, within)
    if message is None:
        return f"{where}, read again: no answer"
    if message.error() is not None:
        name, words = message.error().name(), message.error().str()
        told = {
            "_PARTITION_EOF": "the log ends there",
            "_AUTO_OFFSET_RESET": f"not there any more: {words}",
        }.get(name, f"can't be read: {name}: {words}")
        return f"{where}, read again: {told}"
    if message.offset() != offset:
        return f"{where}, read again: gone; the next record is at offset {message.offset()}"
    return f"{where}, read again: holds record {record_of(message.key())}"
