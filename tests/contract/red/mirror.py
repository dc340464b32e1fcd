"""Copies the real events of a trial to separate topics, with deliberate mistakes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from confluent_kafka import Producer

from support.clients.connection import client_config
from support.experiment.cdc_changes import CdcChanges
from support.read.event_reader import read_events
from support.read.topic_reader import TopicReader
from support.record.events import EventLog

PATIENCE = timedelta(seconds=10)


@dataclass(frozen=True)
class Copied:
    """A record of a table's topic."""

    table: str
    partition: int
    key: bytes
    value: bytes | None
    stored_ms: int

    def cut(self) -> Copied:
        """Returns the record with only the first half of its value."""
        return replace(self, value=(self.value or b"")[: len(self.value or b"") // 2])


Sabotage = Callable[[list[Copied]], list[Copied]]


class Mirror:
    """Reads the events of a trial once; copies() writes a sabotaged copy of them."""

    def __init__(self, cdc: CdcChanges) -> None:
        self._trial, pipeline = cdc._experiment, cdc.capture.pipeline
        reader = TopicReader(
            self._trial.broker, "kafka-validation-mirror", tuple(pipeline.topics.values()), PATIENCE
        )
        self._records = [_copied(message) for batch in reader for message in batch]
        self._partitions = int(self._trial.stack.baseline.topic.get("partitions", "1"))
        self._count = 0
        assert reader.complete

    def copies(self, sabotage: Sabotage) -> EventLog:
        """Writes the sabotaged events to new topics; returns what a fresh client reads there."""
        self._count += 1
        trial = self._trial
        topics = {
            table: f"{trial.name}-mirror-{self._count}.{table}"
            for table in {record.table for record in self._records}
        }
        for topic in topics.values():
            trial.add_topic(topic, trial.stack.baseline.topic)
        producer = Producer(client_config(trial.broker.kafka, {"acks": "all"}))
        for record in sabotage(list(self._records)):
            producer.produce(
                topics[record.table],
                record.value,
                record.key,
                record.partition,
                timestamp=record.stored_ms,
            )
        assert producer.flush(PATIENCE.total_seconds()) == 0
        return read_events(trial.broker, topics.values(), PATIENCE, full_identity=True)


def _copied(message: Any) -> Copied:
    table = message.topic().rpartition(".")[2]
    stored_ms = message.timestamp()[1]
    return Copied(table, message.partition(), message.key(), message.value(), stored_ms)
