"""Finds names of settings that Kafka Connect and Debezium do not know.

A connector declares most of its settings. Others contain a part that the user chooses
(`column.mask.with.5.chars`), or belong to something that the connector starts
(`producer.override.acks`, `transforms.x.type`). Those are accepted, unless a name is nearly a known
one: that is a typing error, and the setting would have no effect.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping

from support.errors import SettingsError

SLIP = 0.9
"""Similarity (difflib) from which one name is considered a typing error of another."""

OF_CONNECTOR = (
    "key.converter.",
    "value.converter.",
    "header.converter.",
    "transforms.",
    "predicates.",
    "topic.creation.",
    "producer.override.",
    "consumer.override.",
    "admin.override.",
    "database.",
    "driver.",
    "schema.history.internal.",
    "signal.kafka.",
    "signal.consumer.",
    "notification.sink.",
    "snapshot.select.statement.overrides.",
    "internal.",
)
"""Prefixes of settings that a connector passes on."""

OF_WORKER = (
    "producer.",
    "consumer.",
    "admin.",
    "key.converter.",
    "value.converter.",
    "header.converter.",
    "config.providers.",
    "config.storage.",
    "offset.storage.",
    "status.storage.",
    "connector.client.",
    "rest.extension.",
    "metrics.context.",
    "listeners.https.",
    "admin.listeners.https.",
)
"""Prefixes of settings that a worker passes on."""

PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"column\.mask\.with\.\d+\.chars",
        r"column\.mask\.hash\.(v2\.)?[^.]+\.with\.salt\..+",
        r"column\.truncate\.to\.\d+\.chars",
    )
)
"""Names of Debezium's settings that contain a part that the user chooses."""

UNDECLARED = frozenset(
    {
        "field.name.adjustment.mode",
        "topic.delimiter",
        "topic.cache.size",
        "topic.transaction",
        "topic.heartbeat.prefix",
        "signal.file",
    }
)
"""Settings that Debezium reads, but does not declare in every version."""

OF_PRODUCERS = (
    "acks",
    "batch.size",
    "buffer.memory",
    "client.id",
    "compression.type",
    "delivery.timeout.ms",
    "enable.idempotence",
    "linger.ms",
    "max.block.ms",
    "max.in.flight.requests.per.connection",
    "max.request.size",
    "metadata.max.age.ms",
    "partitioner.class",
    "reconnect.backoff.max.ms",
    "reconnect.backoff.ms",
    "request.timeout.ms",
    "retries",
    "retry.backoff.ms",
    "sasl.jaas.config",
    "sasl.mechanism",
    "security.protocol",
    "send.buffer.bytes",
    "transaction.timeout.ms",
)
OF_JSON = ("schemas.enable", "schemas.cache.size", "decimal.format", "replace.null.with.default")
OF_TOPICS = ("replication.factor", "partitions", "include", "exclude", "cleanup.policy")

HANDED_ON_TO = {
    "producer.override.": OF_PRODUCERS,
    "producer.": OF_PRODUCERS,
    "key.converter.": OF_JSON,
    "value.converter.": OF_JSON,
    "topic.creation.default.": OF_TOPICS,
    "offset.storage.": ("partitions", "replication.factor", "topic"),
    "status.storage.": ("partitions", "replication.factor", "topic"),
    "config.storage.": ("replication.factor", "topic"),
    "schema.history.internal.": ("kafka.topic", "kafka.bootstrap.servers"),
}
"""Prefix -> the settings that usually follow it."""


def unknown_to_connector(given: Mapping[str, str], known: frozenset[str]) -> Iterator[str]:
    """The names that neither the connector nor anything that it starts knows.

    `known`: the settings that the connector declares.
    """
    named = tuple(
        f"{name.strip()}."
        for list_of_names in ("converters", "post.processors")
        for name in given.get(list_of_names, "").split(",")
        if name.strip()
    )
    yield from _unknown(given, known | UNDECLARED, (*OF_CONNECTOR, *named))


def unknown_to_worker(given: Mapping[str, str], known: frozenset[str]) -> Iterator[str]:
    """The names that a worker of Kafka Connect does not know."""
    yield from _unknown(given, known, OF_WORKER)


def nearest(key: str, known: frozenset[str], cutoff: float = 0.6) -> str:
    """The known name that is most similar to `key`; empty if none is similar."""
    usual = {f"{start}{name}" for start, names in HANDED_ON_TO.items() for name in names}
    return next(iter(difflib.get_close_matches(key, known | usual, 1, cutoff)), "")


def unknown_setting(
    who: str, part: str, key: str, known: frozenset[str], what: str = "setting"
) -> SettingsError:
    """The error about a key of `part` that `who` does not know, with the nearest known key."""
    near = nearest(key, known)
    return SettingsError(
        f"{who} has no {what} '{key}'.",
        then=f"did you mean -D {part}.{near}=...?" if near else "see baseline/",
    )


def worker_settings(log: str) -> frozenset[str]:
    """The names of all settings of a worker, from its log; empty if the log does not have them."""
    found = re.findall(r"DistributedConfig values:.*\n((?:\t.*\n?)+)", log)
    return frozenset(re.findall(r"^\t([\w.]+) = ", "".join(found), re.MULTILINE))


def _unknown(
    given: Mapping[str, str], known: frozenset[str], handed_on: tuple[str, ...]
) -> Iterator[str]:
    for key in given:
        if key in known or any(pattern.fullmatch(key) for pattern in PATTERNS):
            continue
        slip = nearest(key, known, SLIP)
        if not key.startswith(handed_on) or slip not in ("", key):
            yield key
