"""Finds what run.json records and a written document does not show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from support.report.completeness.advised import (
    look_for_findings,
    look_for_headroom,
    look_for_remedies,
)
from support.report.completeness.findings import Findings
from support.report.completeness.scenario import look_for_overview, look_for_part, look_for_row
from support.report.completeness.written import Document, parse
from support.report.delivery import ABOUT as ABOUT_DELIVERY
from support.report.performance import ABOUT as ABOUT_PERFORMANCE
from support.results.schema import RunResult


def missing_of(name: str, run: RunResult, text: str, folder: Path) -> Findings:
    """Looks for everything of `run` that the document `name` has to show.

    `text`: the document as it was written. `folder`: that of the run, which has the charts.
    """
    findings = Findings()
    REVIEWS[name](run, parse(text), folder, findings)
    return findings


def _performance(run: RunResult, document: Document, folder: Path, findings: Findings) -> None:
    for scenario in (s for s in run.scenarios if ABOUT_PERFORMANCE & set(s.tags)):
        look_for_row(scenario, document, findings)
        look_for_part(scenario, document, folder, findings)


def _delivery(run: RunResult, document: Document, folder: Path, findings: Findings) -> None:
    for scenario in (s for s in run.scenarios if ABOUT_DELIVERY & set(s.tags)):
        look_for_row(scenario, document, findings)
        look_for_overview(scenario, document, findings)
        look_for_part(scenario, document, folder, findings)


def _recommendations(run: RunResult, document: Document, _: Path, findings: Findings) -> None:
    look_for_findings(run, document, findings)
    look_for_remedies(run, document, findings)
    look_for_headroom(run, document, findings)


REVIEWS: Mapping[str, Callable[[RunResult, Document, Path, Findings], None]] = {
    "performance": _performance,
    "delivery": _delivery,
    "recommendations": _recommendations,
}
"""Document -> what looks for everything that it has to show."""
