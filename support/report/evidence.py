"""The attachments of a scenario's Allure result."""

from __future__ import annotations

from pathlib import Path

import msgspec

from support.report.charts.gallery import draw_all, write_all
from support.report.sections.checks import check_table
from support.results.schema import ScenarioResult


def evidence_of(result: ScenarioResult, scale: float, folder: Path) -> list[tuple[str, str, str]]:
    """Returns (name, content, kind) with kind TEXT, JSON or SVG.

    A scaled run says first that it is no acceptance result. The charts are written to the run's
    `folder`, too.
    """
    whole = msgspec.json.format(msgspec.json.encode(result), indent=2).decode()
    found = [("checks", check_table(result.checks), "TEXT"), ("result", whole, "JSON")]
    if scale < 1:
        found.insert(0, ("NOT an acceptance result", f"scaled by {scale:g}", "TEXT"))
    for part, lines in result.log_lines.items():
        found.append((f"log of {part}", "\n".join(lines), "TEXT"))
    charts = write_all(draw_all([result]), folder)
    return [*found, *((name, svg, "SVG") for name, svg in charts.items())]
