"""Finds the end of a damaged batch: the offset from which a client can read again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import timedelta
from enum import Enum, auto

from confluent_kafka import Consumer, TopicPartition

from support.clients.connection import polled

UNEXPLAINED = "UNKNOWN"
"""A broker's error for a batch that it can't read, and also for some seconds after its recovery."""
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
"""Errors of librdkafka for a batch that it can't parse, and of a broker that can't read one."""


class Probe(Enum):
    """The result of an attempt to read from an offset."""

    READ = auto()
    REFUSED = auto()
    SILENT = auto()


def readable_from(probe: Callable[[int], Probe], damaged: int, end: int) -> int | None:
    """Finds the first offset after `damaged` from which records can be read; `end` if none can.

    Returns None if a probe got no answer: then nothing is known. Takes 2 log2(n) probes for n
    damaged offsets. Two damaged batches close to each other can be taken for one, with the records
    between them.
    """
    low, high, step = damaged, end, 1
    while high - low > 1:
        at = min(damaged + step, end - 1) if high == end else (low + high) // 2
        result = probe(at)
        if result is Probe.SILENT:
            return None
        low, high = (low, at) if result is Probe.READ else (at, high)
        step *= 2
    return high


def probe_offset(
    config: Mapping[str, object], topic: str, partition: int, offset: int, within: timedelta
) -> Probe:
    """Tries to read from `offset` with a new client."""
    with closing(Consumer(dict(config))) as reader:
        reader.assign([TopicPartition(topic, partition, offset)])
        message = polled(reader, within)
        error = message.error() if message is not None else None
    if message is not None and (error is None or error.name() == "_PARTITION_EOF"):
        return Probe.READ
    return Probe.REFUSED if error is not None and error.name() in DAMAGED else Probe.SILENT
