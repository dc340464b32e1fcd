"""An audit begins only where there is something to compare, and while it is up to date."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import pytest

from support.clients.connect import ConnectorState
from support.clients.team_connectors import PostgresConnector, TeamConnectors
from support.errors import Inconclusive, Unavailable
from support.experiment import audit
from support.experiment.audit import Audit


@dataclass
class Worker:
    """Stands in for Kafka Connect."""

    state_of: ConnectorState

    def state(self, _name: str) -> ConnectorState:
        return self.state_of


def finding(
    monkeypatch: pytest.MonkeyPatch,
    state: ConnectorState,
    found: tuple[PostgresConnector, ...],
    left_out: tuple[str, ...] = (),
) -> Audit:
    """Returns an audit whose Connect has these connectors, all in one state."""
    monkeypatch.setattr(audit, "ConnectClient", lambda _address: Worker(state))
    monkeypatch.setattr(audit, "connectors_on", lambda _ends: TeamConnectors(found, left_out))
    database = SimpleNamespace(name="app")
    ends = SimpleNamespace(connect=None, database=database, team_connector="")
    stack = SimpleNamespace(endpoints=ends)
    progress = SimpleNamespace(say=print)
    return Audit(cast(Any, SimpleNamespace(stack=stack, progress=progress)))


RUNNING = ConnectorState("RUNNING", ("RUNNING",), "")
SHOP = (PostgresConnector("shop", {}),)


def test_running_connectors_are_audited(monkeypatch: pytest.MonkeyPatch) -> None:
    found = finding(monkeypatch, RUNNING, SHOP)
    found.find_connectors()
    assert found._connectors == SHOP


def test_without_a_connector_the_scenario_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unavailable, match="no PostgreSQL connector on the database app"):
        finding(monkeypatch, RUNNING, ()).find_connectors()


def test_connectors_that_are_not_audited_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    left_out = ("connector c on another server db2:5432 is not judged",)
    finding(monkeypatch, RUNNING, SHOP, left_out).find_connectors()
    assert f"WARNING: {left_out[0]}" in capsys.readouterr().out
    with pytest.raises(Inconclusive, match="another server db2:5432"):
        finding(monkeypatch, RUNNING, (), left_out).find_connectors()


@pytest.mark.parametrize(
    ("state", "seen", "cause"),
    [
        (ConnectorState("STOPPED", (), ""), "connector STOPPED, tasks none", "stopped or paused"),
        (ConnectorState("PAUSED", ("PAUSED",), ""), "tasks PAUSED", "stopped or paused"),
        (ConnectorState("RUNNING", ("FAILED",), "DbzError: slot\n at x"), "FAILED", "DbzError"),
    ],
)
def test_a_connector_that_is_not_running(
    monkeypatch: pytest.MonkeyPatch, state: ConnectorState, seen: str, cause: str
) -> None:
    with pytest.raises(Inconclusive, match="shop is not running") as error:
        finding(monkeypatch, state, SHOP).find_connectors()
    assert seen in str(error.value) and cause in str(error.value)
    assert "next: resume or restart it: PUT /connectors/shop/resume" in str(error.value)
