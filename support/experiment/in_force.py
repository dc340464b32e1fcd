"""Reads the settings in force from those who apply them, for the checks that judge them."""

from __future__ import annotations

from support.checks.capture_in_force import Capture
from support.checks.configuration import InForce
from support.checks.topic_in_force import TopicInForce
from support.clients.disk_guard import KEY, TOPIC_BYTES
from support.experiment.experiment import Trial


def read_in_force(trial: Trial, topic: str) -> InForce:
    """Of clients, brokers, topics and Kafka Connect. On a stack of others `topic`, which is the
    trial's own, stands for theirs: it has as many replicas as their brokers give it."""
    stack, client = trial.stack, trial.broker
    baseline = stack.baseline
    return InForce(
        producer=baseline.producer,
        consumer=baseline.consumer,
        brokers={
            broker: {name: entry.value for name, entry in client.broker_config(broker).items()}
            for broker in client.brokers()
        },
        topics=[own_topic(trial, topic)] if stack.shared else cdc_topics(trial),
        capture=Capture(baseline.connector, None if stack.shared else baseline.worker),
        commit_first=trial.settings.commit_first,
    )


def cdc_topics(trial: Trial) -> list[TopicInForce]:
    """Those of the captured tables, by the broker's word; one that is missing has nothing."""
    there = trial.broker.topics()
    return [
        _described(trial, name) if name in there else TopicInForce(name, {}, 0, 0)
        for name in trial.stack.baseline.cdc_topics
    ]


def own_topic(trial: Trial, name: str) -> TopicInForce:
    """A topic that the trial made, as it would be without the guard of the disk."""
    topic = _described(trial, name)
    # The second where the number of partitions was left to the broker.
    guards = {str(TOPIC_BYTES // topic.partitions), str(TOPIC_BYTES)}
    if topic.settings.get(KEY) not in guards:
        return topic
    wanted = trial.stack.baseline.topic.get(KEY, "-1")
    return TopicInForce(
        topic.name, {**topic.settings, KEY: wanted}, topic.partitions, topic.replicas
    )


def _described(trial: Trial, name: str) -> TopicInForce:
    settings = {key: entry.value for key, entry in trial.broker.topic_config(name).items()}
    replicas = trial.broker.replicas(name)
    return TopicInForce(name, settings, len(replicas), min(replicas.values()))
