"""How far a damaged batch reaches: from where on can a client read again?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import timedelta
from enum import Enum, auto
from typing import Any

from confluent_kafka import Consumer, TopicPartition

from support.clients.connection import polled

UNEXPLAINED = "UNKNOWN"
"""A broker also answers so for some seconds after its recovery."""
DAMAGED = frozenset(
    {
        "_BAD_MSG",
        "_BAD_COMPRESSION",
        "_NOT_IMPLEMENTED",
        "_UNDERFLOW",
        "CORRUPT_MESSAGE",
        "INVALID_MSG",
        UNEXPLAINED,
    }
)
"""What librdkafka reports of a batch that it can't take, and a broker of one that it can't read."""


class Look(Enum):
    """What came of an attempt to read from an offset."""

    READ = auto()
    REFUSED = auto()
    SILENT = auto()


def readable_from(look: Callable[[int], Look], damaged: int, end: int) -> int | None:
    """The first offset behind `damaged` from which records can be read; `end` when none can.

    None when an attempt got no answer: then nothing is known. Two damaged batches close to each
    other can be taken for one, with what lies between them.
    """
    low, high, step = damaged, end, 1
    while high - low > 1:
        at = min(damaged + step, end - 1) if high == end else (low + high) // 2
        seen = look(at)
        if seen is Look.SILENT:
            return None
        low, high = (low, at) if seen is Look.READ else (at, high)
        step *= 2
    return high


def look_from(
    config: Mapping[str, Any], topic: str, partition: int, offset: int, within: timedelta
) -> Look:
    """Read from `offset` with a client that does nothing else."""
    with closing(Consumer(dict(config))) as reader:
        reader.assign([TopicPartition(topic, partition, offset)])
        message = polled(reader, within)
        error = message.error() if message is not None else None
    if message is not None and (error is None or error.name() == "_PARTITION_EOF"):
        return Look.READ
    return Look.REFUSED if error is not None and error.name() in DAMAGED else Look.SILENT
