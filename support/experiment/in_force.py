"""Reads the settings in force from the brokers, topics and clients that apply them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from support.checks.configuration_broker import JUDGED_OF_A_BROKER
from support.clients.connect import ConnectClient
from support.clients.disk_guard import KEY, TOPIC_BYTES
from support.errors import Inconclusive
from support.experiment.experiment import Experiment
from support.experiment.readable_config import readable_config
from support.experiment.team import NoConnector, team_of, topics_to_judge, unsent
from support.record.capture_in_force import Capture
from support.record.in_force import IN_FORCE, InForce
from support.record.secrets import without_secrets
from support.record.topic_in_force import TopicInForce
from support.stack.capture import CONNECTOR

NO_TOPIC = "no topic of the team's connectors exists, and no captured table has rows"


def require_connect(experiment: Experiment) -> None:
    """Asks Kafka Connect whether it has the suite's connector with the settings of the baseline.

    On a stack of others, read_in_force() asks it. Raises StackError if it does not answer or has no
    such connector, and Inconclusive if the connector has other settings.
    """
    stack = experiment.stack
    if stack.shared:
        return
    reported = ConnectClient(stack.endpoints.connect).config(CONNECTOR)
    wanted = stack.baseline.connector
    other = sorted(key for key, value in wanted.items() if reported.get(key) != value)
    if other:
        raise Inconclusive(
            f"The connector {CONNECTOR} has other settings than it was registered with.",
            seen=_pairs({key: reported.get(key, "none") for key in other}),
            wanted=_pairs({key: wanted[key] for key in other}),
            then="make down, then make up",
        )


def _pairs(settings: Mapping[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in without_secrets(settings).items())


def record_in_force(experiment: Experiment, topic: str) -> None:
    """Records the settings in force; `topic` is one that the experiment created."""
    experiment.record.write(IN_FORCE, read_in_force(experiment, topic))


def read_in_force(experiment: Experiment, topic: str) -> InForce:
    """Returns the settings of clients, brokers, topics and Kafka Connect.

    On a stack of others these are the topics and the connectors of the team; `topic`, which the
    load of the suite fills, is judged as well.
    """
    stack = experiment.stack
    baseline = stack.baseline
    here = InForce(
        producer=baseline.producer,
        consumer=baseline.consumer,
        brokers=_brokers(experiment),
        topics=(),
        capture=None,
        commit_first=experiment.settings.commit_first,
    )
    if not stack.shared:
        capture = Capture(baseline.connector, baseline.worker)
        return replace(here, topics=cdc_topics(experiment), capture=capture)
    own = own_topic(experiment, topic)
    try:
        team = team_of(experiment.stack)
    except NoConnector as error:
        return replace(here, topics=[own], not_known=(error.what,))
    worker = baseline.worker or None
    connectors = {each.name: Capture(each.config, worker, own=False) for each in team.connectors}
    existing = experiment.broker.topics()
    theirs = topics_to_judge(stack, team, existing)
    topics = [*_described_all(experiment, theirs), own]
    not_known = (*team.unmapped, *team.doubts, *unsent(team, existing))
    not_known += () if theirs else (NO_TOPIC,)
    return replace(here, topics=topics, team=connectors, not_known=not_known)


def cdc_topics(experiment: Experiment) -> list[TopicInForce]:
    """Returns the topics of the captured tables as the broker describes them.

    On a stack of others they are those of the team's connectors. A topic that does not exist has
    no settings, partitions or replicas.
    """
    stack = experiment.stack
    if stack.shared:
        existing = experiment.broker.topics()
        return _described_all(experiment, topics_to_judge(stack, team_of(stack), existing))
    return _described_all(experiment, stack.baseline.cdc_topics)


def _described_all(experiment: Experiment, names: Sequence[str]) -> list[TopicInForce]:
    existing = experiment.broker.topics()
    return [
        _described(experiment, name) if name in existing else TopicInForce(name, {}, 0, 0)
        for name in names
    ]


def _brokers(experiment: Experiment) -> dict[int, dict[str, str | None]]:
    """Returns the judged settings of every broker, by its id."""
    client = experiment.broker
    return {
        broker: {
            name: entry.value
            for name, entry in client.broker_config(broker).items()
            if name in JUDGED_OF_A_BROKER
        }
        for broker in client.brokers()
    }


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
    """Returns a topic; without settings if this client may not read them."""
    reported = readable_config(experiment.broker, name)
    settings = {key: entry.value for key, entry in reported.items()}
    replicas = experiment.broker.replicas(name)
    return TopicInForce(name, settings, len(replicas), min(replicas.values()))
