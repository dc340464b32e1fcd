"""What the settings of the brokers and of a topic do to at-least-once delivery.

Every broker of the cluster is judged, and the topic with the replicas that it really has: what
`acks=all` is worth depends on both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from support.checks.retention_time import RETAINS, SEVEN_DAYS_MS, retention_findings
from support.checks.topic_in_force import TopicInForce, Values, untold

OF_A_BROKER = ("unclean.leader.election.enable", "offsets.retention.minutes")
OF_A_TOPIC = (*RETAINS, "min.insync.replicas", "unclean.leader.election.enable")
"""Settings that every version of Kafka tells. offsets.commit.required.acks is gone since 4.0."""


def not_told(brokers: Mapping[int, Values], topics: Sequence[TopicInForce]) -> Iterator[str]:
    """Each setting without whose value the promise can't be judged, and a topic that is missing."""
    for broker, in_force in sorted(brokers.items()):
        yield from untold(f"broker {broker}", in_force, OF_A_BROKER)
    for topic in topics:
        yield from topic.untold(OF_A_TOPIC)


def broker_findings(brokers: Mapping[int, Values]) -> Iterator[str]:
    """Each setting that weakens the promise, with the brokers that have it."""
    found: dict[str, list[int]] = {}
    for broker, in_force in sorted(brokers.items()):
        for finding in _of_one_broker(in_force):
            found.setdefault(finding, []).append(broker)
    for finding, where in found.items():
        who = "broker" if len(brokers) == 1 else f"broker {', '.join(map(str, where))}:"
        yield f"{who} {finding}"


def topic_findings(topic: TopicInForce) -> Iterator[str]:
    """Each setting by which a record is lost, or does not stay for seven days."""
    yield from _replicas(topic)
    yield from (f"topic {each}" for each in retention_findings(topic))
    if topic.settings.get("unclean.leader.election.enable") == "true":
        yield "topic unclean.leader.election.enable=true: a replica that lags may become leader"


def topic_risks(topic: TopicInForce) -> Iterator[str]:
    """What stays, although nothing is set wrongly."""
    in_force = topic.settings
    if topic.replicas == 1:
        yield "residual risk: one replica, so a lost disk loses records"
    else:
        yield (
            f"{topic.replicas} replicas, min.insync.replicas={in_force.get('min.insync.replicas')}"
        )
    flush = in_force.get("flush.messages")
    if flush is not None and int(flush) > 1:
        yield (
            "residual risk: the log is flushed by the operating system (flush.messages is off), so "
            "a power cut of every replica can lose what was acknowledged last; a crash of the "
            "broker can't"
        )


def _of_one_broker(in_force: Values) -> Iterator[str]:
    if in_force.get("unclean.leader.election.enable") == "true":
        yield "unclean.leader.election.enable=true: a replica that lags may become leader"
    minutes = in_force.get("offsets.retention.minutes")
    if minutes is not None and int(minutes) * 60_000 < SEVEN_DAYS_MS:
        yield (
            f"offsets.retention.minutes={minutes}: a group that is away for longer forgets "
            "where it was, before its records are gone"
        )
    acks = in_force.get("offsets.commit.required.acks")
    if acks not in (None, "-1"):
        yield (
            f"offsets.commit.required.acks={acks}: a commit is confirmed before every replica in "
            "sync has it, and is lost with its leader"
        )


def _replicas(topic: TopicInForce) -> Iterator[str]:
    value = topic.settings.get("min.insync.replicas")
    if value is None:
        return
    if int(value) > topic.replicas:
        yield (
            f"topic min.insync.replicas={value} with {topic.replicas} replica(s): no record can be "
            "accepted with acks=all"
        )
    if value == "1" and topic.replicas > 1:
        yield (
            f"topic min.insync.replicas=1 with {topic.replicas} replicas: while the others are out "
            "of sync acks=all waits for the leader alone, and what it acknowledged is lost with it"
        )
