"""The topics of all tables that the team's connectors capture are looked at."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from support.clients.tables_of_database import Table
from support.clients.team_connectors import PostgresConnector
from support.errors import StackError
from support.experiment import cdc_topics
from support.experiment import team as team_module
from support.experiment.cdc_topics import CdcTopics, record_cdc_topics
from support.experiment.team import NoConnector, Team, TeamTable
from support.record.capture import TaskRecord
from support.record.cdc_topics import CDC_TOPICS, CdcTopicsRecord
from support.record.team_pipeline import ConnectorSeen

JSON = "org.apache.kafka.connect.json.JsonConverter"
AVRO = "io.confluent.connect.avro.AvroConverter"
ROWS = {"empty": False, "unreadable": None}
"""Table -> whether it has rows; the others have some."""
UNWRAP = {"transforms": "u", "transforms.u.type": "io.debezium.transforms.ExtractNewRecordState"}


def connector(name: str, **config: str) -> PostgresConnector:
    given = {key.replace("_", "."): value for key, value in config.items()}
    return PostgresConnector(name, {"topic.prefix": name, **given})


def table(of: PostgresConnector, name: str, *, published: bool = True) -> TeamTable:
    plain = Table("public", name, True, True, 0, 0)
    return TeamTable(of, plain, f"{of.name}.{name}", "", published)


class Broker:
    """Implements the methods of clients.broker.BrokerClient that are called here."""

    def __init__(self, stored: dict[str, int]) -> None:
        self._stored = stored

    def topics(self) -> frozenset[str]:
        return frozenset(self._stored)

    def partitions(self, topic: str) -> tuple[int, ...]:
        if topic.endswith(".secret"):
            raise StackError(f"This client may not describe the topic {topic}.")
        return ()

    def end_offsets(self, topic: str) -> dict[int, int]:
        return {0: self._stored[topic]}


class Written:
    """Implements the methods of record.Record that are called here."""

    seen: CdcTopicsRecord

    def write(self, section: object, value: CdcTopicsRecord) -> None:
        assert section is CDC_TOPICS
        self.seen = value


def experiment(stored: dict[str, int], trouble: Exception | None = None) -> Any:
    database = SimpleNamespace(conninfo="")
    return SimpleNamespace(
        stack=SimpleNamespace(
            shared=True,
            cdc_trouble=lambda: trouble,
            endpoints=SimpleNamespace(database=database),
        ),
        broker=Broker(stored),
        record=Written(),
        patience=lambda seconds: timedelta(seconds=seconds),
        patience_at_least=lambda _: timedelta(milliseconds=1),
        progress=SimpleNamespace(phase=lambda _: nullcontext()),
    )


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Returns which topics were looked at, and in which of them records may be no JSON."""
    found: dict[str, list[str]] = {}

    def look(_: object, topics: list[str], *args: Any) -> list[str]:
        found["topics"], found["binary"] = list(topics), sorted(args[2])
        return []

    running = TaskRecord("RUNNING", ("RUNNING",))
    monkeypatch.setattr(cdc_topics, "not_envelopes", look)
    monkeypatch.setattr(team_module, "has_rows", lambda _, each: ROWS.get(each.name, True))
    monkeypatch.setattr(cdc_topics, "all_slots", lambda _: ())
    monkeypatch.setattr(
        cdc_topics,
        "states_of",
        lambda _, connectors: [ConnectorSeen(c.name, running, "s") for c in connectors],
    )
    return found


def test_every_topic_of_every_connector_is_looked_at(looked_at: dict[str, list[str]]) -> None:
    a, b = connector("a", value_converter=JSON), connector("b")
    tables = [table(a, "x"), table(a, "empty"), table(a, "z", published=False)]
    team = Team([a, b], [*tables, table(b, "x")])
    seen = CdcTopics(experiment({"a.x": 7, "b.x": 2, "other": 9}), team).seen()
    assert seen.events == {"a.x": 7, "a.empty": 0, "b.x": 2}
    assert seen.empty == ("a.empty",)
    assert seen.unknown == {}
    assert looked_at == {"topics": ["a.x", "b.x"], "binary": ["b.x"]}
    assert [c.name for c in seen.connectors] == ["a", "b"]
    (unchecked,) = seen.unchecked
    assert "value.converter of connector b is that of its worker" in unchecked


def test_a_topic_without_an_event_is_missing_only_if_that_is_known(
    looked_at: dict[str, list[str]],
) -> None:
    a = connector("a", value_converter=JSON)
    names = ("x", "missing", "secret", "unreadable")
    seen = CdcTopics(experiment({"a.x": 7}), Team([a], [table(a, n) for n in names])).seen()
    assert seen.empty == ()
    assert seen.unknown == {
        "a.secret": "may not be described, or does not exist",
        "a.unreadable": "no event, and this role may not read whether its table has rows",
    }


@pytest.mark.parametrize(
    ("config", "why"),
    [
        ({"value.converter": AVRO}, f"value.converter={AVRO}"),
        ({"value.converter": JSON, **UNWRAP}, "leaves no envelope"),
    ],
)
def test_records_of_another_form_are_not_looked_at(
    config: dict[str, str], why: str, looked_at: dict[str, list[str]]
) -> None:
    other = PostgresConnector("c", {"topic.prefix": "c", **config})
    seen = CdcTopics(experiment({"c.x": 7}), Team([other], [table(other, "x")])).seen()
    assert looked_at == {}
    assert why in "\n".join(seen.unchecked)


@pytest.mark.parametrize("trouble", [None, RuntimeError("no connector could be made")])
def test_a_team_without_a_connector_is_trouble(
    trouble: Exception | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(_: object) -> Team:
        raise NoConnector("Kafka Connect runs no Debezium connector on the database app.")

    monkeypatch.setattr(cdc_topics, "team_of", none)
    asked = experiment({}, trouble)
    record_cdc_topics(asked)
    assert "no " in asked.record.seen.trouble
    assert asked.record.seen.events == {}
