"""Finds settings of brokers and topics that break at-least-once delivery.

Every broker of the cluster is judged, and every topic with its actual number of replicas: what
`acks=all` guarantees depends on both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from support.checks.judged import some
from support.checks.retention_time import RETAINS, SEVEN_DAYS_MS, retention_findings
from support.record.topic_in_force import TopicInForce, Values, unknown_settings
from support.results.units import counted

JUDGED_OF_A_BROKER = (
    "unclean.leader.election.enable",
    "offsets.retention.minutes",
    "offsets.commit.required.acks",
)
"""Every setting of a broker that is judged here."""
OF_A_BROKER = ("unclean.leader.election.enable", "offsets.retention.minutes")
OF_A_TOPIC = (*RETAINS, "min.insync.replicas", "unclean.leader.election.enable")
"""Settings that every version of Kafka reports. (4.0 removed offsets.commit.required.acks.)"""


def not_reported(brokers: Mapping[int, Values], topics: Sequence[TopicInForce]) -> Iterator[str]:
    """Yields each setting that decides and is not known, and each topic that does not exist."""
    for broker, in_force in sorted(brokers.items()):
        yield from unknown_settings(f"broker {broker}", in_force, OF_A_BROKER)
    for topic in topics:
        yield from topic.unknown(OF_A_TOPIC)


def broker_findings(brokers: Mapping[int, Values]) -> Iterator[str]:
    """Yields each setting that can lose records, with the brokers that have it."""
    found: dict[str, list[int]] = {}
    for broker, in_force in sorted(brokers.items()):
        for finding in _of_one_broker(in_force):
            found.setdefault(finding, []).append(broker)
    for finding, where in found.items():
        who = "broker" if len(brokers) == 1 else f"broker {', '.join(map(str, where))}:"
        yield f"{who} {finding}"


def topic_findings(topics: Sequence[TopicInForce]) -> Iterator[str]:
    """Yields each setting that loses records, or does not keep them for seven days, with the topics
    that have it."""
    found: dict[str, list[str]] = {}
    for topic in topics:
        for finding in _of_one_topic(topic):
            found.setdefault(finding, []).append(topic.name)
    for finding, names in found.items():
        who = f"topic {names[0]}" if len(names) == 1 else f"topics {', '.join(some(names))}"
        yield f"{who}: {finding}"


def topic_risks(topic: TopicInForce) -> Iterator[str]:
    """Yields the risks that remain with correct settings."""
    in_force = topic.settings
    if topic.replicas == 1:
        yield "residual risk: one replica, so the loss of a disk loses records"
    else:
        yield (
            f"{topic.replicas} replicas, min.insync.replicas={in_force.get('min.insync.replicas')}"
        )
    flush = in_force.get("flush.messages")
    if flush is not None and int(flush) > 1:
        yield (
            "residual risk: the operating system flushes the log (flush.messages is not 1), so a "
            "power failure of every replica can lose the last acknowledged records; a crash of the "
            "broker process can't"
        )


def _of_one_broker(in_force: Values) -> Iterator[str]:
    if in_force.get("unclean.leader.election.enable") == "true":
        yield "unclean.leader.election.enable=true: a replica out of sync may become leader"
    minutes = in_force.get("offsets.retention.minutes")
    if minutes is not None and int(minutes) * 60_000 < SEVEN_DAYS_MS:
        yield (
            f"offsets.retention.minutes={minutes}: a group that is inactive for longer loses its "
            "committed offsets while its records are still kept"
        )
    acks = in_force.get("offsets.commit.required.acks")
    if acks not in (None, "-1"):
        yield (
            f"offsets.commit.required.acks={acks}: a commit is confirmed before all in-sync "
            "replicas have it, and is lost with its leader"
        )


def _of_one_topic(topic: TopicInForce) -> Iterator[str]:
    yield from _replicas(topic)
    yield from retention_findings(topic)
    if topic.settings.get("unclean.leader.election.enable") == "true":
        yield "unclean.leader.election.enable=true: a replica out of sync may become leader"


def _replicas(topic: TopicInForce) -> Iterator[str]:
    value = topic.settings.get("min.insync.replicas")
    if value is None:
        return
    if int(value) > topic.replicas:
        yield (
            f"min.insync.replicas={value} with {counted(topic.replicas, 'replicas')}: no "
            "record can be accepted with acks=all"
        )
    if value == "1" and topic.replicas > 1:
        yield (
            f"min.insync.replicas=1 with {topic.replicas} replicas: while the others are out "
            "of sync, acks=all waits only for the leader, and acknowledged records are lost with it"
        )
