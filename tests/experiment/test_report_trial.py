"""The written reports are read once, and judged against run.json."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from support.experiment.experiment import Trial
from support.experiment.report_trial import ReportTrial
from support.report.completeness.missing import REVIEWS
from support.results.schema import Check, Verdict
from support.results.store import ResultsStore
from tests.results.examples import RUN


def reports_of(folder: Path, judged: list[Check]) -> ReportTrial:
    ResultsStore(folder).write_run(RUN)
    reports = ReportTrial(cast(Trial, SimpleNamespace(judge=judged.append)), folder)
    reports.write()
    return reports


@pytest.mark.parametrize("name", REVIEWS)
def test_a_report_passes_as_written_and_fails_without_a_row(name: str, tmp_path: Path) -> None:
    judged: list[Check] = []
    reports = reports_of(tmp_path, judged)
    reports.judge(name)
    path = tmp_path / f"{name}.md"
    rows = [line for line in path.read_text().splitlines() if line.startswith(("| ✔", "| ✖"))]
    rows = rows or [line for line in path.read_text().splitlines() if "lost: 2 records" in line]
    path.write_text(path.read_text().replace(f"{rows[0]}\n", "", 1))
    reports.judge(name)
    path.unlink()
    reports.judge(name)
    assert [check.verdict for check in judged] == [Verdict.PASS, Verdict.FAIL, Verdict.FAIL]
