"""One run against another, or against the accepted baseline (baseline/figures.json).

    python -m support.report.compare BASE RUN
    python -m support.report.compare --accept RUN

BASE and RUN are folders of runs. A difference counts when it is larger than what such machines do
by themselves: a quarter of the figure or the spread of its repeats, whichever is more, and more
than a least amount of its unit. Whatever was lost counts at once. What BASE measured and RUN did
not is named. Exit code 1: something is worse, or is measured no longer by a scenario that RUN has.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import msgspec

from support.errors import Explained, StackError
from support.report.figures import Figure, Figures, figures_of
from support.report.gone import gone, not_run, told_gone
from support.report.words import number, table
from support.results.schema import RunResult, Verdict, worst
from support.results.store import read_run, write_atomically
from support.settings import ACCEPTED_FIGURES

NOISE = 0.25
"""Facts of the machines: below a fifth nothing is significant between two runs."""

OF_THEIR_STACK = ("connector.topic.prefix", "topic.replication.factor", "topic.partitions")
"""On attach these say what the stack of others is like, and change nothing of it (README)."""

SHOWN = 3
LEAST = {"changes": 1_000, "ms": 5.0, "s": 1.0, "MiB": 64.0, "cores": 0.15}
"""Differences below this are none, whatever their share."""


class Change(Enum):
    WORSE = "❌ worse"
    BETTER = "✅ better"
    NONE = "no significant difference"


@dataclass(frozen=True)
class Accepted:
    """The figures of a run that was accepted, and which run that was."""

    run_id: str
    host: str
    target: str
    figures: Figures


@dataclass(frozen=True)
class Compared:
    """One figure in both; `noise` is the share that a difference must exceed."""

    name: str
    base: Figure
    now: Figure
    noise: float
    change: Change


def accepted_of(run: RunResult) -> Accepted:
    """Raises StackError for a run that is no acceptance result."""
    if run.scale < 1 or run.verdict is not Verdict.PASS:
        raise StackError(
            "This run can't become the baseline.",
            seen=f"verdict {run.verdict.value}, scale {run.scale:g}",
            wanted="PASS at scale 1",
            then="make validate, then make accept-baseline",
        )
    told = OF_THEIR_STACK if run.target == "attach" else ()
    changed = [key for key in run.provenance.settings if "." in key and key not in told]
    if changed:
        raise StackError(
            "This run can't become the baseline: it was not of the Baseline Configuration.",
            seen=", ".join(f"{key}={run.provenance.settings[key]}" for key in changed),
            then="change the file in baseline/, make validate, then make accept-baseline",
        )
    return Accepted(run.run_id, _host(run), run.target, figures_of(run))


def _host(run: RunResult) -> str:
    host = run.provenance.host
    return f"{host.system}, {host.cpus} cores"


def against_accepted(run: RunResult, path: Path = ACCEPTED_FIGURES) -> str:
    """comparison.md; empty without an accepted baseline, and for a scaled run."""
    try:
        accepted = _accepted_for(run, path)
    except Explained as error:
        return f"# Not compared\n\n{error}\n"
    if accepted is None:
        return ""
    name = f"{accepted.run_id} (accepted, {accepted.host})"
    text = comparison(name, accepted.figures, run)[0]
    if accepted.host == _host(run):
        return text
    return f"{text}\nThe accepted run was made on another machine; this one: {_host(run)}.\n"


def worse_than_accepted(run: RunResult, path: Path = ACCEPTED_FIGURES) -> list[Compared]:
    """By name; nothing without an accepted baseline, and of a scaled run. Raises Explained when
    the baseline can't be read."""
    accepted = _accepted_for(run, path)
    if accepted is None:
        return []
    found = compare(accepted.figures, figures_of(run))
    worse = (each for each in found if each.change is Change.WORSE)
    return sorted(worse, key=lambda each: each.name)


def judged_by_accepted(run: RunResult, path: Path = ACCEPTED_FIGURES) -> RunResult:
    """The run; as FAIL, with the figures, where any is worse than the accepted baseline, and no
    PASS where that can't be read, or a scenario no longer gives what it gave."""
    try:
        worse, accepted = worse_than_accepted(run, path), _accepted_for(run, path)
    except Explained as error:
        verdict = worst([run.verdict, Verdict.INCONCLUSIVE])
        return dataclasses.replace(run, verdict=verdict, trouble=str(error))
    if not worse:
        return _without_gone(run, accepted)
    told = [f"{c.name}: {_told(c.base)} -> {_told(c.now)}" for c in worse]
    more = f"; and {len(told) - SHOWN} more in comparison.md" if len(told) > SHOWN else ""
    trouble = f"worse than the accepted baseline: {'; '.join(told[:SHOWN])}{more}"
    return dataclasses.replace(run, verdict=Verdict.FAIL, trouble=trouble)


