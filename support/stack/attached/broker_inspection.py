"""Inspects the brokers of a stack that others run: reachable, permitted, and their clock."""

from __future__ import annotations

from collections.abc import Iterator

from confluent_kafka import KafkaException

from support.baseline import Baseline
from support.clients.broker import BrokerClient, ConfigValue
from support.clients.first_contact import first_contact
from support.clients.kafka_address import KafkaAddress
from support.errors import StackError
from support.stack.attached.inspection import skew
from support.stack.attached.kafka_version import kafka_version
from support.stack.attached.permitted import try_everything
from support.stack.internal_topics import unmakeable


def inspect_broker(kafka: KafkaAddress, baseline: Baseline, name: str) -> Iterator[str]:
    """Checks that a broker answers, permits what the suite does, and can create internal topics.

    Yields what was found, as lines for people. `name`: of the topic and the group that it creates
    and deletes. Raises StackError; nothing is left then.
    """
    brokers, client = first_contact(kafka), BrokerClient(kafka)
    in_force = readable(client)
    yield f"Kafka at {kafka}: {len(brokers)} broker(s), version {kafka_version(client, in_force)}"
    problem = unmakeable(in_force, len(brokers), client.topics(), {})
    if problem is not None:
        raise problem
    absent = client.absent_brokers()
    if absent:
        yield f"WARNING: brokers that have replicas are not in the cluster: {absent}"
    yield from skew("broker", try_everything(client, baseline, name))


def readable(client: BrokerClient) -> dict[str, ConfigValue]:
    try:
        return client.broker_config()
    except KafkaException as error:
        raise StackError(
            "This client may not read the broker's settings.",
            seen=str(error.args[0].str()),
            cause="an access control list",
            then="allow DescribeConfigs on the cluster",
        ) from error
