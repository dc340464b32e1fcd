"""Reads a whole topic from the beginning with a fresh client, to decide what the log holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from confluent_kafka import Message

from support import clock
from support.clients.broker import BrokerClient
from support.clients.kafka_address import KafkaAddress
from support.generate.payload import Payloads, record_of
from support.read.topic_reader import TopicReader
from support.record.history import LogRead
from support.record.observed import ObservationJournal


def read_whole_log(
    kafka: KafkaAddress, topic: str, sent: Payloads, journal: Path, patience: timedelta
) -> LogRead:
    """Reads every record of `topic` up to its current end, and compares it with what was `sent`.

    Stops when `patience` passes without progress; LogRead.complete is false then. The client does
    not have the settings of the consumer under test, which could hide records.
    """
    broker = BrokerClient(kafka)
    reader = TopicReader(broker, "kafka-validation-reader", (topic,), patience)
    notes = ObservationJournal(journal)
    size = sum(note(notes, batch, sent) for batch in reader)
    # Requested after the reading: retention may have deleted records in the meantime.
    starts = broker.start_offsets(topic)
    ends, reached = ({p: at for (_, p), at in x.items()} for x in (reader.ends, reader.reached))
    unreadable = {p: why for (_, p), why in reader.unreadable.items()}
    return LogRead(notes.close(), ends, reached, size, starts, tuple(reader.damaged), unreadable)


def note(journal: ObservationJournal, messages: Iterable[Message], sent: Payloads) -> int:
    """Appends records, received now, to a journal; returns the bytes of their keys and values."""
    now, size = clock.now_ns(), 0
    for message in messages:
        key, value = message.key(), message.value()
        record = record_of(key)
        intact = sent.is_intact(record, value)
        journal.append(record, message.partition(), message.offset(), now, intact)
        size += len(key or b"") + len(value or b"")
    return size
