"""Draws the charts of scenarios, and writes them to files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from support.checks.latency import P95
from support.checks.startup import AFTER_CRASH, STARTUP
from support.report.charts import lag, latency, percentiles, resources, startup
from support.report.charts.drawing import as_file
from support.report.charts.kinds import names
from support.report.limits import limit_of
from support.results.schema import ScenarioResult
from support.results.store import write_atomically

DRAW: Mapping[str, Callable[[ScenarioResult, float | None], str]] = {
    "startup": startup.draw,
    "lag": lag.draw,
    "latency": latency.draw,
    "percentiles": percentiles.draw,
    "resources": resources.draw,
}
"""Kind of chart -> what draws it, in a reader's order."""


def draw(result: ScenarioResult, kind: str) -> str:
    """Returns one chart as SVG for a page."""
    return DRAW[kind](result, objective(result))


def draw_all(scenarios: Iterable[ScenarioResult]) -> Mapping[str, str]:
    """Returns file name -> SVG of every chart, for a page."""
    return {
        name: draw(result, kind) for result in scenarios for kind, name in names(result).items()
    }


def write_all(charts: Mapping[str, str], folder: Path) -> Mapping[str, str]:
    """Writes the charts to the run's `folder`; returns file name -> content of the file."""
    files = {name: as_file(chart) for name, chart in charts.items()}
    for name, content in files.items():
        write_atomically(folder / name, content.encode())
    return files


def objective(result: ScenarioResult) -> float | None:
    """Returns the limit that the charts show: ms of latency, s of a start; None without one."""
    limit = limit_of(result, P95, STARTUP, AFTER_CRASH)
    return limit.value if limit else None
