"""What of a scenario is attached to its Allure result."""

from __future__ import annotations

import msgspec

from support.reporting.charts import chart_of
from support.reporting.documents import objective
from support.reporting.words import check_table
from support.results.schema import ScenarioResult


def evidence_of(result: ScenarioResult, scale: float) -> list[tuple[str, str, str]]:
    """(name, content, kind) with kind TEXT, JSON or SVG; a scaled run says what it is not."""
    whole = msgspec.json.format(msgspec.json.encode(result), indent=2).decode()
    found = [("checks", check_table(result.checks), "TEXT"), ("result", whole, "JSON")]
    if scale < 1:
        found.insert(0, ("NOT an acceptance result", f"scaled by {scale:g}", "TEXT"))
    picture = chart_of(result, objective(result))
    if picture:
        found.append(("chart", picture, "SVG"))
    return found
