"""The sections of a scenario in a report, one file each, and their order."""

from __future__ import annotations

from support.report.sections import (
    backpressure,
    changes,
    charts,
    checks,
    delivery,
    differences,
    faults,
    lag,
    load,
    notes,
    recovery,
    request_path,
    resources,
    second_tools,
    sizes,
    snapshot,
    stability,
    startups,
    trouble,
)
from support.report.sections.section import Section

SECTIONS: tuple[Section, ...] = (
    charts.SECTION,
    faults.SECTION,
    load.SECTION,
    second_tools.SENDING,
    second_tools.READING,
    startups.SECTION,
    snapshot.SECTION,
    delivery.SECTION,
    changes.SECTION,
    recovery.SECTION,
    lag.SECTION,
    sizes.SECTION,
    differences.SECTION,
    notes.SECTION,
    request_path.SECTION,
    backpressure.SECTION,
    stability.SECTION,
    resources.SECTION,
    trouble.SECTION,
    checks.SECTION,
)
"""In the order in which a document shows them. A new one is added here."""
