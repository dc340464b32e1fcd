"""history.md: this run and the earlier ones in the same folder, oldest first.

Only runs of the same target and scale are shown: others can't be compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from support.errors import Explained
from support.report.figures import figures_of, parts_of, written
from support.report.heading import heading
from support.report.sections import (
    changes,
    delivery,
    load,
    recovery,
    resources,
    snapshot,
    startups,
)
from support.report.words import MARKS, NOT_MEASURED, table
from support.results.schema import OF_SCENARIOS, RunResult
from support.results.store import read_run

MOST = 12
"""Runs that are shown: the latest ones."""

SHOWN = frozenset(
    {
        load.P95_LATENCY,
        load.RATE,
        startups.START_UP,
        recovery.RECOVERY,
        recovery.CONSUMER_RECOVERY,
        snapshot.SNAPSHOT,
        changes.COMMIT_TO_ARRIVAL,
        delivery.LOST,
        changes.MISSING,
        resources.memory_of("broker"),
    }
)
"""Names of the figures whose history is shown."""
NO_FIGURE = "No figure of this run is in an earlier one."
COMMIT_LENGTH = 10
BARS = "▁▂▃▄▅▆▇█"


def earlier_runs(folder: Path, run: RunResult) -> list[RunResult]:
    """Returns the runs next to `folder` that can be read and compared, oldest first."""
    found: list[RunResult] = []
    others = (p for p in folder.resolve().parent.iterdir() if p.is_dir() and not p.is_symlink())
    for other_folder in sorted(others, key=lambda path: path.name, reverse=True):
        if len(found) == MOST - 1:
            break
        try:
            other = read_run(other_folder)
        except Explained:
            continue
        same = (other.target, other.scale) == (run.target, run.scale)
        if same and other.started < run.started and not other.trouble:
            found.append(other)
    return found[::-1]


def history_report(runs: Sequence[RunResult]) -> str:
    """Returns the document; `runs` end with this run. Empty without an earlier one."""
    if len(runs) < 2:
        return ""
    head = ("run", "verdict", *(verdict.value for verdict in OF_SCENARIOS), "commit", "settings")
    figures = ("scenario", "figure", "", "lowest", "highest", "this run")
    lines = heading("This run and those before it", runs[-1])
    lines += [table(head, map(_run_row, runs)), "", "## Figures over these runs", ""]
    rows = _figure_rows(runs)
    return "\n".join([*lines, table(figures, rows) if rows else NO_FIGURE, ""])


def _run_row(run: RunResult) -> tuple[str, ...]:
    counts = (sum(s.verdict is verdict for s in run.scenarios) for verdict in OF_SCENARIOS)
    commit = (run.provenance.git.commit or NOT_MEASURED)[:COMMIT_LENGTH]
    return run.run_id, MARKS[run.verdict], *map(str, counts), commit, _settings(run)


def _settings(run: RunResult) -> str:
    settings = run.provenance.settings.items()
    return ", ".join(f"`{key}={value}`" for key, value in settings) or NOT_MEASURED


def _figure_rows(runs: Sequence[RunResult]) -> list[tuple[str, ...]]:
    """The figures of this run that an earlier one has, too."""
    every = [figures_of(run) for run in runs]
    rows: list[tuple[str, ...]] = []
    for key, now in every[-1].items():
        values = [figures[key].median for figures in every if key in figures]
        if parts_of(key)[1] in SHOWN and len(values) > 1:
            three = (min(values), max(values), now.median)
            texts = (written(value, now) for value in three)
            rows.append((*parts_of(key), sparkline(values), *texts))
    return rows


def sparkline(values: Sequence[float]) -> str:
    """Returns a character for each value, as high as the value lies between lowest and highest."""
    low, span = min(values), max(values) - min(values)
    heights = (round((value - low) / span * (len(BARS) - 1)) if span else 0 for value in values)
    return "".join(BARS[height] for height in heights)
