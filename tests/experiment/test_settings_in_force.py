"""Reading the settings in force, from a cluster that exists only as data."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from confluent_kafka import KafkaError, KafkaException

from support import clock
from support.baseline import Baseline
from support.clients.broker import ConfigValue
from support.clients.disk_guard import guarded
from support.clients.tables_of_database import Table
from support.clients.team_connectors import PostgresConnector
from support.errors import Inconclusive, StackError
from support.experiment import in_force, team, topic_load
from support.experiment.experiment import Experiment
from support.experiment.in_force import cdc_topics, own_topic, read_in_force, require_connect
from support.experiment.team import NoConnector, Team, TeamTable
from support.experiment.topic_load import load_of, loads_of

CDC = ("dbserver.public.videos", "dbserver.public.users", "dbserver.public.comments")


class Cluster:
    """Implements the methods of clients.broker.BrokerClient that are called here."""

    def __init__(
        self, topics: Mapping[str, Mapping[str, str]], replicas: Mapping[int, int]
    ) -> None:
        self._topics, self._replicas = topics, replicas
        self.ends, self.since = {0: 0}, {timedelta(hours=1): {0: -1}}

    def brokers(self) -> tuple[int, ...]:
        return (1, 2, 3)

    def broker_config(self, broker: int) -> dict[str, ConfigValue]:
        return {"node.id": ConfigValue(str(broker), False)}

    def topics(self) -> frozenset[str]:
        return frozenset(self._topics)

    def topic_config(self, topic: str) -> dict[str, ConfigValue]:
        return {key: ConfigValue(value, False) for key, value in self._topics[topic].items()}

    def replicas(self, topic: str) -> dict[int, int]:
        return dict(self._replicas)

    def end_offsets(self, topic: str) -> dict[int, int]:
        return self.ends

    def offsets_since(self, topic: str, stamp_ms: int) -> dict[int, int]:
        """Returns the offsets of the window that begins at `stamp_ms`, give or take a minute."""
        ago = clock.utc_now().timestamp() - stamp_ms / 1000
        return next(
            (
                found
                for window, found in self.since.items()
                if abs(ago - window.total_seconds()) < 60
            ),
            {0: -1},
        )


def experiment(
    cluster: Cluster,
    *,
    shared: bool = False,
    worker: Mapping[str, str] | None = None,
    **topic: str,
) -> Experiment:
    """`worker`: on a stack of others, the settings of their worker."""
    baseline = Baseline.load({"topic": {key.replace("_", "."): v for key, v in topic.items()}})
    if shared:
        baseline = dataclasses.replace(baseline, worker=worker or {})
    settings = SimpleNamespace(commit_first=False)
    ends = SimpleNamespace(database=SimpleNamespace(conninfo=""), connect=None)
    stack = SimpleNamespace(baseline=baseline, shared=shared, endpoints=ends)
    return cast("Experiment", SimpleNamespace(stack=stack, broker=cluster, settings=settings))


def test_every_broker_and_the_fewest_replicas_are_read() -> None:
    cluster = Cluster({name: {"retention.ms": "1"} for name in CDC}, {0: 3, 1: 2})
    found = read_in_force(experiment(cluster), "own")
    assert sorted(found.brokers) == [1, 2, 3]
    assert [each.name for each in found.topics] == list(CDC)
    assert {(each.partitions, each.replicas) for each in found.topics} == {(2, 2)}
    assert found.capture is not None
    assert found.capture.worker is not None


def of_team(monkeypatch: pytest.MonkeyPatch, *names: str, rows: bool = True) -> None:
    """Lets a connector of the team capture tables of which these are the topics."""
    connector = PostgresConnector("orders", {"slot.name": "o", "acks": "x"})
    tables = [TeamTable(connector, Table("public", name, True, True, 0, 0), name) for name in names]
    monkeypatch.setattr(in_force, "team_of", lambda _: Team([connector], tables))
    monkeypatch.setattr(team, "has_rows", lambda *_: rows)


def test_on_a_stack_of_others_their_topics_and_connectors_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    of_team(monkeypatch, "a.users", "b.orders")
    short = {"retention.ms": "1"}
    cluster = Cluster({"own": {}, "a.users": short, "b.orders": {}, "other": {}}, {0: 3})
    found = read_in_force(experiment(cluster, shared=True), "own")
    assert [each.name for each in found.topics] == ["a.users", "b.orders", "own"]
    assert found.topics[0].settings == short
    assert found.capture is None
    assert list(found.team) == ["orders"]
    assert found.team["orders"].worker is None
    assert found.team["orders"].connector["slot.name"] == "o"
    given = {"producer.acks": "1"}
    found = read_in_force(experiment(cluster, shared=True, worker=given), "own")
    assert found.team["orders"].worker == given


def test_a_team_of_which_no_topic_is_judged_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    of_team(monkeypatch, "a.users", rows=False)
    found = read_in_force(experiment(Cluster({"own": {}}, {0: 1}), shared=True), "own")
    assert [each.name for each in found.topics] == ["own"]
    assert found.not_known == (in_force.NO_TOPIC,)


def test_a_connector_that_is_left_out_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    connector = PostgresConnector("orders", {})
    monkeypatch.setattr(in_force, "team_of", lambda _: Team([connector], (), ("x", "y"), ("y",)))
    found = read_in_force(experiment(Cluster({"own": {}}, {0: 1}), shared=True), "own")
    assert found.not_known == ("x", in_force.NO_TOPIC)


def test_a_connect_without_their_connector_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_: object) -> Team:
        raise NoConnector("Kafka Connect runs no Debezium connector on the database app.")

    monkeypatch.setattr(in_force, "team_of", none)
    found = read_in_force(experiment(Cluster({"own": {}}, {0: 1}), shared=True), "own")
    assert [each.name for each in found.topics] == ["own"]
    assert found.not_known == ("Kafka Connect runs no Debezium connector on the database app.",)


@pytest.mark.parametrize("shared", [True, False])
def test_a_topic_that_is_not_there_is_not_left_out(
    shared: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_team(monkeypatch, *CDC)
    cluster = Cluster({name: {"retention.ms": "1"} for name in CDC[:2]}, {0: 3})
    found = cdc_topics(experiment(cluster, shared=shared))
    assert [(each.name, each.exists) for each in found] == [
        (CDC[0], True),
        (CDC[1], True),
        (CDC[2], False),
    ]
    assert loads_of(experiment(cluster, shared=shared), found) == {}


@pytest.mark.parametrize("error", [KafkaError.TOPIC_AUTHORIZATION_FAILED, KafkaError._TRANSPORT])
def test_settings_that_may_not_be_read_are_not_known(error: int) -> None:
    class Refusing(Cluster):
        def topic_config(self, topic: str) -> dict[str, ConfigValue]:
            raise KafkaException(KafkaError(error))

    asked = experiment(Refusing({name: {} for name in CDC}, {0: 3}))
    if error == KafkaError._TRANSPORT:
        with pytest.raises(KafkaException):
            cdc_topics(asked)
    else:
        (first, *_) = cdc_topics(asked)
        assert list(first.unknown(["retention.ms"])) == [f"topic {CDC[0]} retention.ms"]


@pytest.mark.parametrize("given", ["-1", "1000", str(1 << 45)])
@pytest.mark.parametrize("partitions", ["3", "-1"])
def test_the_guard_of_the_disk_is_no_setting_under_test(given: str, partitions: str) -> None:
    made = guarded({"retention.bytes": given, "partitions": partitions})
    cluster = Cluster({"own": made}, {0: 1, 1: 1, 2: 1})
    asked = experiment(cluster, retention_bytes=given, partitions=partitions)
    assert own_topic(asked, "own").settings["retention.bytes"] == given


def test_the_busiest_window_is_the_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topic_load, "_mean_bytes", lambda *_: 700.0)
    cluster = Cluster({}, {})
    asked: Any = experiment(cluster)
    assert load_of(asked, "t") is None
    cluster.ends = {0: 10_000, 1: 10_000}
    cluster.since = {
        timedelta(hours=1): {0: 6400, 1: 10_000 - 3600, 2: 5},
        timedelta(days=1): {0: 0, 1: -1},
    }
    found = load_of(asked, "t")
    assert found is not None
    assert (found.per_s, found.record_bytes) == (2.0, 700.0)
    monkeypatch.setattr(topic_load, "_mean_bytes", lambda *_: 0.0)
    assert load_of(asked, "t") is None


@pytest.mark.parametrize("reported", [None, {}, {"snapshot.mode": "never"}])
def test_kafka_connect_is_asked_whether_it_runs_the_connector(
    reported: Mapping[str, str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None: it does not answer; else what it reports of the connector in place of the baseline."""
    asked = experiment(Cluster({}, {}))

    class Connect:
        def __init__(self, _address: object) -> None:
            """Takes the place of clients.connect.ConnectClient."""

        def config(self, name: str) -> dict[str, str]:
            assert name == "kafka-validation"
            if reported is None:
                raise StackError("Kafka Connect does not answer.")
            return {**asked.stack.baseline.connector, "database.user": "x", **reported}

    monkeypatch.setattr(in_force, "ConnectClient", Connect)
    if reported == {}:
        require_connect(asked)
    else:
        with pytest.raises(StackError if reported is None else Inconclusive):
            require_connect(asked)
