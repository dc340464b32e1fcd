"""Promises of every target; a module that imports these tests has a fixture `target`."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from support.clients.broker import BrokerClient
from support.clients.readiness import prove_ready
from support.errors import Unavailable
from support.stack.capabilities import (
    BrokerLife,
    DatabaseControl,
    LogSource,
    ProcessControl,
    ResourceUsage,
    needed,
)
from support.stack.capability_table import CAPABILITIES
from support.stack.lifecycle import Stack
from support.stack.network import NetworkControl
from support.waiting import wait_until

__all__ = [
    "test_a_crashed_broker_comes_back_with_its_data_and_is_noticed",
    "test_a_crashed_database_comes_back",
    "test_a_cut_link_carries_nothing_until_it_is_restored",
    "test_it_has_a_capability_or_the_reason_why_not",
    "test_it_serves_and_its_topics_carry_events",
    "test_its_logs_can_be_read",
    "test_its_usage_is_measured",
    "test_its_versions_are_known",
]

PATIENCE = timedelta(seconds=60)


def test_it_serves_and_its_topics_carry_events(target: Stack) -> None:
    prove_ready(target.endpoints.kafka, PATIENCE)
    assert target.cdc_trouble() is None
    client = BrokerClient(target.endpoints.kafka)
    for topic in target.baseline.cdc_topics:
        wait_until(
            partial(client.end_offsets, topic),
            lambda ends: sum(ends.values()) > 0,
            PATIENCE,
            f"events of {topic}",
        )


def test_its_versions_are_known(target: Stack) -> None:
    assert target.versions
    assert not any("?" in version for version in target.versions.values())


@pytest.mark.parametrize("capability", CAPABILITIES, ids=lambda each: each.__name__)
def test_it_has_a_capability_or_the_reason_why_not(target: Stack, capability: type[Any]) -> None:
    if isinstance(target, capability):
        assert needed(target, capability) is target
        return
    with pytest.raises(Unavailable) as lack:
        needed(target, capability)
    assert "likely cause" in str(lack.value)


def test_its_usage_is_measured(target: Stack) -> None:
    if not isinstance(target, ResourceUsage):
        pytest.skip("the target lacks it")
    usage = target.usage()
    assert usage
    assert all(each.memory_bytes > 1_000_000 for each in usage.values())


def test_its_logs_can_be_read(target: Stack) -> None:
    if not isinstance(target, LogSource):
        pytest.skip("the target lacks it")
    logs = target.logs()
    assert logs
    assert all(path.stat().st_size > 0 for path in logs.values())


def test_a_cut_link_carries_nothing_until_it_is_restored(target: Stack) -> None:
    if not isinstance(target, NetworkControl):
        pytest.skip("the target lacks it")
    link = target.link()
    try:
        client = BrokerClient(link.kafka)
        assert client.answers()
        link.cut(requests=True, responses=True)
        assert not client.answers()
        link.restore()
        prove_ready(link.kafka, PATIENCE)
    finally:
        link.close()


def test_a_crashed_database_comes_back(target: Stack) -> None:
    if not isinstance(target, DatabaseControl):
        pytest.skip("the target lacks it")
    server = target.database_server()
    server.kill()
    assert not server.alive()
    server.start()
    assert server.alive()


def test_a_crashed_broker_comes_back_with_its_data_and_is_noticed(target: Stack) -> None:
    if not isinstance(target, ProcessControl):
        pytest.skip("the target lacks it")
    broker, client = target.broker(), BrokerClient(target.endpoints.kafka)
    topic = target.endpoints.kafka.ready_topic
    before, first = sum(client.end_offsets(topic).values()), broker.incarnation
    broker.kill()
    assert not broker.alive()
    broker.start()
    broker.await_ready(PATIENCE)
    assert broker.incarnation not in (first, "")
    if isinstance(target, BrokerLife):
        assert target.broker_incarnation() == broker.incarnation
    assert sum(BrokerClient(broker.kafka).end_offsets(topic).values()) > before
