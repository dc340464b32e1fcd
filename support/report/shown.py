"""Proof by the run itself of the requirements that no scenario is about: FR-011 and SC-008."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from support.errors import Explained
from support.report import tags
from support.report.accepted import accepted_for, why_none_for
from support.report.difference import Change, compare
from support.report.figures import figures_of
from support.report.requirements import AUTOMATED, RERUN
from support.report.words import MARKS
from support.results.schema import RunResult
from support.results.store import read_run
from support.results.tuning import Tuning
from support.results.units import counted

WHOLE = "make validate"
TARGETS = {
    "make test-kafka-performance": "--tags @performance",
    "make test-kafka-delivery": "--tags @delivery",
}
"""Command of SC-008 -> the selection of scenarios with which it runs all of its own."""

SEARCHED = 30
"""How many of the newest runs in a folder are searched for those of the commands."""


@dataclass(frozen=True)
class Shown:
    """`met`: whether the run shows the requirement; `in_part`: not all of it. `remark` says how."""

    met: bool
    remark: str
    in_part: bool = False


@dataclass(frozen=True)
class Beside:
    """Inputs of documents in addition to the run: `accepted` is the file of the accepted figures.

    `commands`: command of SC-008 -> its latest run in the folder. `earlier`: runs that the history
    shows. `tuning`: what `make tune` found.
    """

    accepted: Path
    commands: Mapping[str, RunResult] = field(default_factory=dict)
    earlier: Sequence[RunResult] = ()
    tuning: Tuning | None = None


def shown_by(run: RunResult, beside: Beside) -> dict[str, Shown]:
    """Returns requirement -> what the run shows of it."""
    return {RERUN: _compared(run, beside.accepted), AUTOMATED: _automated(run, beside.commands)}


def runs_of_commands(folder: Path, run: RunResult) -> dict[str, RunResult]:
    """Returns the latest complete run of each command of SC-008, up to this run.

    `folder` is that of the run, and the others are next to it.
    """
    found = {run.provenance.started_by: run} if _complete(run) else {}
    others = (p for p in folder.resolve().parent.iterdir() if p.is_dir() and not p.is_symlink())
    for other_folder in sorted(others, key=lambda path: path.name, reverse=True)[:SEARCHED]:
        if found.keys() >= TARGETS.keys():
            break
        try:
            other = read_run(other_folder)
        except Explained:
            continue
        if _complete(other) and other.started < run.started:
            found.setdefault(other.provenance.started_by, other)
    return {command: found[command] for command in TARGETS if command in found}


def _complete(run: RunResult) -> bool:
    """Whether a command of SC-008 made this run, with all of its scenarios, and it ended."""
    selection = TARGETS.get(run.provenance.started_by)
    return run.provenance.selection == (selection,) and not run.trouble


def _compared(run: RunResult, path: Path) -> Shown:
    """Tests can be run again to validate a change: this run was compared with an accepted one."""
    try:
        accepted = accepted_for(run, path)
    except Explained as error:
        return Shown(False, error.what)
    if accepted is None:
        return Shown(False, why_none_for(run, path))
    found = list(compare(accepted.figures, figures_of(run)))
    if not found:
        return Shown(False, f"No figure of this run is in the accepted run {accepted.run_id}.")
    counts = (f"{sum(c.change is change for c in found)} {change.value}" for change in Change)
    figures = counted(len(found), "figures")
    remark = f"Compared with the accepted run {accepted.run_id}: {figures}, {', '.join(counts)}."
    return Shown(True, remark)


def _automated(run: RunResult, commands: Mapping[str, RunResult]) -> Shown:
    """All tests are automated, and run again by two commands: these were recorded."""
    missing = [command for command in TARGETS if command not in commands]
    whole = bool(missing) and _is_whole(run)
    remarks = [f"{_result(command, other)}." for command, other in commands.items()]
    remarks += [f"{_result(WHOLE, run)}, which include those of both commands."] * whole
    if missing:
        remarks.append(f"Not recorded in this folder: {', '.join(missing)}.")
    met = whole or not missing
    return Shown(met, " ".join(remarks), in_part=met and bool(missing))


def _is_whole(run: RunResult) -> bool:
    """Whether `make validate` made this run, with all scenarios, and it ended."""
    about = run.provenance
    kinds = {tag for s in run.scenarios for tag in s.tags} & {tags.PERFORMANCE, tags.DELIVERY}
    complete = about.started_by == WHOLE and not about.selection and not run.trouble
    return complete and len(kinds) == 2


def _result(command: str, run: RunResult) -> str:
    scenarios = counted(len(run.scenarios), "scenarios")
    return f"`{command}`: {MARKS[run.verdict]}, {scenarios} (run `{run.run_id}`)"
