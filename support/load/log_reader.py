"""Reads a whole topic from the beginning with a fresh client: the last word on what is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer, TopicPartition

from support import clock
from support.clients.broker import BrokerClient, client_config
from support.ledger.history import LogRead
from support.ledger.observed import ObservationJournal
from support.load.payload import Payloads, record_of

BATCH = 500


def read_whole_log(
    bootstrap: str,
    topic: str,
    consumer: Mapping[str, str],
    sent: Payloads,
    journal: Path,
    patience: timedelta,
) -> LogRead:
    """Every record of `topic` up to its end offsets of now, compared with what was `sent`.

    Stops when `patience` passes without progress; LogRead.complete then says so.
    """
    broker = BrokerClient(bootstrap)
    starts, ends = broker.start_offsets(topic), broker.end_offsets(topic)
    config = {**consumer, "group.id": "kafka-validation-reader", "enable.auto.commit": "false"}
    reader = Consumer(client_config(bootstrap, config))
    notes = ObservationJournal(journal)
    reached = {partition: min(starts[partition], end) for partition, end in ends.items()}
    size = 0
    try:
        reader.assign([TopicPartition(topic, partition, reached[partition]) for partition in ends])
        last_progress = clock.now_ns()
        while any(reached[partition] < end for partition, end in ends.items()):
            batch = [m for m in reader.consume(BATCH, timeout=1.0) if m.error() is None]
            size += note(notes, batch, sent)
            for message in batch:
                reached[message.partition()] = message.offset() + 1
            if batch:
                last_progress = clock.now_ns()
            if clock.now_ns() - last_progress > patience.total_seconds() * clock.NS_PER_S:
                break
    finally:
        reader.close()
    # Asked again: retention may have deleted something while it was read.
    starts = broker.start_offsets(topic)
    return LogRead(notes.close(), ends, reached, size, starts)


def note(journal: ObservationJournal, messages: Iterable[Any], sent: Payloads) -> int:
    """Put down fetched records as received now; the bytes of their keys and values."""
    now, size = clock.now_ns(), 0
    for message in messages:
        key, value = message.key(), message.value()
        record = record_of(key)
        intact = sent.is_intact(record, value)
        journal.append(record, message.partition(), message.offset(), now, intact)
        size += len(key or b"") + len(value or b"")
    return size
