"""Settings in force of the clients, the brokers, the topics and Kafka Connect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from support.record.capture_in_force import Capture
from support.record.secrets import without_secrets
from support.record.section import json_section
from support.record.topic_in_force import TopicInForce, Values


@dataclass(frozen=True)
class InForce:
    """The settings that at-least-once delivery depends on; clients in librdkafka's names."""

    producer: Mapping[str, str]
    consumer: Mapping[str, str]
    brokers: Mapping[int, Values]
    topics: Sequence[TopicInForce]
    capture: Capture
    commit_first: bool = False
    """Whether the consumer commits a record before it processes it."""


def _shown(seen: InForce) -> InForce:
    capture = seen.capture
    worker = None if capture.worker is None else without_secrets(capture.worker)
    return replace(
        seen,
        producer=without_secrets(seen.producer),
        consumer=without_secrets(seen.consumer),
        capture=Capture(without_secrets(capture.connector), worker),
    )


IN_FORCE = json_section("settings_in_force", InForce, _shown)
