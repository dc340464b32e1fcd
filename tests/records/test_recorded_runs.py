"""Recorded runs are judged again, and give the verdicts that they gave.

Each folder is a run of the suite at a small scale, without its reports. `green` passed; `acks_0`
lost records because its producer did not wait (`-D producer.acks=0`); `lossy_filter` lost the
changes of one table in a transform of its connector; `schema_2` has the run.json of an older
version. After a change of the record's format they are made again with
`python -m tests.records.keep RUN tests/records/NAME`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from support.checks.__main__ import main
from support.promises.replay import judged_again
from support.report.documents import write_reports
from support.results.schema import Verdict
from support.results.store import read_run

FOLDER = Path(__file__).parent
RUNS = sorted(path.parent for path in FOLDER.glob("*/ledger"))


def test_there_are_green_and_red_runs() -> None:
    verdicts = {path.name: read_run(path).verdict for path in RUNS}
    assert verdicts["green"] is Verdict.PASS
    assert verdicts["acks_0"] is Verdict.FAIL
    assert verdicts["lossy_filter"] is Verdict.FAIL


@pytest.mark.parametrize("folder", RUNS, ids=lambda path: path.name)
def test_every_check_is_the_same_again(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    checks = list(judged_again(read_run(folder), folder))
    assert checks
    assert [f"{c.scenario.name}: {c.then.name} {c.why}" for c in checks if not c.same] == []
    assert main([str(folder)]) == 0
    assert f"{len(checks)} checks" in capsys.readouterr().out


def test_a_run_of_an_older_schema_is_read_and_reported(tmp_path: Path) -> None:
    run = read_run(FOLDER / "schema_2")
    assert run.schema_version == 2
    assert all(check.limit is None for scenario in run.scenarios for check in scenario.checks)
    (tmp_path / "run.json").write_bytes((FOLDER / "schema_2" / "run.json").read_bytes())
    write_reports(tmp_path)
    assert run.scenarios[0].name in (tmp_path / "index.html").read_text()


def test_a_filter_that_loses_changes_is_found_by_name() -> None:
    (scenario,) = read_run(FOLDER / "lossy_filter").scenarios
    red = {check.name for check in scenario.checks if check.verdict is Verdict.FAIL}
    assert red == {"CDC changes missing", "CDC image"}
