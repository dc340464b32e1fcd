"""The records in the team's topics, and the live keys of Connect's topics."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from confluent_kafka import Consumer, TopicPartition

from tests.secured.stack import SecuredStack

PATIENCE_S = 20
WORKER_TOPICS = ("prod-connect-configs", "prod-connect-offsets", "prod-connect-status")
OF_THE_WORKER = ("session-key", "task-", "commit-")
"""Keys of the topic of configurations that change by themselves, or that Connect never removes: the
tasks of a connector stay when it is deleted (Kafka 3.6)."""


def topic_contents(stack: SecuredStack) -> Iterator[str]:
    """A hash of all records of each partition of the team's topics."""
    for topic in _topics(stack):
        if topic in WORKER_TOPICS or topic.startswith("__"):
            continue
        for partition, records in _records(stack, topic).items():
            content = hashlib.sha256()
            for each in records:
                content.update(repr((each.key(), each.value(), each.timestamp())).encode())
            yield f"records of {topic} {partition}: {len(records)}, {content.hexdigest()}"


def live_keys(stack: SecuredStack) -> Iterator[str]:
    """The keys with a value in Connect's topics: what was deleted has none."""
    for topic in WORKER_TOPICS:
        values: dict[str, bytes | None] = {}
        for records in _records(stack, topic).values():
            values.update({each.key().decode(): each.value() for each in records})
        for key, value in values.items():
            if value is not None and not key.startswith(OF_THE_WORKER):
                yield f"key of {topic}: {key} {_without_times(value)}"


def _without_times(value: bytes) -> str:
    """The value, without the times and generations that a rebalance changes."""
    found = json.loads(value)
    for key in ("generation", "timestamp"):
        found.pop(key, None)
        for nested in found.values():
            if isinstance(nested, dict):
                nested.pop(key, None)
    return json.dumps(found, sort_keys=True)


def _topics(stack: SecuredStack) -> list[str]:
    return sorted(stack.brokers.admin().list_topics(timeout=PATIENCE_S).topics)


def _records(stack: SecuredStack, topic: str) -> dict[int, list[Any]]:
    """Every record of each partition, up to its end at this moment."""
    own = {"group.id": "-", "enable.auto.commit": "false"}
    consumer = Consumer({**stack.brokers.admin_settings(), **own})
    try:
        partitions = consumer.list_topics(topic, timeout=PATIENCE_S).topics[topic].partitions
        return {each: _read(consumer, TopicPartition(topic, each)) for each in partitions}
    finally:
        consumer.close()


def _read(consumer: Consumer, partition: TopicPartition) -> list[Any]:
    first, end = consumer.get_watermark_offsets(partition, timeout=PATIENCE_S)
    partition.offset = first
    consumer.assign([partition])
    records: list[Any] = []
    while first < end and (not records or records[-1].offset() < end - 1):
        message = consumer.poll(PATIENCE_S)
        assert message is not None and message.error() is None, f"{partition}: {message}"
        records.append(message)
    return records
