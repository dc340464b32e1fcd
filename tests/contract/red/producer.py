"""A producer on a real topic that makes the mistakes of a test, and its attempts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from confluent_kafka import Producer

from support import clock
from support.clients.connection import client_config
from support.clients.kafka_address import KafkaAddress
from support.generate.payload import payloads
from support.record.attempts import COLUMNS, Attempts, Outcome
from support.settings import Settings

CAREFUL = {"acks": "all", "max.in.flight.requests.per.connection": "1", "linger.ms": "0"}
SEED = Settings().seed


def send(
    kafka: KafkaAddress,
    topic: str,
    records: Sequence[int],
    *,
    damaged: Collection[int] = (),
    partitions: int = 1,
) -> Attempts:
    """Sends these records in this order; returns the attempts, from the real delivery reports.

    As after a load, the order of the record numbers counts as the order of sending. A record that
    occurs twice is one attempt. One byte of each of the `damaged` records is flipped.
    """
    sent = payloads(SEED)
    columns = {name: [0] * (max(records) + 1) for name in COLUMNS}
    producer = Producer(client_config(kafka, CAREFUL))
    for record in records:
        value = sent.value(record)
        if record in damaged:
            value = value[:-1] + bytes([value[-1] ^ 1])
        columns["sent_ns"][record] = clock.now_ns()
        columns["outcome"][record] = columns["outcome"][record] or Outcome.PENDING
        columns["size"][record] = len(value)
        producer.produce(
            topic, value, sent.key(record), record % partitions, _report(columns, record)
        )
    assert producer.flush(30) == 0
    return Attempts.of(**columns)


def intrude(kafka: KafkaAddress, topic: str, record: int) -> None:
    """Writes a record under a key of the load that the attempts do not have."""
    sent = payloads(SEED)
    producer = Producer(client_config(kafka, CAREFUL))
    producer.produce(topic, sent.value(record), sent.key(record), 0)
    assert producer.flush(30) == 0


def _report(columns: dict[str, list[int]], record: int) -> Callable[[Any, Any], None]:
    def reported(error: Any, message: Any) -> None:
        if columns["outcome"][record] == Outcome.ACKED:
            return
        columns["outcome"][record] = Outcome.REJECTED if error else Outcome.ACKED
        columns["error"][record] = error.code() if error else 0
        columns["acked_ns"][record] = 0 if error else clock.now_ns()
        columns["partition"][record] = message.partition()
        columns["offset"][record] = -1 if error else message.offset()

    return reported
