"""The settings in force of a running stack, as its parts report them."""

from __future__ import annotations

from collections.abc import Mapping

from confluent_kafka import KafkaException

from support.clients.broker import BrokerClient, ConfigValue
from support.clients.connect import ConnectClient
from support.errors import Explained
from support.record.secrets import without_secrets
from support.record.shown_worker import explained_of_worker
from support.stack.capture import CONNECTOR
from support.stack.lifecycle import Stack
from support.stack.team import connectors_on

MOST_TOPICS = 20
"""Topics of a connector whose settings are recorded; all of them are judged by scenarios."""


def settings_in_force(stack: Stack) -> Mapping[str, Mapping[str, str]]:
    """Returns part of the baseline -> its settings.

    On a stack of others, every connector and topic of the team is a part (`topic NAME`).
    Broker, topic and connector report their settings. Those of the worker and of the clients are
    the baseline's, with which they were started. On a stack of others the worker's are those in the
    file of `worker_config`, without those that are not judged or explained.
    `broker defaults` has what the broker's version does where nothing is set.
    """
    client, baseline = BrokerClient(stack.endpoints.kafka), stack.baseline
    worker = explained_of_worker(baseline.worker) if stack.shared else baseline.worker
    broker = client.broker_config()
    return {
        "broker": _of_interest(broker, baseline.broker),
        "broker defaults": _defaults(broker),
        **(_team(client, stack) if stack.shared else _own(client, stack)),
        "worker": without_secrets(worker),
        "producer": without_secrets(baseline.producer),
        "consumer": without_secrets(baseline.consumer),
    }


def _own(client: BrokerClient, stack: Stack) -> dict[str, Mapping[str, str]]:
    """The settings of the suite's connector, and of one of its topics."""
    try:
        connector = ConnectClient(stack.endpoints.connect).config(CONNECTOR)
    except Explained as error:
        connector = {"not available": error.what}
    return {"topic": _topic(client, stack), "connector": without_secrets(connector)}


def _team(client: BrokerClient, stack: Stack) -> dict[str, Mapping[str, str]]:
    """The settings of the team's connectors, and of the first topics that each of them fills."""
    found: dict[str, Mapping[str, str]] = {}
    existing = sorted(client.topics())
    for each in connectors_on(stack.endpoints).judged:
        found[f"connector {each.name}"] = without_secrets(each.config)
        own = [topic for topic in existing if topic.startswith(f"{each.topic_prefix}.")]
        for topic in own[:MOST_TOPICS]:
            found[f"topic {topic}"] = _of_their_topic(client, topic, stack.baseline.topic)
    return found


def _of_their_topic(
    client: BrokerClient, topic: str, baseline: Mapping[str, str]
) -> dict[str, str]:
    """The settings of a topic, or why this client can't read them."""
    try:
        return _of_interest(client.topic_config(topic), baseline)
    except KafkaException as error:
        reason = error.args[0].name()
        refused = "AUTHORIZATION" in reason
        return {"not permitted": "DescribeConfigs"} if refused else {"not available": reason}


def _topic(client: BrokerClient, stack: Stack) -> dict[str, str]:
    """The settings of a CDC topic; empty if no CDC topic exists."""
    topic = stack.baseline.cdc_topics[0]
    if topic not in client.topics():
        return {}
    return _of_interest(client.topic_config(topic), stack.baseline.topic)


def _defaults(in_force: Mapping[str, ConfigValue]) -> dict[str, str]:
    """The entries at Kafka's default; sorted."""
    return {
        name: entry.value
        for name, entry in sorted(in_force.items())
        if entry.is_default and entry.value is not None
    }


def _of_interest(
    in_force: Mapping[str, ConfigValue], baseline: Mapping[str, str]
) -> dict[str, str]:
    """The entries that are not at Kafka's default, or that the baseline names; sorted."""
    return {
        name: entry.value
        for name, entry in sorted(in_force.items())
        if entry.value is not None and (not entry.is_default or name in baseline)
    }
