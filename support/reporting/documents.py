"""Writes every document of a run from its run.json: `python -m support.reporting.documents DIR`."""

from __future__ import annotations

import sys
from pathlib import Path

from support.errors import Explained
from support.reporting.charts import chart_of
from support.reporting.delivery import delivery_report
from support.reporting.performance import performance_report
from support.results.schema import ScenarioResult
from support.results.store import file_name, read_run, write_atomically

DOCUMENTS = (
    ("performance", {"performance"}, performance_report),
    ("delivery", {"delivery", "edge"}, delivery_report),
)
"""Name, the tags of which a run must have one, and what writes it."""


def write_reports(folder: Path) -> list[Path]:
    """performance.md and delivery.md with their charts; only those that the run has."""
    run = read_run(folder)
    charts = {}
    for scenario in run.scenarios:
        picture = chart_of(scenario, objective(scenario))
        if picture:
            name = f"charts/{file_name(scenario.name)}.svg"
            write_atomically(folder / name, picture.encode())
            charts[scenario.name] = name
    written = []
    tags = {tag for scenario in run.scenarios for tag in scenario.tags}
    for name, about, report in DOCUMENTS:
        if about & tags:
            path = folder / f"{name}.md"
            write_atomically(path, report(run, charts).encode())
            written.append(path)
    return written


def objective(scenario: ScenarioResult) -> float | None:
    """The limit that the scenario's chart is about: ms of latency, s of a start; None without."""
    for check in scenario.checks:
        if check.name in ("p95 latency", "start-up time", "start-up time after a crash"):
            return float(check.objective.split()[1])
    return None


def main(arguments: list[str]) -> int:
    try:
        for path in write_reports(Path(arguments[0] if arguments else "reports/latest")):
            sys.stdout.write(f"{path}\n")
    except Explained as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
