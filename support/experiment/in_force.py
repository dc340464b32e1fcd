"""Reads the settings in force from the brokers, topics and clients that apply them."""

from __future__ import annotations

from support.checks.configuration_broker import JUDGED_OF_A_BROKER
from support.clients.disk_guard import KEY, TOPIC_BYTES
from support.experiment.experiment import Experiment
from support.record.capture_in_force import Capture
from support.record.in_force import IN_FORCE, InForce
from support.record.topic_in_force import TopicInForce


def record_in_force(experiment: Experiment, topic: str) -> None:
    """Records the settings in force; `topic` is one that the experiment created."""
    experiment.record.write(IN_FORCE, read_in_force(experiment, topic))


def read_in_force(experiment: Experiment, topic: str) -> InForce:
    """Returns the settings of clients, brokers, topics and Kafka Connect.

    On a stack of others, `topic` stands for theirs: their brokers decide how many replicas it has.
    """
    stack, client = experiment.stack, experiment.broker
    baseline = stack.baseline
    return InForce(
        producer=baseline.producer,
        consumer=baseline.consumer,
        brokers={
            broker: {
                name: entry.value
                for name, entry in client.broker_config(broker).items()
                if name in JUDGED_OF_A_BROKER
            }
            for broker in client.brokers()
        },
        topics=[own_topic(experiment, topic)] if stack.shared else cdc_topics(experiment),
        capture=Capture(baseline.connector, None if stack.shared else baseline.worker),
        commit_first=experiment.settings.commit_first,
    )


def cdc_topics(experiment: Experiment) -> list[TopicInForce]:
    """Returns the topics of the captured tables as the broker describes them.

    A topic that does not exist has no settings, partitions or replicas.
    """
    existing = experiment.broker.topics()
    return [
        _described(experiment, name) if name in existing else TopicInForce(name, {}, 0, 0)
        for name in experiment.stack.baseline.cdc_topics
    ]


def own_topic(experiment: Experiment, name: str) -> TopicInForce:
    """Returns a topic of the experiment with the retention.bytes that the baseline wants.

    The topic itself has a smaller limit, which protects the disk (see clients/disk_guard.py).
    """
    topic = _described(experiment, name)
    # The second value is used where the broker chooses the number of partitions.
    guards = {str(TOPIC_BYTES // topic.partitions), str(TOPIC_BYTES)}
    if topic.settings.get(KEY) not in guards:
        return topic
    wanted = experiment.stack.baseline.topic.get(KEY, "-1")
    return TopicInForce(
        topic.name, {**topic.settings, KEY: wanted}, topic.partitions, topic.replicas
    )


def _described(experiment: Experiment, name: str) -> TopicInForce:
    settings = {key: entry.value for key, entry in experiment.broker.topic_config(name).items()}
    replicas = experiment.broker.replicas(name)
    return TopicInForce(name, settings, len(replicas), min(replicas.values()))
