"""An audit begins only where there is something to compare, and while it is up to date."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from support.checks.audit import audited_rows
from support.clients.connect import ConnectorState
from support.clients.team_connectors import PostgresConnector, TeamConnectors
from support.errors import Inconclusive, Unavailable
from support.experiment import audit
from support.experiment.audit import Audit
from support.progress import Progress
from support.record.audit import AUDIT, AuditedConnector, AuditRecord, CutRecord
from support.results.schema import Verdict


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


def test_connectors_that_are_left_out_are_recorded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    left_out = ("connector c on another server db2:5432 is not judged",)
    found = finding(monkeypatch, RUNNING, SHOP, left_out)
    experiment = cast(Any, found._experiment)
    written, judged = list[AuditRecord](), list[object]()
    experiment.folder, experiment.broker = tmp_path, None
    experiment.stack.endpoints.database.conninfo = ""
    experiment.patience = experiment.patience_at_least = lambda seconds: seconds
    experiment.progress = Progress(io.StringIO())
    experiment.record = SimpleNamespace(write=lambda _section, record: written.append(record))
    experiment.verdicts = SimpleNamespace(judge=lambda *checks: judged.extend(checks))
    cut = CutRecord("5:5:", 5, 0.1, 5, 0.1)
    audited = AuditedConnector("shop", "slot", cut, ())
    monkeypatch.setattr(audit, "Auditor", lambda *_: SimpleNamespace(audit=lambda _each: audited))
    found.find_connectors()
    found.compare()
    assert [(each.connectors, each.left_out) for each in written] == [((audited,), left_out)]
    assert len(judged) == 2


def test_a_record_of_an_older_version(tmp_path: Path) -> None:
    table = '{"name": "public.users", "topic": "p.public.users", "rows": 1}'
    cut = '{"snapshot": "5:5:", "lsn": 5, "open_s": 0.1, "confirmed_lsn": 5, "waited_s": 0.1}'
    connector = f'{{"name": "shop", "slot": "s", "cut": {cut}, "tables": [{table}]}}'
    text = f'{{"connectors": [{connector}], "seconds": 1.0, "memory_bytes": 0}}'
    (tmp_path / "audit.json").write_text(text)
    record = AUDIT.read(tmp_path)
    assert record.left_out == ()
    assert audited_rows(record).verdict is Verdict.PASS
