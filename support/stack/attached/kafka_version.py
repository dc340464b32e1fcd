"""The version of a cluster that others run, as far as Kafka's protocol shows it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from support.clients.api_versions import Features, features_of
from support.clients.broker import BrokerClient, ConfigValue

WITHIN = timedelta(seconds=5)
METADATA, PROTOCOL = "metadata.version", "inter.broker.protocol.version"
LEVELS = (
    *("3.0-IV1", "3.1-IV0", "3.2-IV0", "3.3-IV0", "3.3-IV1", "3.3-IV2", "3.3-IV3", "3.4-IV0"),
    *("3.5-IV0", "3.5-IV1", "3.5-IV2", "3.6-IV0", "3.6-IV1", "3.6-IV2", "3.7-IV0", "3.7-IV1"),
    *("3.7-IV2", "3.7-IV3", "3.7-IV4", "3.8-IV0", "3.9-IV0", "4.0-IV0", "4.0-IV1", "4.0-IV2"),
    *("4.0-IV3", "4.1-IV0", "4.1-IV1", "4.2-IV0", "4.2-IV1", "4.3-IV0", "4.4-IV0", "4.4-IV1"),
)
"""The names of metadata.version's levels, from level 1 (`kafka-storage version-mapping`, 4.4.0)."""

REDPANDA, CONFLUENT = "redpanda", "confluent."


def kafka_version(client: BrokerClient, settings: Mapping[str, ConfigValue]) -> str:
    """The version, such as `3.6 (metadata.version 3.6-IV2)`. `settings`: those of a broker.

    The highest level that the software supports shows its release, and the level in force is in
    brackets. A cluster with ZooKeeper has a protocol version instead. Raises KafkaException.
    """
    try:
        features = features_of(client.kafka, WITHIN)
    except (OSError, ValueError):
        features = Features({}, {})
    version = _release(features) or _protocol(settings)
    if client.cluster_id().startswith(REDPANDA):
        return f"API of Redpanda{', ' if version else ''}{version}"
    if any(key.startswith(CONFLUENT) for key in settings):
        return f"{version or 'of a version that it does not report'}, of Confluent Server"
    return version or "of a version that it does not report"


def _release(features: Features) -> str:
    supported, in_force = features.supported.get(METADATA), features.finalized.get(METADATA)
    if supported is None:
        return ""
    newest = LEVELS[-1].partition("-")[0]
    known = supported <= len(LEVELS)
    release = _level(supported).partition("-")[0] if known else f"newer than {newest}"
    return f"{release} ({METADATA} {_level(in_force)})" if in_force else release


def _level(level: int) -> str:
    if 1 <= level <= len(LEVELS):
        return LEVELS[level - 1]
    return f"level {level}"


def _protocol(settings: Mapping[str, ConfigValue]) -> str:
    entry = settings.get(PROTOCOL)
    if entry is None or not entry.value:
        return ""
    return f"{entry.value.partition('-')[0]} ({PROTOCOL} {entry.value})"
