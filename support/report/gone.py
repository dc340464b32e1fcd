"""Figures that an earlier run has and a later one lacks: the later one is not as good."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from support.repeats import name_without_number
from support.report.figures import Figures, figures_of, parts_of
from support.report.words import table
from support.results.schema import RunResult, Verdict


@dataclass(frozen=True)
class Gone:
    """Figures that a scenario no longer has, and why."""

    scenario: str
    figures: tuple[str, ...]
    why: str

    def __str__(self) -> str:
        return f"{self.scenario}: {', '.join(self.figures)} ({self.why})"


def gone(base: Figures, run: RunResult) -> tuple[Gone, ...]:
    """Returns the figures of the base that scenarios of the run lack.

    A scenario that the run does not contain at all is not counted: see `not_run`.
    """
    reasons = {name_without_number(s.name): _why(s.verdict, s.reason) for s in run.scenarios}
    missing = defaultdict(list)
    for key in sorted(base.keys() - figures_of(run).keys()):
        scenario, figure = parts_of(key)
        missing[scenario].append(figure)
    return tuple(
        Gone(scenario, tuple(figures), reasons[scenario])
        for scenario, figures in missing.items()
        if scenario in reasons
    )


def not_run(base: Figures, run: RunResult) -> tuple[str, ...]:
    """Returns the scenarios of the base that the run does not contain."""
    there = {name_without_number(scenario.name) for scenario in run.scenarios}
    before = {parts_of(key)[0] for key in base}
    return tuple(sorted(before - there))


def gone_section(found: Sequence[Gone], absent: Sequence[str]) -> list[str]:
    """Returns the lines of comparison.md about both; nothing when nothing is gone."""
    lines: list[str] = []
    if found:
        rows = [(g.scenario, ", ".join(g.figures), g.why) for g in found]
        lines += ["## ? No longer measured", "", table(("scenario", "figures", "why"), rows), ""]
    if absent:
        lines += [f"Not in this run: {'; '.join(absent)}.", ""]
    return lines


def _why(verdict: Verdict, reason: str) -> str:
    first = reason.partition("\n")[0] or "no reason given"
    return f"{verdict.value}: {first}" if verdict is not Verdict.PASS else "not measured this time"
