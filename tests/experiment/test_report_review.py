"""The written reports are compared with run.json."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from support.experiment.experiment import Experiment
from support.experiment.report_review import record_reviews, review_reports
from support.promises import reports
from support.record.record import Record
from support.report.completeness.missing import REVIEWS
from support.results.schema import Verdict
from support.results.store import ResultsStore
from tests.results.examples import RUN

CHECKS = {check.name.removesuffix(" report"): check for check in reports.ALL}


def test_every_reviewed_document_has_its_check() -> None:
    assert set(CHECKS) == set(REVIEWS)


@pytest.mark.parametrize("name", REVIEWS)
def test_a_report_passes_as_written_and_fails_without_a_row(name: str, tmp_path: Path) -> None:
    ResultsStore(tmp_path).write_run(RUN)
    record = Record(tmp_path / "ledger")
    experiment = cast(Experiment, SimpleNamespace(record=record))
    review_reports(experiment, tmp_path)
    verdicts = [CHECKS[name].judged(record).verdict]
    path = tmp_path / f"{name}.md"
    rows = [line for line in path.read_text().splitlines() if line.startswith(("| ✔", "| ✖"))]
    rows = rows or [line for line in path.read_text().splitlines() if line.startswith("| lost |")]
    path.write_text(path.read_text().replace(f"{rows[0]}\n", "", 1))
    record_reviews(experiment, tmp_path)
    verdicts.append(CHECKS[name].judged(record).verdict)
    path.unlink()
    record_reviews(experiment, tmp_path)
    verdicts.append(CHECKS[name].judged(record).verdict)
    assert verdicts == [Verdict.PASS, Verdict.FAIL, Verdict.FAIL]


def test_without_another_scenario_the_review_of_the_reports_proves_nothing(tmp_path: Path) -> None:
    review = dataclasses.replace(RUN.scenarios[0], tags=("reporting",), checks=(), promises=())
    ResultsStore(tmp_path).write_run(dataclasses.replace(RUN, scenarios=(review,)))
    record = Record(tmp_path / "ledger")
    review_reports(cast(Experiment, SimpleNamespace(record=record)), tmp_path)
    verdicts = {check.judged(record).verdict for check in CHECKS.values()}
    assert verdicts == {Verdict.INCONCLUSIVE}
