"""Topics and groups of a scenario: the broker on which they are created, and deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from support.baseline import Baseline
from support.clients.kafka_address import KafkaAddress
from support.experiment import broker_objects
from support.experiment.cdc_faults import worker_with_default_heartbeat
from support.experiment.experiment import Experiment
from support.experiment.identity import Identity
from support.progress import Progress
from support.record.notes import LOG_LINES
from support.settings import Settings
from support.stack.internal_topics import OF_CONNECT
from support.stack.isolated import IsolatedShape

BASELINE = Baseline.load({})


class Broker:
    """Implements the methods of clients.broker.BrokerClient that are called here."""

    def __init__(self) -> None:
        self.topics: set[str] = set()
        self.groups = {"others"}
        self.interrupted = False

    def answers(self) -> bool:
        return True

    def create_topic(self, name: str, _config: Mapping[str, str]) -> None:
        self.topics.add(name)
        if self.interrupted:
            raise KeyboardInterrupt

    def delete_topics(self, names: list[str]) -> None:
        self.topics -= set(names)

    def delete_groups(self, names: list[str]) -> None:
        self.groups -= set(names)


class Isolated:
    """Implements what an experiment calls of an isolated stack."""

    baseline, outlives_run, closed = BASELINE, False, False
    endpoints = SimpleNamespace(kafka=KafkaAddress("isolated"))

    def __init__(self, log: Path) -> None:
        self._log = log

    def logs(self) -> dict[str, Path]:
        return {"broker": self._log}

    def close(self) -> None:
        self.closed = True


class Main:
    """Implements what an experiment calls of a stack that can start an isolated one."""

    baseline, outlives_run = BASELINE, True
    endpoints = SimpleNamespace(kafka=KafkaAddress("main"))

    def __init__(self, isolated: Isolated, *, lives: bool = True) -> None:
        self._isolated, self._lives = isolated, lives
        self.isolated_worker: Callable[[Mapping[str, str]], Any] = lambda _worker: None

    def isolated_stack(self, _shape: IsolatedShape) -> Isolated:
        return self._isolated

    def broker(self) -> object:
        return SimpleNamespace(alive=lambda: self._lives)


@pytest.fixture
def brokers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Broker]:
    """Returns the broker of each bootstrap address."""
    made = {"main": Broker(), "isolated": Broker()}
    monkeypatch.setattr(broker_objects, "BrokerClient", lambda kafka: made[kafka.bootstrap])
    return made


def experiment_on(stack: Any, folder: Path) -> Experiment:
    identity = Identity("feature", "scenario", ())
    return Experiment(identity, Settings.load({}, {}), stack, Progress(), folder, 1)


def isolated_with_log(folder: Path) -> Isolated:
    log = folder / "server.log"
    log.write_text("[2025-01-01 00:00:00,000] ERROR the disk is full (kafka.log)\n")
    return Isolated(log)


def test_topics_and_groups_are_deleted_at_the_end(
    tmp_path: Path, brokers: dict[str, Broker]
) -> None:
    one, main = experiment_on(Main(isolated_with_log(tmp_path)), tmp_path), brokers["main"]
    names = {one.create_topic("load"), "of-connect"}
    main.topics |= {"of-connect", "others"}
    main.groups |= {one.group("reader")}
    one.own_topics("of-connect")
    assert main.topics == names | {"others"}
    one.close()
    assert (main.topics, main.groups) == ({"others"}, {"others"})


def test_a_topic_is_deleted_if_its_creation_was_interrupted(
    tmp_path: Path, brokers: dict[str, Broker]
) -> None:
    one = experiment_on(Main(isolated_with_log(tmp_path)), tmp_path)
    brokers["main"].interrupted = True
    with pytest.raises(KeyboardInterrupt):
        one.create_topic("load")
    one.close(interrupted=True)
    assert brokers["main"].topics == set()


def test_topics_of_a_worker_are_deleted_if_its_start_was_interrupted(
    tmp_path: Path, brokers: dict[str, Broker]
) -> None:
    main = Main(isolated_with_log(tmp_path))
    one = experiment_on(main, tmp_path)

    def start(worker: Mapping[str, str]) -> None:
        brokers["main"].topics |= {worker[f"{each}.storage.topic"] for each in OF_CONNECT}
        raise KeyboardInterrupt

    main.isolated_worker = start
    with pytest.raises(KeyboardInterrupt):
        worker_with_default_heartbeat(one)
    one.close(interrupted=True)
    assert brokers["main"].topics == set()


def test_nothing_is_asked_of_a_broker_that_ended(
    tmp_path: Path, brokers: dict[str, Broker]
) -> None:
    one = experiment_on(Main(isolated_with_log(tmp_path), lives=False), tmp_path)
    topic = one.create_topic("load")
    one.close()
    assert brokers["main"].topics == {topic}


def test_an_isolated_stack_is_under_test_until_the_scenario_ends(
    tmp_path: Path, brokers: dict[str, Broker]
) -> None:
    isolated = isolated_with_log(tmp_path)
    one = experiment_on(Main(isolated), tmp_path)
    one.create_topic("before")
    one.use_isolated_stack(IsolatedShape())
    inside = one.create_topic("load")
    assert one.stack.endpoints.kafka.bootstrap == "isolated"
    one.close()
    assert isolated.closed
    assert brokers["main"].topics == set()
    assert brokers["isolated"].topics == {inside}
    assert "the disk is full" in str(one.record[LOG_LINES])
    assert (one.folder / "broker.log").is_file()
