"""Reads a whole topic from the beginning with a fresh client: the last word on what is there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from support import clock
from support.clients.broker import BrokerClient
from support.generate.payload import Payloads, record_of
from support.read.topic_reader import TopicReader
from support.record.history import LogRead
from support.record.observed import ObservationJournal


def read_whole_log(
    bootstrap: str, topic: str, sent: Payloads, journal: Path, patience: timedelta
) -> LogRead:
    """Every record of `topic` up to its end offsets of now, compared with what was `sent`.

    Stops when `patience` passes without progress; LogRead.complete then says so. Not with the
    settings of the consumer under test: a bad one must not blind the judge.
    """
    broker = BrokerClient(bootstrap)
    reader = TopicReader(broker, "kafka-validation-reader", (topic,), patience)
    notes = ObservationJournal(journal)
    size = sum(note(notes, batch, sent) for batch in reader)
    # Asked again: retention may have deleted something while it was read.
    starts = broker.start_offsets(topic)
    ends, reached = ({p: at for (_, p), at in x.items()} for x in (reader.ends, reader.reached))
    unreadable = {p: why for (_, p), why in reader.unreadable.items()}
    return LogRead(notes.close(), ends, reached, size, starts, tuple(reader.damaged), unreadable)


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
