"""Sends one record and reports its outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from confluent_kafka import KafkaException, Producer

from support.clients.connection import client_config, flushed
from support.clients.kafka_address import KafkaAddress

AFTERWARDS = timedelta(seconds=10)
"""How long to wait, after a record's timeout, for the producer to report it."""


@dataclass(frozen=True)
class RecordOutcome:
    """The name of the producer's error, empty if the record was acknowledged. `sent` is False if
    the client itself refused it."""

    error: str
    sent: bool = True


def outcome_of_one_record(
    kafka: KafkaAddress, topic: str, value: bytes, settings: Mapping[str, str], within: timedelta
) -> RecordOutcome:
    """Sends one record with a producer whose message timeout is `within`.

    `settings`: settings of the producer, in librdkafka's names. The error is `no report` if the
    producer does not report the record.
    """
    outcomes: list[RecordOutcome] = []

    def report(error: Any, _message: object) -> None:
        outcomes.append(RecordOutcome(error.name() if error is not None else ""))

    limit_ms = str(int(within.total_seconds() * 1000))
    producer = Producer(client_config(kafka, {**settings, "message.timeout.ms": limit_ms}))
    try:
        producer.produce(topic, value, callback=report)
    except KafkaException as error:
        return RecordOutcome(str(error.args[0].name()), sent=False)
    flushed(producer, within + AFTERWARDS)
    return outcomes[0] if outcomes else RecordOutcome("no report")
