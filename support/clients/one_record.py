"""One record, to see what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from confluent_kafka import KafkaException, Producer

from support.clients.broker import client_config


def fate_of_one_record(
    bootstrap: str, topic: str, value: bytes, settings: Mapping[str, str], within: timedelta
) -> str:
    """Name of the error that its producer gets; empty when it was acknowledged.

    `settings` in librdkafka's names; `within`: how long the producer tries.
    """
    fate: list[str] = []

    def report(error: Any, _message: object) -> None:
        fate.append(error.name() if error is not None else "")

    limit_ms = str(int(within.total_seconds() * 1000))
    producer = Producer(client_config(bootstrap, {**settings, "message.timeout.ms": limit_ms}))
    try:
        producer.produce(topic, value, callback=report)
    except KafkaException as error:
        return str(error.args[0].name())
    producer.flush(within.total_seconds() + 10)
    return fate[0] if fate else "no report"
