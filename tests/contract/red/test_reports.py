"""A report in which a figure is another one than the record has."""

from __future__ import annotations

import dataclasses
import re

from support.experiment.benchmark_trial import BenchmarkTrial
from support.experiment.experiment import Trial
from support.experiment.report_trial import EXPECTED, ReportTrial
from support.generate.schedule import Segment
from tests.contract.red.verdicts import judged, red, told
from tests.contract.seen_red import sees_red
from tests.results.examples import RUN


@sees_red("<document> report")
def test_documents_that_somebody_wrote_over(trial: Trial) -> None:
    benchmark = BenchmarkTrial(trial)
    benchmark._run_watched((Segment(200, 400),), None)
    benchmark.settle()
    trial.promise("accepted")
    run = dataclasses.replace(RUN, scenarios=(trial.result(),))
    reports = ReportTrial(trial, run)
    reports.write()
    for document in EXPECTED:
        reports.judge(document)
    assert red(judged(trial)) == set(), told(trial)
    reports._texts = {name: re.sub(r"\d", "0", text) for name, text in reports._texts.items()}
    for document in EXPECTED:
        reports.judge(document)
    assert red(judged(trial)) == {f"{document} report" for document in EXPECTED}, told(trial)
