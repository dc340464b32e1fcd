"""The accepted baseline (baseline/figures.json): written, read, and a run judged by it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import msgspec

from support.errors import Explained, StackError
from support.report.difference import Change, Compared, compare
from support.report.figures import Figure, Figures, figures_of, written
from support.report.gone import Gone, gone
from support.results.schema import RunResult, Verdict, worst
from support.results.units import counted

ACCEPTED = Path(__file__).parents[2] / "baseline" / "figures.json"

DESCRIBE_THEIR_STACK = ("connector.topic.prefix", "topic.replication.factor", "topic.partitions")
"""On target attach these settings adapt the suite to the team's stack; they do not change it."""

SHOWN = 3
"""Figures that the reason of a verdict names; comparison.md has all."""


@dataclass(frozen=True)
class Accepted:
    """The figures of an accepted run, and which run it was."""

    run_id: str
    host: str
    target: str
    figures: Figures


def accepted_of(run: RunResult) -> Accepted:
    """Returns what to store of a run. Raises StackError when it is not an acceptance result."""
    if run.scale < 1 or run.verdict is not Verdict.PASS:
        raise StackError(
            "This run can't become the accepted baseline.",
            seen=f"verdict {run.verdict.value}, scale {run.scale:g}",
            wanted="PASS at scale 1",
            then="make validate, then make accept-baseline",
        )
    described = DESCRIBE_THEIR_STACK if run.target == "attach" else ()
    changed = [key for key in run.provenance.settings if "." in key and key not in described]
    if changed:
        raise StackError(
            "This run can't become the accepted baseline: it did not test the Baseline "
            "Configuration.",
            seen=", ".join(f"{key}={run.provenance.settings[key]}" for key in changed),
            then="change the file in baseline/, make validate, then make accept-baseline",
        )
    return Accepted(run.run_id, host_of(run), run.target, figures_of(run))


def host_of(run: RunResult) -> str:
    """Describes the machine in a few words."""
    host = run.provenance.host
    return f"{host.system}, {counted(host.cpus, 'cores')}"


def accepted_for(run: RunResult, path: Path = ACCEPTED) -> Accepted | None:
    """Returns what the run can be compared with.

    None without an accepted baseline of its target, and for a scaled run. Raises Explained when
    the file can't be read.
    """
    if run.scale < 1 or not path.is_file():
        return None
    accepted = _read(path)
    return accepted if accepted.target == run.target else None


def why_none_for(run: RunResult, path: Path = ACCEPTED) -> str:
    """Says why `accepted_for` returns None, and what to do."""
    if run.scale < 1:
        return f"A run at scale {run.scale:g} is not compared with the accepted baseline."
    if not path.is_file():
        return "There is no accepted baseline to compare with; make accept-baseline keeps this run."
    return f"The accepted baseline is not one of target {run.target}."


def _read(path: Path) -> Accepted:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Accepted)
    except (OSError, msgspec.MsgspecError) as error:
        raise Explained(
            f"The accepted baseline {path} can't be read.",
            seen=str(error),
            then="restore it from version control, or make accept-baseline RUN=... again",
        ) from error


def worse_than_accepted(run: RunResult, path: Path = ACCEPTED) -> list[Compared]:
    """Returns the figures that are worse, sorted by key; raises what `accepted_for` raises."""
    accepted = accepted_for(run, path)
    if accepted is None:
        return []
    found = compare(accepted.figures, figures_of(run))
    worse = (each for each in found if each.change is Change.WORSE)
    return sorted(worse, key=lambda each: each.key)


def judged_by_accepted(run: RunResult, path: Path = ACCEPTED) -> RunResult:
    """Returns the run with the verdict that a regression gives it.

    FAIL where a figure is worse than accepted; INCONCLUSIVE at best where the accepted baseline
    can't be read, or a scenario no longer has a figure that it had.
    """
    try:
        worse, accepted = worse_than_accepted(run, path), accepted_for(run, path)
    except Explained as error:
        verdict = worst([run.verdict, Verdict.INCONCLUSIVE])
        return dataclasses.replace(run, verdict=verdict, trouble=str(error))
    if worse:
        texts = [f"{c.key}: {figure_text(c.base)} -> {figure_text(c.now)}" for c in worse]
        trouble = f"worse than the accepted baseline: {_first(texts)}"
        return dataclasses.replace(run, verdict=Verdict.FAIL, trouble=trouble)
    lost = gone(accepted.figures, run) if accepted else ()
    return _without(run, lost) if lost else run


def _without(run: RunResult, lost: tuple[Gone, ...]) -> RunResult:
    names = _first([str(each) for each in lost])
    trouble = f"no longer measured, unlike in the accepted baseline: {names}"
    verdict = worst([run.verdict, Verdict.INCONCLUSIVE])
    return dataclasses.replace(run, verdict=verdict, trouble=trouble)


def _first(texts: list[str]) -> str:
    more = f"; and {len(texts) - SHOWN} more in comparison.md" if len(texts) > SHOWN else ""
    return f"{'; '.join(texts[:SHOWN])}{more}"


def figure_text(figure: Figure) -> str:
    """Writes a figure with its unit, and of how many repeats it is the median."""
    repeats = f" (of {len(figure.values)})" if len(figure.values) > 1 else ""
    return f"{written(figure.median, figure)}{repeats}"
