"""Writes the reports of the run in progress, and reads them as a user would."""

from __future__ import annotations

from pathlib import Path

from support.experiment.experiment import Experiment
from support.record.reviews import REVIEWS, Review
from support.report.completeness.missing import REVIEWS as REVIEWED
from support.report.completeness.missing import missing_of
from support.report.documents import write_reports
from support.results.store import read_run


def review_reports(experiment: Experiment, folder: Path) -> None:
    """Writes the documents of the run in `folder`, and records what is missing in each.

    They are complete, except for the scenarios that have not run yet.
    """
    write_reports(folder)
    record_reviews(experiment, folder)


def record_reviews(experiment: Experiment, folder: Path) -> None:
    """Records what run.json holds and the written documents do not show."""
    reviews = {document: _review(document, folder) for document in REVIEWED}
    experiment.record.write(REVIEWS, reviews)


def _review(document: str, folder: Path) -> Review:
    path = folder / f"{document}.md"
    text = path.read_text() if path.is_file() else ""
    found = missing_of(document, read_run(folder), text, folder)
    return Review(tuple(found.missing), found.expected)
