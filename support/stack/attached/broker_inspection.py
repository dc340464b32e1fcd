"""Inspects the brokers of a stack that others run: reachable, permitted, and their clock."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress

from confluent_kafka import KafkaException

from support import clock
from support.baseline import Baseline
from support.clients.broker import BrokerClient, ConfigValue
from support.clients.disk_guard import guarded
from support.clients.kafka_address import KafkaAddress
from support.clients.readiness import write_and_fetch
from support.clock import ClockOffset
from support.errors import Explained, NotInTime, StackError
from support.stack.attached.inspection import PATIENCE, skew
from support.stack.internal_topics import unmakeable
from support.stack.leftovers import OWNED


def inspect_broker(kafka: KafkaAddress, baseline: Baseline) -> Iterator[str]:
    """Check that a broker answers, permits what the suite does, and can create internal topics.

    Yields what was found, as lines for people. Raises StackError; nothing is left then.
    """
    client = BrokerClient(kafka)
    brokers, in_force = _reachable(client), _readable(client)
    version = in_force["inter.broker.protocol.version"].value
    yield f"Kafka at {kafka}: {len(brokers)} broker(s), protocol {version}"
    problem = unmakeable(in_force, len(brokers), client.topics(), {})
    if problem is not None:
        raise problem
    absent = client.absent_brokers()
    if absent:
        yield f"WARNING: brokers that have replicas are not in the cluster: {absent}"
    yield from skew("broker", _try_a_topic(client, baseline))


def _reachable(client: BrokerClient) -> tuple[int, ...]:
    try:
        return client.brokers()
    except KafkaException as error:
        raise StackError(
            f"No Kafka broker answers at {client.kafka}.",
            seen=str(error.args[0].str()),
            cause="a wrong address, a firewall, or a listener that needs TLS or SASL",
            then="give an address that can be reached from here: -D bootstrap=HOST:PORT",
        ) from error


def _readable(client: BrokerClient) -> dict[str, ConfigValue]:
    try:
        return client.broker_config()
    except KafkaException as error:
        raise StackError(
            "This client may not read the broker's settings.",
            seen=str(error.args[0].str()),
            cause="an access control list",
            then="allow DescribeConfigs on the cluster",
        ) from error


def _try_a_topic(client: BrokerClient, baseline: Baseline) -> ClockOffset:
    """Create a topic, write to it, read it and delete it.

    Returns the difference of the broker's clock, measured by the record's time stamp.
    """
    topic = f"{OWNED}-inspection-{os.getpid()}"
    try:
        own = {"partitions": "1", "message.timestamp.type": "LogAppendTime"}
        client.create_topic(topic, guarded({**baseline.topic, **own}))
        before_ns = clock.now_ns()
        write_and_fetch(client.kafka, topic, PATIENCE)
        after_ns, stamped = clock.now_ns(), client.last_timestamp_ms(topic)
        client.delete_topics([topic])
    except (KafkaException, NotInTime, StackError) as error:
        raise StackError(
            "This client may not create a topic, write to it, read it or delete it.",
            seen=" ".join(str(error).split())[:400],
            cause="an access control list, or too few replicas that are in sync",
            then=f"allow everything on topics and groups named {OWNED}-*",
        ) from error
    finally:
        with suppress(KafkaException, Explained):
            client.delete_topics([topic])
    return ClockOffset.seen(before_ns, stamped, after_ns)
