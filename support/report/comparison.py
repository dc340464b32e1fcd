"""comparison.md: the figures of a run next to those of another one, what is worse first."""

from __future__ import annotations

from pathlib import Path

from support.errors import Explained
from support.report.accepted import ACCEPTED, accepted_for, figure_text, host_of
from support.report.difference import Change, Compared, compare
from support.report.figures import Figures, figures_of, parts_of
from support.report.gone import gone, gone_section, not_run
from support.report.words import table
from support.results.schema import RunResult
from support.results.units import counted

HEAD = ("", "scenario", "figure", "base", "now", "change", "noise")


def against_accepted(run: RunResult, path: Path = ACCEPTED) -> str:
    """Returns comparison.md; empty without an accepted baseline, and for a scaled run."""
    try:
        accepted = accepted_for(run, path)
    except Explained as error:
        return f"# Not compared\n\n{error}\n"
    if accepted is None:
        return ""
    name = f"{accepted.run_id} (accepted, {accepted.host})"
    text = comparison(name, accepted.figures, run)[0]
    if accepted.host == host_of(run):
        return text
    return f"{text}\nThe accepted run was made on another machine; this one: {host_of(run)}.\n"


def comparison(base_name: str, base: Figures, run: RunResult) -> tuple[str, bool]:
    """Returns the document, and whether the run is as good as the base.

    It is when nothing is worse, and no scenario of the run lacks a figure that the base has.
    """
    order, now = list(Change), figures_of(run)
    found = sorted(compare(base, now), key=lambda each: (order.index(each.change), each.key))
    counts = {change: sum(each.change is change for each in found) for change in Change}
    summary = ", ".join(f"{count} {change.value}" for change, count in counts.items())
    lost, absent = gone(base, run), not_run(base, run)
    missing = f"; {sum(len(g.figures) for g in lost)} ? no longer measured" if lost else ""
    lines = [f"# Run `{run.run_id}` against `{base_name}`", ""]
    lines += [f"{counted(len(found), 'figures')}: {summary}{missing}.", ""]
    lines += gone_section(lost, absent)
    new = len(now.keys() - base.keys())
    lines += [f"New in this run: {counted(new, 'figures')}.", ""] if new else []
    text = "\n".join([*lines, table(HEAD, map(_row, found)), ""])
    return text, not counts[Change.WORSE] and not lost


def _row(each: Compared) -> tuple[str, ...]:
    figures = figure_text(each.base), figure_text(each.now)
    noise = "exact" if each.base.exact else f"±{each.noise:.0%}"
    return each.change.value, *parts_of(each.key), *figures, _share(each), noise


def _share(each: Compared) -> str:
    if not each.base.median:
        return "–" if not each.now.median else "from 0"
    return f"{each.now.median / each.base.median - 1:+.0%}"
