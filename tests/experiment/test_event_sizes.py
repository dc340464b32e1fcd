"""The size limits of the team's topics: of those that exist."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException

from support.clients.broker import ConfigValue
from support.clients.tables_of_database import Table
from support.clients.team_connectors import PostgresConnector
from support.errors import Inconclusive, Unavailable
from support.experiment import event_sizes, team
from support.experiment.event_sizes import EventSizes
from support.experiment.team import Team, TeamTable
from support.record.sizes import SizeLimits


def recorded(
    monkeypatch: pytest.MonkeyPatch,
    existing: Mapping[str, str],
    *,
    rows: bool,
    connector: Mapping[str, str] | None = None,
    worker: Mapping[str, str] | None = None,
) -> SizeLimits:
    """Returns the recorded limits. `existing`: topic -> max.message.bytes; the team has a and b.

    The settings of a topic with `forbidden` may not be read.
    """

    def config(name: str) -> dict[str, ConfigValue]:
        if existing[name] == "forbidden":
            raise KafkaException(KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED))
        return {"max.message.bytes": ConfigValue(existing[name], False)}

    override = {"producer.override.max.request.size": "5000"}
    shop = PostgresConnector("shop", override if connector is None else connector)
    tables = [TeamTable(shop, Table("s", n, True, True, 0, 0), n) for n in ("a", "b")]
    monkeypatch.setattr(event_sizes, "team_of", lambda _stack: Team([shop], tables))
    monkeypatch.setattr(team, "has_rows", lambda *_: rows)
    found: list[SizeLimits] = []
    broker = SimpleNamespace(
        topics=lambda: frozenset(existing),
        topic_config=config,
    )
    stack = SimpleNamespace(
        shared=True,
        baseline=SimpleNamespace(producer={}, consumer={}, worker=worker or {}),
        endpoints=SimpleNamespace(database=SimpleNamespace(conninfo="")),
    )
    record = SimpleNamespace(write=lambda _section, value: found.append(value))
    asked: Any = SimpleNamespace(stack=stack, broker=broker, record=record)
    EventSizes(asked).record_limits()
    return found[0]


def test_the_topic_that_takes_the_least_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    assert recorded(monkeypatch, {"a": "4000", "b": "3000"}, rows=False).surplus == 2000
    assert recorded(monkeypatch, {"a": "4000"}, rows=True).name == "a"


def test_without_a_topic_nothing_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Inconclusive, match="No topic of the team's connectors exists"):
        recorded(monkeypatch, {}, rows=True)
    with pytest.raises(Unavailable, match="No captured table has rows"):
        recorded(monkeypatch, {}, rows=False)


def test_a_topic_that_may_not_be_described_hides_no_mismatch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert recorded(monkeypatch, {"a": "forbidden", "b": "3000"}, rows=True).name == "b"
    limits = recorded(monkeypatch, {"a": "forbidden", "b": "9000"}, rows=True)
    assert (limits.name, limits.topic) == ("a", {})


@pytest.mark.parametrize(
    ("connector", "worker", "known"),
    [
        ({}, {}, None),
        ({}, {"producer.max.request.size": "7000", "producer.sasl.x": "S3cret"}, {"7000"}),
        ({}, {"bootstrap.servers": "x"}, set()),
        ({"producer.override.max.request.size": "${env:X}"}, {}, None),
    ],
)
def test_a_limit_of_connect_that_nobody_names_is_not_assumed(
    monkeypatch: pytest.MonkeyPatch,
    connector: Mapping[str, str],
    worker: Mapping[str, str],
    known: set[str] | None,
) -> None:
    """The default is in force only if the worker's file is known, and does not name it."""
    limits = recorded(monkeypatch, {"a": "9000000"}, rows=True, connector=connector, worker=worker)
    assert limits.connect_known is (known is not None)
    assert set(limits.connect.values()) == (known or set())
