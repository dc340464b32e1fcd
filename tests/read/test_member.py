"""A consumer process reads, journals and commits, against librdkafka's mock broker."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from confluent_kafka import Producer

from support.clients.broker import BrokerClient
from support.clients.connection import client_config
from support.clients.kafka_address import KafkaAddress
from support.generate.payload import payloads
from support.read.consumer import GroupConsumer, distinct_offsets, reached
from support.read.log_reader import read_whole_log
from support.read.member_order import MemberOrder
from support.record.sessions import CommitOutcome
from support.waiting import wait_until
from tests.generate.loads import MOCK_BROKER

PATIENCE = timedelta(seconds=30)
SENT, COUNT = payloads(1), 120


@pytest.fixture(scope="module")
def kafka() -> Iterator[KafkaAddress]:
    """The address of a mock broker whose topic `records` holds COUNT records."""
    producer = Producer(client_config(KafkaAddress("127.0.0.1:9"), MOCK_BROKER))
    for number in range(COUNT):
        producer.produce("records", SENT.value(number), SENT.key(number))
    assert producer.flush(10) == 0
    (broker,) = producer.list_topics(timeout=5).brokers.values()
    yield KafkaAddress(f"{broker.host}:{broker.port}")


def test_a_consumer_reads_every_record_and_commits_its_position(
    kafka: KafkaAddress, tmp_path: Path
) -> None:
    ends = BrokerClient(kafka).end_offsets("records")
    order = MemberOrder(kafka, "records", {"auto.offset.reset": "earliest"}, 1, str(tmp_path))
    consumer = GroupConsumer("reader", "group", order)
    consumer.start()
    consumer.await_ready(PATIENCE)
    wait_until(consumer.processed, lambda count: count == COUNT, PATIENCE, "every record")
    assert consumer.leave()
    (session,) = consumer.sessions()
    assert reached((session,), ends)
    assert distinct_offsets((session,)) == COUNT
    assert sorted(session.seen.id.tolist()) == list(range(COUNT))
    assert session.seen.intact.all()
    assert {commit.outcome for commit in session.commits} == {CommitOutcome.OK}
    assert BrokerClient(kafka).committed("group", "records") == ends
    assert [each.kind for each in session.assignments] == ["assigned", "revoked"]


def test_the_whole_log_is_read_with_the_records_that_were_sent(
    kafka: KafkaAddress, tmp_path: Path
) -> None:
    log = read_whole_log(kafka, "records", SENT, tmp_path / "log", PATIENCE)
    assert log.complete
    assert sum(log.end_offsets.values()) == len(log.seen) == COUNT
    assert log.seen.intact.all()
