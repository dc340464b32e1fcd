"""Documents whose figures are not those of the record."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from support.experiment import benchmark
from support.experiment.experiment import Experiment
from support.experiment.load import Load
from support.experiment.report_review import record_reviews, review_reports
from support.promises import reports
from support.promises.delivery_log import ACCEPTED
from support.record.schedule import Segment
from support.report.completeness.missing import REVIEWS
from support.results.store import ResultsStore
from tests.contract.red.verdicts import described, judged, red
from tests.contract.seen_red import sees_red
from tests.results.examples import RUN


@sees_red("<document> report")
def test_documents_that_were_overwritten(trial: Experiment, tmp_path: Path) -> None:
    load = Load(trial)
    benchmark.run_watched(load, (Segment(200, 400),), None)
    load.settle()
    trial.require(ACCEPTED)
    store = ResultsStore(tmp_path / "reported")
    scenario = dataclasses.replace(trial.result(), notes=("Remedy: wait for 10 s.",))
    store.write_run(dataclasses.replace(RUN, scenarios=(scenario,)))
    review_reports(trial, store.folder)
    trial.verdicts.judge(*reports.ALL)
    assert red(judged(trial)) == set(), described(trial)
    for document in REVIEWS:
        path = store.folder / f"{document}.md"
        path.write_text(re.sub(r"\d", "0", path.read_text()))
    record_reviews(trial, store.folder)
    trial.verdicts.judge(*reports.ALL)
    assert red(judged(trial)) == {f"{document} report" for document in REVIEWS}, described(trial)
