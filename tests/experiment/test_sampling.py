"""Which topics the payloads of a run are sampled from."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from support.clients.kafka_address import KafkaAddress
from support.clients.tables_of_database import Table
from support.clients.team_connectors import PostgresConnector
from support.errors import StackError
from support.experiment import sampling
from support.experiment.sampling import Sampling
from support.experiment.team import Team, TeamTable

STACK: Any = SimpleNamespace(
    shared=True,
    baseline=SimpleNamespace(cdc_topics=("dbserver.public.users",)),
    endpoints=SimpleNamespace(kafka=KafkaAddress("127.0.0.1:9")),
)
PROGRESS: Any = SimpleNamespace(say=lambda _line: None)


@pytest.fixture
def sampled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Returns the topics that were sampled. Of the team's a and b, only a exists."""
    found: list[str] = []
    team = PostgresConnector("c", {})
    tables = [TeamTable(team, Table("s", n, True, True, 0, 0), f"p.{n}") for n in ("a", "b")]

    def sample(_kafka: object, topics: tuple[str, ...], _seed: int) -> Any:
        found.extend(topics)
        return SimpleNamespace(described="")

    broker = SimpleNamespace(topics=lambda: {"p.a", "dbserver.public.users"})
    monkeypatch.setattr(sampling, "sample", sample)
    monkeypatch.setattr(sampling, "BrokerClient", lambda _kafka: broker, raising=False)
    monkeypatch.setattr(sampling, "team_of", lambda _stack: Team([team], tables))
    return found


def settings(*, read_only: bool = False) -> Any:
    return SimpleNamespace(payloads="sampled", read_only=read_only, seed=1)


def test_the_existing_topics_of_the_team_are_sampled(sampled: list[str]) -> None:
    Sampling(settings()).take(STACK, PROGRESS)
    assert sampled == ["p.a"]


def test_no_other_topics_are_sampled_in_their_place(
    sampled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampling, "team_of", lambda _stack: Team([], []))
    with pytest.raises(StackError, match="No topic of the team's connectors exists"):
        Sampling(settings()).take(STACK, PROGRESS)
    assert sampled == []


def test_a_run_that_only_reads_samples_nothing(sampled: list[str]) -> None:
    Sampling(settings(read_only=True)).take(STACK, PROGRESS)
    assert sampled == []
