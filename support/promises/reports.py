"""Checks of the reports."""

from __future__ import annotations

from support.checks.reports import report_complete
from support.promises.definition import CheckDefinition
from support.promises.words import Words
from support.record.record import Record
from support.record.reviews import REVIEWS
from support.results.schema import Check

REPORT = Words(
    "<document> report",
    "reports",
    "A document (performance, delivery, recommendations) shows every scenario, figure and "
    "finding that run.json records.",
    "run.json of the run so far, and the document as it is written",
    fails="something that is recorded is missing or different",
    inconclusive="no scenario of its kind has run yet",
)


def _of(document: str) -> CheckDefinition:
    def judge(record: Record) -> Check:
        review = record[REVIEWS][document]
        return report_complete(document, review.missing, review.expected)

    return CheckDefinition(REPORT, judge, (REVIEWS,), f"{document} report")


PERFORMANCE_REPORT = _of("performance")
DELIVERY_REPORT = _of("delivery")
RECOMMENDATIONS_REPORT = _of("recommendations")

ALL = (PERFORMANCE_REPORT, DELIVERY_REPORT, RECOMMENDATIONS_REPORT)
