"""history.md: this run beside the earlier ones in the same folder, oldest first.

Only runs of the same target and scale: others can't be compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from support.errors import Explained
from support.report.figures import figures_of
from support.report.words import MARKS, heading, number, table
from support.results.schema import OF_SCENARIOS, RunResult, Verdict
from support.results.store import read_run

MOST = 12
"""Runs that are shown: the latest ones."""

TOLD = (
    "latency p95",
    "throughput",
    "start-up",
    "recovery",
    "recovery of the consumer",
    "snapshot",
    "commit to arrival p95",
    "lost",
    "missing",
    "memory of broker",
)
BARS = "▁▂▃▄▅▆▇█"


def earlier_runs(folder: Path, run: RunResult) -> list[RunResult]:
    """Those beside `folder` that can be read and compared, oldest first."""
    found: list[RunResult] = []
    beside = (p for p in folder.resolve().parent.iterdir() if p.is_dir() and not p.is_symlink())
    for place in sorted(beside, key=lambda path: path.name, reverse=True):
        if len(found) == MOST - 1:
            break
        try:
            other = read_run(place)
        except Explained:
            continue
        same = (other.target, other.scale) == (run.target, run.scale)
        if same and other.started < run.started and not other.trouble:
            found.append(other)
    return found[::-1]


def history_report(runs: Sequence[RunResult]) -> str:
    """`runs` in the order of time, the last one is this run; empty without an earlier one."""
    if len(runs) < 2:
        return ""
    lines = heading("This run and those before it", runs[-1])
    rows = [
        (
            run.run_id,
            MARKS[run.verdict],
            *(str(_count(run, verdict)) for verdict in OF_SCENARIOS),
            (run.provenance.git.commit or "–")[:10],
            _settings(run),
        )
        for run in runs
    ]
    head = ("run", "verdict", *(verdict.value for verdict in OF_SCENARIOS), "commit", "settings")
    lines += [table(head, rows), "", "## Figures over these runs", ""]
    lines += [
        table(("scenario", "figure", "", "lowest", "highest", "this run"), _figures(runs)),
        "",
    ]
    return "\n".join(lines)


def _settings(run: RunResult) -> str:
    told = ", ".join(f"`{key}={value}`" for key, value in run.provenance.settings.items())
    return told or "–"


def _count(run: RunResult, verdict: Verdict) -> int:
    return sum(s.verdict is verdict for s in run.scenarios)


def _figures(runs: Sequence[RunResult]) -> list[tuple[str, ...]]:
    """Of the figures of this run that an earlier one has, too."""
    every = [figures_of(run) for run in runs]
    rows: list[tuple[str, ...]] = []
    for name, now in every[-1].items():
        scenario, what = name.split(" | ", 1)
        values = [figures[name].median for figures in every if name in figures]
        if what in TOLD and len(values) > 1:
            low, high = (f"{number(value)} {now.unit}" for value in (min(values), max(values)))
            line = sparkline(values)
            rows.append((scenario, what, line, low, high, f"{number(now.median)} {now.unit}"))
    return rows


def sparkline(values: Sequence[float]) -> str:
    """A character for each value, its height between the lowest and the highest."""
    low, span = min(values), max(values) - min(values)
    places = (round((value - low) / span * (len(BARS) - 1)) if span else 0 for value in values)
    return "".join(BARS[place] for place in places)
