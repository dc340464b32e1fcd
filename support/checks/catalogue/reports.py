"""Checks of the reports."""

from __future__ import annotations

from support.checks.catalogue.entry import CheckEntry

TOPIC = "reports"

ENTRIES = (
    CheckEntry(
        "<document> report",
        TOPIC,
        "A document (performance, delivery, recommendations) shows every scenario, figure and "
        "finding that run.json records.",
        "run.json of the run so far, and the document as it is written",
        fails="something that is recorded is missing or different",
        inconclusive="no scenario of its kind has run yet",
    ),
)
