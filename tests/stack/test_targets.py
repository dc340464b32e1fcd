"""The targets compose and attach, as far as they need no engine (others: tests/docker)."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from docker.errors import DockerException, NotFound

from support import clock
from support.baseline import Baseline
from support.clients.connect import ConnectClient
from support.clients.connect_address import ConnectAddress
from support.clock import ClockOffset
from support.errors import SettingsError, StackError
from support.progress import Progress
from support.settings import Settings
from support.stack.attached import fault_journal
from support.stack.attached.address import database_address
from support.stack.attached.choose import attach
from support.stack.attached.fault_journal import ENDED, OFF_ITS_NETWORK, PAUSED, FaultJournal
from support.stack.attached.inspection import skew
from support.stack.attached.stack import as_they_have_it
from support.stack.compose.configuration import limits
from support.stack.docker.engine import compose_command, connect_engine
from support.stack.leftovers import (
    INSPECTION,
    OWNED,
    PIPELINES,
    PREFIX,
    READY,
    name_of_run,
    new_run_id,
    of_runs,
    recent,
)
from support.stack.state_file import StateFile

HERE = {
    "target": "attach",
    "bootstrap": "127.0.0.1:9",
    "connect": "http://127.0.0.1:9",
    "database": "postgresql://cdc:se%40cret@db.example:5433/app",
}


def test_only_names_of_runs_are_ours() -> None:
    ours = [
        "kafka-validation-20261125-151736-20662-6-load",
        "kafka-validation-inspection-77",
        "kafka-validation-20261125-151736-20662-inspection",
        "kafka-validation-20261125-151736-20662-ready",
        "__debezium-heartbeat.kafka-validation-20261125-151736-20662-2",
        "kafka-validation-20261125-151736-20662-2.kafka_validation_run_x.users",
        "kafka-validation-ready",
    ]
    theirs = [
        "kafka-validation-service-events",
        "kafka-validation-ready-to-ship",
        "kafka-validation-20261125-151736-20662-ready-to-ship",
        "kafka-validation-20261125-151736-ready",
        "orders",
        "kafka-validation-connect",
        "my-kafka-validation-20261125-151736-20662-6-load",
        "kafka-validation-2026-6-load",
    ]
    assert of_runs([*ours, *theirs]) == sorted(ours)


def test_what_a_run_of_this_moment_makes_is_found_again() -> None:
    now = datetime(2026, 11, 25, 15, 17, 36, tzinfo=UTC)
    run = new_run_id(now)
    for what in (READY, INSPECTION):
        assert of_runs([name_of_run(run, what)]) == [name_of_run(run, what)]
    topic, schema = f"{OWNED}-{run}-1-load", f"{PREFIX}{run.replace('-', '_')}_1"
    assert of_runs([topic]) == [topic]
    assert PIPELINES.match(schema)
    assert recent(topic, now) and recent(schema, now)


@pytest.mark.parametrize(
    ("name", "hours", "may_be_going_on"),
    [
        ("kafka-validation-20261125-151736-20662-6-load", 1, True),
        ("kafka-validation-20261125-151736-20662-6-load", 25, False),
        ("kafka_validation_run_20261125_151736_20662_6", 1, True),
        ("kafka_validation_run_20261125_151736_20662_6", 25, False),
        ("kafka-validation-ready", 25, True),
        ("kafka-validation-20261125-151736-20662-ready", 1, True),
        ("kafka-validation-20261125-151736-20662-ready", 25, False),
        ("kafka-validation-20261125-151736-20662-inspection", 25, False),
        ("kafka-validation-20261341-999999-1-2", 25, True),
    ],
)
def test_a_run_of_the_last_hours_may_be_active(
    name: str, hours: int, may_be_going_on: bool
) -> None:
    began = datetime(2026, 11, 25, 15, 17, 36, tzinfo=UTC)
    assert recent(name, began + timedelta(hours=hours)) is may_be_going_on


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"bootstrap": ""}, "bootstrap is not set"),
        ({"bootstrap": "::1:9092"}, "bootstrap is not the address of a Kafka broker"),
        ({"database": "mysql://me@db/app"}, "is not the address of a PostgreSQL database"),
        ({"database": "postgresql://me@db:port/app"}, "can't be read"),
        ({"allow_destructive": "yes"}, "name what may be broken"),
        ({"broker.num.io.threads": "4"}, "The setting broker can't be changed"),
        ({"worker.offset.flush.interval.ms": "4"}, "The setting worker can't be changed"),
        ({"kafka_heap": "2g"}, "The setting kafka_heap can't be changed"),
    ],
)
def test_what_does_not_fit_a_stack_of_others_is_refused(
    changes: dict[str, str], message: str
) -> None:
    with pytest.raises(SettingsError, match=message):
        attach(Settings.load({**HERE, **changes}), Progress(io.StringIO()))


def test_the_address_of_a_database_is_taken_apart() -> None:
    address = database_address(Settings.load({**HERE, "connect_database": "postgres:5432"}))
    assert (address.host, address.port, address.name) == ("db.example", 5433, "app")
    assert (address.user, address.password, address.inside) == (
        "cdc",
        "se@cret",
        ("postgres", 5432),
    )
    assert "se@cret" not in repr(address)


@pytest.mark.parametrize(
    ("version", "usable"), [("1.25.0", False), ("1.29.2", True), ("v2.27.1", True)]
)
def test_compose_must_be_new_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, usable: bool
) -> None:
    for name, answer in (("docker", "exit 1"), ("docker-compose", f"echo {version}")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{answer}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    if usable:
        assert compose_command() == ("docker-compose",)
    else:
        with pytest.raises(Exception, match="too old"):
            compose_command()


@pytest.mark.parametrize(
    ("raised", "message", "then"),
    [
        (
            "('Connection aborted.', PermissionError(13, 'Permission denied'))",
            "Docker can't be used by this user.",
            "usermod -aG docker",
        ),
        (
            "('Connection aborted.', FileNotFoundError(2, 'No such file or directory'))",
            "No Docker engine answers.",
            "start Docker",
        ),
    ],
)
def test_no_engine_and_no_permission_are_different_errors(
    monkeypatch: pytest.MonkeyPatch, raised: str, message: str, then: str
) -> None:
    def refuse(**_settings: object) -> None:
        raise DockerException(f"Error while fetching server API version: {raised}")

    monkeypatch.setattr("docker.from_env", refuse)
    with pytest.raises(StackError, match=message) as error:
        connect_engine()
    assert then in str(error.value)


@pytest.mark.parametrize(
    ("theirs_ms", "words"),
    [(1_050.0, []), (1_900.0, []), (6_100.0, ["5.0 s"]), (-4_000.0, ["5.0 s"])],
)
def test_clocks_that_differ_are_reported(
    monkeypatch: pytest.MonkeyPatch, theirs_ms: float, words: list[str]
) -> None:
    monkeypatch.setattr(clock, "wall_ms", lambda moment_ns: 1_000.0 + moment_ns / clock.NS_PER_MS)
    seen = ClockOffset.seen(0, theirs_ms, 100 * clock.NS_PER_MS)
    found = list(skew("broker", seen))
    assert [word for word in words if any(word in line for line in found)] == words
    assert len(found) == len(words)


@pytest.mark.parametrize(
    ("reported", "version"),
    [
        ("3.6.1", (3, 6)),
        ("7.6.0-ccs", (3, 6)),
        ("7.5.0-ccs", (3, 5)),
        ("4.1.0", (4, 1)),
        ("unknown", (0, 0)),
    ],
)
def test_a_version_of_connect_is_that_of_kafka(
    monkeypatch: pytest.MonkeyPatch, reported: str, version: tuple[int, int]
) -> None:
    monkeypatch.setattr(ConnectClient, "_call", lambda *_: {"version": reported})
    assert ConnectClient(ConnectAddress("http://127.0.0.1:9")).version() == version


def test_the_memory_of_a_container_follows_a_heap_that_was_asked_for() -> None:
    assert limits(Settings.load({})) == {}
    assert limits(Settings.load({"kafka_heap": "2g"})) == {"KAFKA_MEMORY": str(4 * 1000**3)}


class Engine:
    """An engine with one container and the networks `there`, as the docker package shows them."""

    def __init__(self, *there: str, name: str = "first") -> None:
        self.there, self.name = there, name
        self.networks = self.containers = self
        self.container = Beta(self)

    def info(self) -> dict[str, str]:
        return {"ID": self.name}

    def get(self, which: str) -> Any:
        if which == self.container.id:
            return self.container
        if which not in self.there:
            raise NotFound(f"network {which} not found")
        return Joined(self.container, which)


@dataclass
class Joined:
    container: Beta
    name: str

    def connect(self, container: Beta, **more: Any) -> None:
        assert more["aliases"] == ["beta"]
        container.networks[self.name] = {}


class Beta:
    id, short_id, name = "b" * 64, "b" * 12, "beta"

    def __init__(self, client: Engine) -> None:
        self.client, self.paused, self.running = client, False, True
        self.networks: dict[str, Any] = {
            name: {"Aliases": ["beta", self.short_id]} for name in ("front", "shop")
        }

    @property
    def attrs(self) -> dict[str, Any]:
        return {
            "State": {"Paused": self.paused, "Running": self.running},
            "NetworkSettings": {"Networks": dict(self.networks)},
        }

    def reload(self) -> None: ...
    def unpause(self) -> None:
        self.paused = False

    def start(self) -> None:
        self.running = True


@pytest.fixture
def journal(tmp_path: Path) -> FaultJournal:
    return FaultJournal(tmp_path / "attach" / "broken.json")


def engine_of(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> Beta:
    monkeypatch.setattr(fault_journal, "connect_engine", lambda: engine)
    return engine.container


def test_what_was_done_is_undone_and_the_journal_is_removed(
    journal: FaultJournal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    beta = engine_of(monkeypatch, Engine("front", "shop"))
    journal.add(beta, OFF_ITS_NETWORK)
    beta.networks.clear()
    journal.add(beta, ENDED)
    journal.add(beta, PAUSED)
    beta.running, beta.paused = False, True
    assert len(list(journal.heal())) == 4
    assert (beta.running, beta.paused, set(beta.networks)) == (True, False, {"front", "shop"})
    assert list(journal.heal()) == []
    assert list((tmp_path / "attach").iterdir()) == []


def test_what_was_not_done_is_not_undone(
    journal: FaultJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    beta = engine_of(monkeypatch, Engine("front", "shop"))
    journal.add(beta, PAUSED)
    beta.running = False
    assert list(journal.heal()) == []
    assert not beta.running


def test_a_network_that_is_gone_does_not_keep_the_rest_from_being_healed(
    journal: FaultJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    beta = engine_of(monkeypatch, Engine("shop"))
    journal.add(beta, OFF_ITS_NETWORK)
    journal.add(beta, PAUSED)
    beta.networks.clear()
    beta.paused = True
    done = list(journal.heal())
    assert done[0].startswith("NOT healed: beta is not on the network front")
    assert (beta.paused, set(beta.networks)) == (False, {"shop"})


def test_a_container_of_the_same_name_on_another_engine_is_left_alone_and_stays_in_the_journal(
    journal: FaultJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    beta = engine_of(monkeypatch, Engine("shop"))
    journal.add(beta, PAUSED)
    other = engine_of(monkeypatch, Engine("shop", name="second"))
    other.paused = True
    assert list(journal.heal()) == [
        "NOT healed: beta, which a killed run broke, is on another engine"
    ]
    assert other.paused
    assert journal.read()


def test_a_journal_that_can_t_be_read_is_reported(journal: FaultJournal, tmp_path: Path) -> None:
    (tmp_path / "attach").mkdir()
    (tmp_path / "attach" / "broken.json").write_text("{")
    with pytest.raises(StackError, match="can't be read"):
        journal.read()


def test_a_state_file_of_another_version_is_reported(tmp_path: Path) -> None:
    (tmp_path / "stack.json").write_text('{"ports": {}, "fingerprint": "0"}')
    with pytest.raises(StackError, match="another version"):
        StateFile(tmp_path / "stack.json").read()


def test_a_stack_of_others_gives_topics_its_own_number_of_replicas() -> None:
    usual, chosen = Settings.load(HERE), Settings.load({**HERE, "topic.replication.factor": "2"})
    assert as_they_have_it(Baseline.load({}), usual).topic["replication.factor"] == "-1"
    assert as_they_have_it(Baseline.load({}), chosen).topic["replication.factor"] == "2"


def test_our_connector_converts_alike_whatever_the_worker_of_others_does() -> None:
    theirs = as_they_have_it(Baseline.load({}), Settings.load(HERE))
    assert theirs.connector["value.converter"].endswith(".JsonConverter")
    assert theirs.connector["value.converter.schemas.enable"] == "false"
    assert theirs.connector["topic.prefix"] == "dbserver"
    assert theirs.worker == {}
