"""What an earlier run measured and a later one does not: that is not as good."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from support.repeats import name_without_number
from support.report.figures import Figures, figures_of
from support.report.words import table
from support.results.schema import RunResult, Verdict

SEPARATOR = " | "


@dataclass(frozen=True)
class Gone:
    """Figures of one scenario that it no longer gives, and why."""

    scenario: str
    figures: tuple[str, ...]
    why: str

    def __str__(self) -> str:
        return f"{self.scenario}: {', '.join(self.figures)} ({self.why})"


def gone(base: Figures, run: RunResult) -> tuple[Gone, ...]:
    """Of the scenarios that the run has. One that it was not asked for tells nothing."""
    reasons = {name_without_number(s.name): _why(s.verdict, s.reason) for s in run.scenarios}
    missing = defaultdict(list)
    for key in sorted(base.keys() - figures_of(run).keys()):
        scenario, _, figure = key.partition(SEPARATOR)
        missing[scenario].append(figure)
    return tuple(
        Gone(scenario, tuple(figures), reasons[scenario])
        for scenario, figures in missing.items()
        if scenario in reasons
    )


def not_run(base: Figures, run: RunResult) -> tuple[str, ...]:
    """Scenarios of the base that the run does not have at all."""
    there = {name_without_number(scenario.name) for scenario in run.scenarios}
    before = {key.partition(SEPARATOR)[0] for key in base}
    return tuple(sorted(before - there))


def told_gone(found: Sequence[Gone], absent: Sequence[str]) -> list[str]:
    """Lines of the document; none when nothing is gone."""
    lines: list[str] = []
    if found:
        rows = [(g.scenario, ", ".join(g.figures), g.why) for g in found]
        lines += ["## ❓ No longer measured", "", table(("scenario", "figures", "why"), rows), ""]
    if absent:
        lines += [f"Not in this run: {'; '.join(absent)}.", ""]
    return lines


def _why(verdict: Verdict, reason: str) -> str:
    first = reason.splitlines()[0] if reason else "no reason given"
    return f"{verdict.value}: {first}" if verdict is not Verdict.PASS else "not measured this time"
