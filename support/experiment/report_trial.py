"""The reports of the run in progress, compared with what is recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from support.checks.reports import report_agrees
from support.experiment.experiment import Trial
from support.report.agreement import (
    Expected,
    missing,
    of_delivery,
    of_performance,
    of_recommendations,
)
from support.report.documents import documents_of
from support.results.schema import RunResult

EXPECTED: dict[str, Callable[[RunResult], Iterator[Expected]]] = {
    "performance": of_performance,
    "delivery": of_delivery,
    "recommendations": of_recommendations,
}


class ReportTrial:
    """Writes the documents of what has run so far, and reads them as a user would."""

    def __init__(self, trial: Trial, run: RunResult) -> None:
        self._trial, self._run = trial, run
        self._texts: dict[str, str] = {}

    def write(self) -> None:
        """As at the end of the run, but for the scenarios that are still to come."""
        self._texts = documents_of(self._run)

    def judge(self, name: str) -> None:
        """Whether the document says everything that was recorded, as it was recorded."""
        expected = list(EXPECTED[name](self._run))
        text = self._texts.get(name, "")
        self._trial.judge(report_agrees(name, missing(text, expected), len(expected)))
