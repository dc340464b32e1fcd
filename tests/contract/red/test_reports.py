"""Reports whose figures are not those of the record."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from support.experiment.benchmark_trial import BenchmarkTrial
from support.experiment.experiment import Trial
from support.experiment.report_trial import ReportTrial
from support.generate.schedule import Segment
from support.report.completeness.missing import REVIEWS
from support.results.store import ResultsStore
from tests.contract.red.verdicts import judged, red, told
from tests.contract.seen_red import sees_red
from tests.results.examples import RUN


@sees_red("<document> report")
def test_documents_that_somebody_wrote_over(trial: Trial, tmp_path: Path) -> None:
    benchmark = BenchmarkTrial(trial)
    benchmark._run_watched((Segment(200, 400),), None)
    benchmark.settle()
    trial.promise("accepted")
    store = ResultsStore(tmp_path / "reported")
    scenario = dataclasses.replace(trial.result(), notes=("Remedy: wait for 10 s.",))
    store.write_run(dataclasses.replace(RUN, scenarios=(scenario,)))
    reports = ReportTrial(trial, store.folder)
    reports.write()
    for document in REVIEWS:
        reports.judge(document)
    assert red(judged(trial)) == set(), told(trial)
    for document in REVIEWS:
        path = store.folder / f"{document}.md"
        path.write_text(re.sub(r"\d", "0", path.read_text()))
        reports.judge(document)
    assert red(judged(trial)) == {f"{document} report" for document in REVIEWS}, told(trial)
