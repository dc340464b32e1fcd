"""Tries what every scenario does with Kafka, so that a missing permission is named at the start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from confluent_kafka import KafkaException

from support import clock
from support.baseline import Baseline
from support.clients.broker import BrokerClient
from support.clients.disk_guard import guarded
from support.clients.offsets import commit_offset
from support.clients.readiness import fetch_again, write_to_every_partition
from support.clock import ClockOffset
from support.errors import NotInTime, StackError
from support.stack.attached.inspection import PATIENCE
from support.stack.leftovers import OWNED

REFUSED = "authorization failed"
SEVEN_DAYS_MS = "604800000"
UNCLEAR = "too few replicas in sync, or an access control list that hides topics (no Describe)"


def try_everything(client: BrokerClient, baseline: Baseline, name: str) -> ClockOffset:
    """Creates a topic, configures it, writes to it, reads it, commits an offset; deletes both.

    `name`: of the topic and the group. Returns the difference of the broker's clock, measured by
    the record's time stamp. Raises StackError with the operation that failed. Nothing is left then,
    but for a topic that may not be deleted, which the error names: KRaft only refuses to delete a
    topic that exists.
    """
    # Before anything exists, as far as brokers refuse it: it could not be removed afterwards.
    _delete(client, name, "delete a topic")
    own = {"partitions": "1", "message.timestamp.type": "LogAppendTime"}
    try:
        with _step("create a topic", "Create and Describe on topics"):
            client.create_topic(name, guarded({**baseline.topic, **own}))
        _configured(client, name)
        seen = _written_and_read(client, name)
    finally:
        _delete(client, name, f"delete the topic {name}, which is left (make clean-remote)")
    return seen


def _configured(client: BrokerClient, name: str) -> None:
    with _step("read a topic's settings", "DescribeConfigs on topics"):
        kept = client.topic_config(name)["retention.ms"].value
    with _step("change a topic's settings", "AlterConfigs on topics"):
        client.set_topic_config(name, "retention.ms", kept or SEVEN_DAYS_MS)


def _written_and_read(client: BrokerClient, name: str) -> ClockOffset:
    before_ns = clock.now_ns()
    with _step("write to a topic", "Write on topics"):
        acked = write_to_every_partition(client.kafka, name, PATIENCE)
    after_ns = clock.now_ns()
    with _step("read a topic", "Read on topics"):
        stamped = fetch_again(client.kafka, name, acked, PATIENCE)
    with _step("commit an offset", "Read on groups"):
        commit_offset(client.kafka, name, name, 0)
    return ClockOffset.seen(before_ns, stamped, after_ns)


def _delete(client: BrokerClient, name: str, what: str) -> None:
    """Deletes the group and the topic of that name. Raises StackError if that is not permitted.

    `what`: the deletion of the topic, in words.
    """
    try:
        with _step("delete a group", "Delete and Describe on groups"):
            client.delete_groups([name])
    finally:
        with _step(what, "Delete and Describe on topics"):
            client.delete_topics([name])


@contextmanager
def _step(what: str, permission: str) -> Iterator[None]:
    try:
        yield
    except (KafkaException, NotInTime, StackError) as error:
        seen = " ".join(str(error).split())[:400]
        refused = REFUSED in seen.lower()
        if "GROUP_AUTHORIZATION" in seen:
            # A client that reads a topic asks for the coordinator of its group as well.
            permission = permission.replace("topics", "groups")
        cause = "an access control list" if refused else UNCLEAR
        raise StackError(
            f"This client {'may not' if refused else 'can not'} {what}.",
            seen=seen,
            cause=cause,
            then=f"allow {permission} named {OWNED}-*" if refused else "kafka-topics --describe",
        ) from error
