"""Writes every document of a run from its run.json: `python -m support.reporting.documents DIR`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from support.errors import Explained
from support.reporting.charts import chart_of, has_chart
from support.reporting.compare import against_accepted
from support.reporting.delivery import ABOUT as ABOUT_DELIVERY
from support.reporting.delivery import delivery_report
from support.reporting.page import page
from support.reporting.performance import performance_report
from support.reporting.recommendations import recommendations_report
from support.reporting.traceability import traceability_report
from support.results.schema import RunResult, ScenarioResult
from support.results.store import file_name, read_run, write_atomically

DOCUMENTS: tuple[tuple[str, frozenset[str], Callable[[RunResult, dict[str, str]], str]], ...] = (
    ("performance", frozenset({"performance"}), performance_report),
    ("delivery", ABOUT_DELIVERY, delivery_report),
    ("recommendations", frozenset(), lambda run, _: recommendations_report(run)),
    ("comparison", frozenset(), lambda run, _: against_accepted(run)),
    ("traceability", frozenset(), lambda run, _: traceability_report(run)),
)
"""Name, the tags one of which a run must have (none: always), and what writes it."""


def write_reports(folder: Path) -> list[Path]:
    """The documents that the run has something for, with their charts."""
    run = read_run(folder)
    charts = {_chart_name(s): chart_of(s, objective(s)) for s in run.scenarios if has_chart(s)}
    texts = documents_of(run)
    files = {f"{name}.md": text for name, text in texts.items()}
    files["index.html"] = page(run, texts, charts)
    for name, text in {**charts, **files}.items():
        write_atomically(folder / name, text.encode())
    return [folder / name for name in files]


def documents_of(run: RunResult) -> dict[str, str]:
    """Name -> text of every document that the run has something for."""
    tags = {tag for scenario in run.scenarios for tag in scenario.tags}
    charts = {s.name: _chart_name(s) for s in run.scenarios if has_chart(s)}
    found = {
        name: write(run, charts) for name, about, write in DOCUMENTS if not about or about & tags
    }
    return {name: text for name, text in found.items() if text}


def _chart_name(scenario: ScenarioResult) -> str:
    return f"charts/{file_name(scenario.name)}.svg"


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
