"""One record, to see what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from confluent_kafka import KafkaException, Producer

from support.clients.connection import client_config, flushed

AFTERWARDS = timedelta(seconds=10)
"""Until the report of a record that the producer gave up is surely there."""


@dataclass(frozen=True)
class Fate:
    """Name of the error that the producer got, empty when it was acknowledged; `sent` is False
    when the client itself refused it."""

    error: str
    sent: bool = True


def fate_of_one_record(
    bootstrap: str, topic: str, value: bytes, settings: Mapping[str, str], within: timedelta
) -> Fate:
    """`settings` in librdkafka's names; `within`: how long the producer tries."""
    fate: list[Fate] = []

    def report(error: Any, _message: object) -> None:
        fate.append(Fate(error.name() if error is not None else ""))

    limit_ms = str(int(within.total_seconds() * 1000))
    producer = Producer(client_config(bootstrap, {**settings, "message.timeout.ms": limit_ms}))
    try:
        producer.produce(topic, value, callback=report)
    except KafkaException as error:
        return Fate(str(error.args[0].name()), sent=False)
    flushed(producer, within + AFTERWARDS)
    return fate[0] if fate else Fate("no report")