def _without_gone(run: RunResult, accepted: Accepted | None) -> RunResult:
    lost = gone(accepted.figures, run) if accepted else ()
    if not lost:
        return run
    more = f"; and {len(lost) - SHOWN} more in comparison.md" if len(lost) > SHOWN else ""
    told = "; ".join(str(each) for each in lost[:SHOWN])
    trouble = f"no longer measured, unlike in the accepted baseline: {told}{more}"
    return dataclasses.replace(
        run, verdict=worst([run.verdict, Verdict.INCONCLUSIVE]), trouble=trouble
    )


def _accepted_for(run: RunResult, path: Path) -> Accepted | None:
    """None where there is nothing that the run can be compared with."""
    if run.scale < 1 or not path.is_file():
        return None
    accepted = _read_accepted(path)
    return accepted if accepted.target == run.target else None


def _read_accepted(path: Path) -> Accepted:
    """Raises Explained when it is damaged or of another version."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Accepted)
    except (OSError, msgspec.MsgspecError) as error:
        raise Explained(
            f"The accepted baseline {path} can't be read.",
            seen=str(error),
            then="restore it from version control, or make accept-baseline RUN=... again",
        ) from error


def _check_comparable(base: RunResult, now: RunResult) -> None:
    """Raises Explained for runs whose figures mean different things."""
    one, other = (f"target {run.target}, scale {run.scale:g}" for run in (base, now))
    if one != other:
        raise Explained("These runs can't be compared.", seen=f"{one}; {other}", wanted="the same")


def compare(base: Figures, now: Figures) -> Iterator[Compared]:
    """Of the figures that both have."""
    for name in base.keys() & now.keys():
        before, after = base[name], now[name]
        noise = max(NOISE, before.spread, after.spread)
        yield Compared(name, before, after, noise, _change(before, after, noise))


def _change(base: Figure, now: Figure, noise: float) -> Change:
    if base.exact:
        return Change.WORSE if max(now.values) > max(base.values) else Change.NONE
    difference = now.median - base.median
    least = max(noise * abs(base.median), LEAST.get(base.unit, 0.0))
    if abs(difference) <= least:
        return Change.NONE
    return Change.BETTER if (difference > 0) == base.higher_is_better else Change.WORSE


def comparison(base_name: str, base: Figures, run: RunResult) -> tuple[str, bool]:
    """The document, worse first, and whether the run is as good: nothing is worse, and no scenario
    of it leaves out what the base has."""
    order, now = list(Change), figures_of(run)
    found = sorted(compare(base, now), key=lambda each: (order.index(each.change), each.name))
    counts = {change: sum(each.change is change for each in found) for change in Change}
    told = ", ".join(f"{count} {change.value}" for change, count in counts.items())
    lost, absent = gone(base, run), not_run(base, run)
    missing = f"; {sum(len(g.figures) for g in lost)} ❓ no longer measured" if lost else ""
    rows = [
        (
            each.change.value,
            *each.name.split(" | ", 1),
            _told(each.base),
            _told(each.now),
            _share(each),
            f"±{each.noise:.0%}",
        )
        for each in found
    ]
    head = ("", "scenario", "figure", "base", "now", "change", "noise")
    lines = [f"# Run `{run.run_id}` against `{base_name}`", ""]
    lines += [f"{len(found)} figures: {told}{missing}.", "", *told_gone(lost, absent)]
    new = len(now.keys() - base.keys())
    lines += [f"{new} figures are new.", ""] if new else []
    return "\n".join([*lines, table(head, rows), ""]), not counts[Change.WORSE] and not lost


def _told(figure: Figure) -> str:
    times = f" (of {len(figure.values)})" if len(figure.values) > 1 else ""
    return f"{number(figure.median)} {figure.unit}{times}"


def _share(each: Compared) -> str:
    if not each.base.median:
        return "–" if not each.now.median else "from 0"
    return f"{each.now.median / each.base.median - 1:+.0%}"


def main(arguments: list[str]) -> int:
    try:
        if len(arguments) == 2 and arguments[0] == "--accept":
            accepted = accepted_of(read_run(Path(arguments[1])))
            write_atomically(
                ACCEPTED_FIGURES, msgspec.json.format(msgspec.json.encode(accepted), indent=1)
            )
            sys.stdout.write(
                f"{ACCEPTED_FIGURES}: {len(accepted.figures)} figures of {accepted.run_id}\n"
            )
            return 0
        if len(arguments) != 2:
            sys.stderr.write(f"{__doc__}\n")
            return 2
        base, now = (read_run(Path(folder)) for folder in arguments)
        _check_comparable(base, now)
    except Explained as error:
        sys.stderr.write(f"{error}\n")
        return 2
    text, as_good = comparison(base.run_id, figures_of(base), now)
    sys.stdout.write(text)
    return int(not as_good)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
