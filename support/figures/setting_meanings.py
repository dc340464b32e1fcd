"""Effects of the settings of baseline/ on at-least-once delivery, retention and latency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

DELIVERY, RETENTION, LATENCY, THROUGHPUT = "at-least-once", "retention", "latency", "throughput"


@dataclass(frozen=True)
class Meaning:
    """The effect of a setting, and the concerns that it has an effect on."""

    concerns: tuple[str, ...]
    text: str


def _means(text: str, *concerns: str) -> Meaning:
    return Meaning(concerns, text)


_REPLICAS = "with one replica, the loss of a disk loses what acks=all acknowledged"
_OFFSETS = "with one replica, the loss of a disk loses"
_CONVERTER = "the form of keys and values in the topics; consumers have to read it"

MEANINGS: Mapping[str, Mapping[str, Meaning]] = {
    "broker": {
        "num.partitions": _means(
            "partitions of a topic that is created without a number: events of one row stay in "
            "order, and a group has at most so many working members",
            THROUGHPUT,
        ),
        "offsets.topic.replication.factor": _means(
            f"{_OFFSETS} the committed offsets: groups begin again, or skip", DELIVERY
        ),
        "transaction.state.log.replication.factor": _means(
            f"{_OFFSETS} the state of transactions (exactly-once Connect only)", DELIVERY
        ),
        "transaction.state.log.min.isr": _means(
            "replicas that must have the state of a transaction (exactly-once Connect only)",
            DELIVERY,
        ),
        "auto.create.topics.enable": _means(
            "true: a mistyped name makes a topic with default settings, and records go there",
            DELIVERY,
            RETENTION,
        ),
        "log.retention.hours": _means(
            "how long topics without a setting keep records; a consumer that stops for longer "
            "loses them",
            RETENTION,
        ),
        "log.retention.bytes": _means(
            "the limit by size of partitions without a setting: records are deleted sooner once "
            "it is reached",
            RETENTION,
        ),
        "log.segment.bytes": _means(
            "whole segments are deleted, so larger ones keep records for longer after their time",
            RETENTION,
        ),
        "group.initial.rebalance.delay.ms": _means(
            "how long the first member of an empty group waits for others", LATENCY
        ),
        "offsets.topic.num.partitions": _means(
            "more partitions take longer to load at a start of the broker", LATENCY
        ),
        "transaction.state.log.num.partitions": _means(
            "more partitions take longer to load at a start of the broker", LATENCY
        ),
    },
    "topic": {
        "partitions": _means(
            "a group has at most so many working members; events of one key stay in order",
            THROUGHPUT,
        ),
        "replication.factor": _means(_REPLICAS, DELIVERY),
        "retention.ms": _means("a consumer that stops for longer loses records", RETENTION),
        "retention.bytes": _means(
            "for each partition: records are deleted sooner once it is reached", RETENTION
        ),
        "message.timestamp.type": _means(
            "LogAppendTime: the time of a record is the broker's, so that time from the change to "
            "its event can't be read from it",
            LATENCY,
            RETENTION,
        ),
    },
    "connector": {
        "tasks.max": _means("the PostgreSQL connector always has one task", THROUGHPUT),
        "plugin.name": _means(
            "decoderbufs and wal2json are plug-ins that the server needs; pgoutput is built in",
            DELIVERY,
        ),
        "publication.autocreate.mode": _means(
            "which tables the publication gets; disabled: a table that is added has no events "
            "until it is published by hand",
            DELIVERY,
        ),
        "skipped.operations": _means(
            "changes of these operations have no event: t is TRUNCATE, c, u and d are INSERT, "
            "UPDATE and DELETE",
            DELIVERY,
        ),
        "snapshot.mode": _means(
            "whether rows that existed before the connector, or before a lost slot, have an event",
            DELIVERY,
        ),
        "decimal.handling.mode": _means(
            "double loses digits; precise is exact, as base64 in JSON", DELIVERY
        ),
        "heartbeat.interval.ms": _means(
            "0: while the captured tables do not change, the server keeps write-ahead log for the "
            "slot, and may drop the slot with all changes since",
            DELIVERY,
        ),
        "poll.interval.ms": _means("adds up to this time to every change at light load", LATENCY),
        "tombstones.on.delete": _means(
            "false: compaction never removes a deleted row's key", RETENTION
        ),
    },
    "worker": {
        "key.converter": _means(_CONVERTER, DELIVERY),
        "key.converter.schemas.enable": _means(
            "true: each key carries its schema", THROUGHPUT, LATENCY
        ),
        "value.converter": _means(_CONVERTER, DELIVERY),
        "value.converter.schemas.enable": _means(
            "true: each event carries its schema, which makes a small one four times as large",
            THROUGHPUT,
            LATENCY,
        ),
        "heartbeat.interval.ms": _means(
            "with the default of 3 s a worker revokes its tasks during a restart of the broker, "
            "and no change arrives for minutes",
            LATENCY,
        ),
        "session.timeout.ms": _means(
            "how long the group takes to notice the crash of a worker", LATENCY
        ),
        "offset.flush.interval.ms": _means(
            "how much is sent again after the crash of a worker; in a connector's first interval "
            "its snapshot is taken again",
            DELIVERY,
        ),
        "config.storage.replication.factor": _means(
            f"{_OFFSETS} the connectors' configurations", DELIVERY
        ),
        "offset.storage.replication.factor": _means(
            f"{_OFFSETS} the connectors' positions: the snapshot is taken again", DELIVERY
        ),
        "status.storage.replication.factor": _means(
            f"{_OFFSETS} the connectors' states, which are reported again", DELIVERY
        ),
    },
}
"""Part -> setting -> its meaning."""

NOT_COMPARED = frozenset(
    {
        "connector.class",
        "topic.prefix",
        "schema.include.list",
        "table.include.list",
        "slot.name",
        "publication.name",
        "group.id",
        "config.storage.topic",
        "offset.storage.topic",
        "status.storage.topic",
        "offset.storage.partitions",
        "status.storage.partitions",
        "plugin.discovery",
    }
)
"""Settings of baseline/ that only name something, or concern the start of a worker."""
