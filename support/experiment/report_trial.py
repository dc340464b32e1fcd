"""The reports of the run in progress: written, and compared with its run.json."""

from __future__ import annotations

from pathlib import Path

from support.checks.reports import report_complete
from support.experiment.experiment import Trial
from support.report.completeness.missing import missing_of
from support.report.documents import write_reports
from support.results.store import read_run


class ReportTrial:
    """Writes the documents of what has run so far, and reads them as a user would.

    `folder`: that of the run, which has its run.json.
    """

    def __init__(self, trial: Trial, folder: Path) -> None:
        self._trial, self._folder = trial, folder

    def write(self) -> None:
        """Write the documents as at the end of the run, without the scenarios still to come."""
        write_reports(self._folder)

    def judge(self, name: str) -> None:
        """Judge whether the written document shows everything that run.json records."""
        path = self._folder / f"{name}.md"
        text = path.read_text() if path.is_file() else ""
        found = missing_of(name, read_run(self._folder), text, self._folder)
        self._trial.judge(report_complete(name, found.missing, found.expected))
