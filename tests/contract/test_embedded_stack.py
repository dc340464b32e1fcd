"""The embedded stack is what it claims to be: real, captured, contained, and gone afterwards."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from confluent_kafka import Consumer, TopicPartition

from support.baseline import Baseline
from support.clients.broker import BrokerClient
from support.clients.connect import ConnectClient
from support.clients.connection import client_config
from support.clients.database import Database
from support.errors import SettingsError
from support.progress import Progress
from support.settings import Settings
from support.stack.broker_settings import check_broker_settings
from support.stack.capabilities import LogSource, ProcessControl, ResourceUsage
from support.stack.capture import Worker, create_cdc_topics
from support.stack.embedded.stack import EmbeddedStack
from support.stack.isolated import IsolatedBrokers
from support.stack.lifecycle import Component, Stack
from support.waiting import wait_until
from tests.contract.every_target import *  # noqa: F403
from tests.contract.running import as_stack_of_others, running_stack
from tests.contract.test_refused_input import BY_THE_STACK, keys

PATIENCE = timedelta(seconds=60)
TABLES = ("videos", "users", "comments")


@pytest.fixture(scope="module")
def stack() -> Iterator[EmbeddedStack]:
    settings = Settings.load(
        {"broker.message.max.bytes": "2000000", "topic.retention.ms": "7200000"}
    )
    with running_stack(EmbeddedStack(settings, Progress(io.StringIO()))) as running:
        yield running


@pytest.fixture(scope="module", params=["embedded", "attach"])
def target(request: pytest.FixtureRequest, stack: EmbeddedStack) -> Iterator[Stack]:
    """The embedded stack, and the same one as a stack of others."""
    if request.param == "embedded":
        yield stack
        return
    with as_stack_of_others(stack) as attached:
        yield attached


def events(stack: EmbeddedStack, table: str) -> list[tuple[Any, Any]]:
    """(key, value) of everything in a table's topic; the value of a tombstone is None."""
    kafka, topic = stack.endpoints.kafka, f"dbserver.public.{table}"
    ends = BrokerClient(kafka).end_offsets(topic)
    reader = Consumer(client_config(kafka, {"group.id": "kafka-validation-contract"}))
    reader.assign([TopicPartition(topic, partition, 0) for partition in ends])
    found: list[tuple[Any, Any]] = []
    try:
        while len(found) < sum(ends.values()):
            message = reader.poll(10)
            assert message is not None, f"{len(found)} of {ends} read"
            value = message.value()
            found.append((json.loads(message.key()), value and json.loads(value)))
    finally:
        reader.close()
    return found


def test_every_part_is_up_and_has_its_capabilities(stack: EmbeddedStack) -> None:
    assert stack.cdc_trouble() is None
    assert {part.component: part.state for part in stack.status()} == dict.fromkeys(Component, "up")
    for capability in (ProcessControl, IsolatedBrokers, LogSource, ResourceUsage):
        assert isinstance(stack, capability)
    assert all(path.stat().st_size > 0 for path in stack.logs().values())


@pytest.mark.parametrize("table", TABLES)
def test_existing_rows_are_captured_as_envelopes(stack: EmbeddedStack, table: str) -> None:
    rows = Database(stack.endpoints.database.conninfo).query(
        f"SELECT id FROM {table} WHERE id <= 3"
    )
    found = wait_until(
        lambda: [v for _, v in events(stack, table) if v and v["op"] == "r"],
        lambda seen: len(seen) == len(rows) == 3,
        PATIENCE,
        f"the snapshot of {table}",
    )
    assert {event["after"]["id"] for event in found} == {row[0] for row in rows}
    assert all(event["source"]["table"] == table for event in found)


def test_changes_arrive_with_before_and_after_and_a_tombstone(stack: EmbeddedStack) -> None:
    database = Database(stack.endpoints.database.conninfo)
    database.execute("INSERT INTO users (id, name, email) VALUES (77, 'Ada', 'ada@example.org')")
    database.execute("UPDATE users SET name = 'Ada L.', version = 2 WHERE id = 77")
    database.execute("DELETE FROM users WHERE id = 77")
    found = wait_until(
        lambda: [value for key, value in events(stack, "users") if key == {"id": 77}],
        lambda seen: len(seen) == 4,
        PATIENCE,
        "four events of user 77",
    )
    create, update, delete, tombstone = found
    assert [event["op"] for event in (create, update, delete)] == ["c", "u", "d"]
    assert (update["before"]["name"], update["after"]["name"]) == ("Ada", "Ada L.")
    assert (delete["before"]["version"], delete["after"]) == (2, None)
    assert tombstone is None


def test_everything_listens_on_the_loopback_address_only(stack: EmbeddedStack) -> None:
    for part in stack.status():
        assert part.pid
        root = psutil.Process(part.pid)
        for process in [root, *root.children(recursive=True)]:
            for connection in process.net_connections("tcp"):
                if connection.status == psutil.CONN_LISTEN:
                    assert connection.laddr.ip in ("127.0.0.1", "::ffff:127.0.0.1")


def test_overrides_are_in_force_by_the_broker_s_own_word(stack: EmbeddedStack) -> None:
    client = BrokerClient(stack.endpoints.kafka)
    assert client.broker_config()["message.max.bytes"].value == "2000000"
    topic = client.topic_config("dbserver.public.videos")
    assert topic["retention.ms"].value == "7200000"
    assert topic["retention.bytes"].value == "-1"
    connector = ConnectClient(stack.endpoints.connect).config("kafka-validation")
    assert connector["poll.interval.ms"] == "50"


@pytest.mark.parametrize(
    ("given", "message"),
    BY_THE_STACK[1:],
    ids=keys(BY_THE_STACK[1:]),
)
def test_a_running_stack_refuses_settings_by_name(
    stack: EmbeddedStack, given: list[str], message: str
) -> None:
    """Calls the checks of settings in the order in which a starting stack calls them."""
    overrides = Settings.load(dict(each.split("=", 1) for each in given)).overrides
    connector = {"topic.prefix": "refused", **overrides.get("connector", {})}
    baseline = Baseline.load({**overrides, "connector": connector})
    ends, log = stack.endpoints, stack.logs()["connect"]
    worker = Worker(ends.connect, lambda: True, lambda: "", log.read_text)
    client = BrokerClient(ends.kafka)
    with pytest.raises(SettingsError) as refused:
        check_broker_settings(client, overrides.get("broker", {}))
        create_cdc_topics(client, baseline)
        worker.run_connector(baseline, ends.database, PATIENCE)
    assert message in str(refused.value)


def test_no_topic_appears_by_a_mistyped_name(stack: EmbeddedStack) -> None:
    assert (
        BrokerClient(stack.endpoints.kafka).broker_config()["auto.create.topics.enable"].value
        == "false"
    )


def test_an_isolated_broker_lives_apart_and_leaves_nothing(stack: EmbeddedStack) -> None:
    broker = stack.isolated_broker({"log.retention.hours": "3"})
    folder: Path = broker.log.parent
    broker.format()
    broker.start()
    first = broker.await_ready(PATIENCE)
    assert first.fetched_ns >= first.acked_ns > broker.spawned_ns
    config = BrokerClient(broker.kafka).broker_config()
    assert config["log.retention.hours"].value == "3"
    broker.close()
    assert not folder.exists()
    assert stack.broker().alive()
