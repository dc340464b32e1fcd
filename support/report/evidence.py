"""What of a scenario is attached to its Allure result."""

from __future__ import annotations

from pathlib import Path

import msgspec

from support.report.charts.gallery import draw_all
from support.report.words import check_table
from support.results.schema import ScenarioResult


def evidence_of(result: ScenarioResult, scale: float, folder: Path) -> list[tuple[str, str, str]]:
    """(name, content, kind) with kind TEXT, JSON or SVG; a scaled run says what it is not.

    The charts are written to the run's `folder`, too.
    """
    whole = msgspec.json.format(msgspec.json.encode(result), indent=2).decode()
    found = [("checks", check_table(result.checks), "TEXT"), ("result", whole, "JSON")]
    if scale < 1:
        found.insert(0, ("NOT an acceptance result", f"scaled by {scale:g}", "TEXT"))
    for part, lines in result.log_lines.items():
        found.append((f"log of {part}", "\n".join(lines), "TEXT"))
    charts = draw_all([result], folder)
    return [*found, *((name, svg, "SVG") for name, svg in charts.items())]
