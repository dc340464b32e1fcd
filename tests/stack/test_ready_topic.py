"""On a stack of others each run proves readiness with a topic named after the run."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import timedelta

import pytest

from support import clock
from support.clients import readiness
from support.progress import Progress
from support.settings import Settings
from support.stack.attached import stack as attached
from support.stack.attached.choose import attach
from support.stack.leftovers import of_runs, recent

HERE = {
    "target": "attach",
    "bootstrap": "127.0.0.1:9",
    "connect": "http://127.0.0.1:9",
    "database": "postgresql://cdc@127.0.0.1:9/app",
}
OF_ANOTHER_VERSION = "kafka-validation-ready"


class Cluster:
    """Notes what is created and deleted; another user's topic exists."""

    def __init__(self) -> None:
        self.created: list[str] = []
        self.deleted: list[str] = []

    def __call__(self, _kafka: object) -> Cluster:
        return self

    def create_on_every_broker(self, name: str, *_: object) -> None:
        self.created.append(name)

    def delete_topics(self, names: Sequence[str]) -> None:
        self.deleted += names

    def topics(self) -> list[str]:
        return [OF_ANOTHER_VERSION]

    def versions(self, _plugin: str) -> dict[str, str]:
        return {}

    def broker_config(self) -> dict[str, str]:
        return {}

    def brokers(self) -> list[str]:
        return []


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Cluster:
    made = Cluster()
    monkeypatch.setattr(readiness, "BrokerClient", made)
    monkeypatch.setattr(readiness, "write_and_fetch", lambda *_: None)
    for name in ("BrokerClient", "ConnectClient"):
        monkeypatch.setattr(attached, name, made)
    for name in ("heal", "inspect_database", "inspect_connect", "inspect_team", "inspect_broker"):
        monkeypatch.setattr(attached, name, lambda *_: ())
    for name in ("kafka_version", "server_version"):
        monkeypatch.setattr(attached, name, lambda *_: "")
    monkeypatch.setattr(attached, "reach_database", lambda database: database)
    return made


def test_a_run_creates_and_deletes_only_its_own(cluster: Cluster) -> None:
    stack = attach(Settings.load(HERE, {}), Progress(io.StringIO()))
    stack.start()
    assert cluster.created != [OF_ANOTHER_VERSION]
    stack.stop()
    assert cluster.deleted == cluster.created


def test_clean_remote_removes_an_old_one(cluster: Cluster) -> None:
    attach(Settings.load(HERE, {}), Progress(io.StringIO())).start()
    (name,), now = cluster.created, clock.utc_now()
    assert of_runs([name]) == [name]
    assert recent(name, now)
    assert not recent(name, now + timedelta(hours=25))
