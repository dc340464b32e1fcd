"""Checks of the reports."""

from __future__ import annotations

from support.checks.catalogue.entry import CheckEntry

TOPIC = "reports"

ENTRIES = (
    CheckEntry(
        "<document> report",
        TOPIC,
        "A document (performance, delivery, recommendations) has every figure as it is recorded.",
        "the results of the run so far, and the document as it is written",
        fails="a recorded figure is missing or different",
        inconclusive="no scenario of its kind has run yet",
    ),
)
