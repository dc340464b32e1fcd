"""The last lines on the terminal: the verdicts, and which files to read."""

from __future__ import annotations

import os
from pathlib import Path

from support.report.words import MARKS
from support.results.schema import RunResult, Verdict

READ = (
    "index.html",
    "performance.md",
    "delivery.md",
    "recommendations.md",
    "traceability.md",
    "comparison.md",
    "history.md",
    "glossary.md",
    "run.json",
    "allure-results",
    "junit",
    "logs",
)


def unreported_trouble(run: RunResult, *, failed: bool) -> str:
    """Return why the exit code must not be 0.

    Empty when it may be 0, or when a step has `failed` already and the run as a whole has no
    trouble.
    """
    if all(scenario.verdict is Verdict.SKIPPED for scenario in run.scenarios):
        return "no scenario was run; check --tags (behave --dry-run lists them)"
    if run.trouble or failed or run.verdict is Verdict.PASS:
        return run.trouble
    return f"the run is {run.verdict.value}"


def verdict_lines(run: RunResult, folder: Path) -> list[str]:
    """Return a line for each scenario, reasons, the verdict, and the files in `folder`."""
    lines = ["", "=" * 72]
    for scenario in run.scenarios:
        lines.append(f"{MARKS[scenario.verdict]:16} {scenario.name} ({scenario.duration_s:.1f} s)")
        # The reason of a PASS names the checks that this target can't measure.
        lines += [f"    {line}" for line in scenario.reason.splitlines()]
    if run.trouble:
        lines += ["", run.trouble]
    files = [name for name in READ if (folder / name).exists()]
    paths = [f"  {os.path.relpath(folder / name)}" for name in files]
    return [*lines, "", _verdict(run), "", "read:", *paths, "=" * 72]


def _verdict(run: RunResult) -> str:
    deviating = sum(s.verdict is Verdict.DEVIATION for s in run.scenarios)
    deviations = f", {deviating} met with a deviation from the specification" * bool(deviating)
    scaled = f" at scale {run.scale:g}: NOT an acceptance result" * (run.scale < 1)
    return f"verdict: {MARKS[run.verdict]}{deviations}{scaled}"
