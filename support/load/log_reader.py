"""Reads a whole topic from the beginning with a fresh client: the last word on what is there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer, TopicPartition

from support import clock
from support.clients.broker import BrokerClient, client_config
from support.ledger.history import LogRead
from support.ledger.observed import ObservationJournal
from support.load.payload import is_intact, record_of

BATCH = 500


def read_whole_log(
    bootstrap: str, topic: str, consumer: Mapping[str, str], journal: Path, patience: timedelta
) -> LogRead:
    """Every record of `topic` up to its end offsets of now.

    Stops when `patience` passes without progress; LogRead.complete then says so.
    """
    ends = BrokerClient(bootstrap).end_offsets(topic)
    config = {**consumer, "group.id": "kafka-validation-reader", "enable.auto.commit": "false"}
    reader = Consumer(client_config(bootstrap, config))
    notes = ObservationJournal(journal)
    reached = dict.fromkeys(ends, 0)
    size = 0
    try:
        reader.assign([TopicPartition(topic, partition, 0) for partition in ends])
        last_progress = clock.now_ns()
        while any(reached[partition] < end for partition, end in ends.items()):
            batch = reader.consume(BATCH, timeout=1.0)
            for message in batch:
                if message.error() is None:
                    note(notes, message)
                    size += len(message.key() or b"") + len(message.value() or b"")
                    reached[message.partition()] = message.offset() + 1
                    last_progress = clock.now_ns()
            if clock.now_ns() - last_progress > patience.total_seconds() * clock.NS_PER_S:
                break
    finally:
        reader.close()
    return LogRead(notes.close(), ends, reached, size)


def note(journal: ObservationJournal, message: Any) -> None:
    """Put down a fetched record."""
    record = record_of(message.key())
    journal.append(
        record,
        message.partition(),
        message.offset(),
        clock.now_ns(),
        is_intact(record, message.value()),
    )
