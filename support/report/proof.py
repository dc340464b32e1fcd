"""Every requirement once, with its verdict and what proves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from support.report.requirements import REQUIREMENTS
from support.report.shown import Shown
from support.report.words import MARKS
from support.results.schema import GREEN, RunResult, ScenarioResult, Verdict, worst

NOT_IN_THIS_RUN, NOT_SHOWN = "– not in this run", "– not shown"


@dataclass(frozen=True)
class Proof:
    """A requirement, and the worst verdict of its scenarios that ran.

    SKIPPED where none ran. `in_part`: a scenario or a check was skipped, or the run shows only a
    part. `remark`: how far the proof reaches, or how the run itself proves it.
    """

    name: str
    verdict: Verdict
    scenarios: Sequence[ScenarioResult]
    remark: str
    in_part: bool
    by_run: bool
    """Whether the run itself proves it, and no scenario."""

    @property
    def asks(self) -> str:
        """The demand of the requirement."""
        return REQUIREMENTS[self.name]

    @property
    def met(self) -> bool:
        """Whether it is met, also in part or with a deviation."""
        return self.verdict in GREEN

    @property
    def mark(self) -> str:
        """The verdict as readers see it."""
        if not self.met and self.by_run:
            return NOT_SHOWN
        if not self.scenarios and not self.by_run:
            return NOT_IN_THIS_RUN
        return f"{MARKS[self.verdict]}, in part" if self.in_part else MARKS[self.verdict]


def proofs(run: RunResult, shown: Mapping[str, Shown]) -> list[Proof]:
    """Returns the requirements in the order of the specification.

    `shown`: what the run itself shows of requirements that no scenario is about.
    """
    return [
        _by_run(each, shown[each]) if each in shown else _by_scenarios(each, run)
        for each in REQUIREMENTS
    ]


def _by_run(name: str, shown: Shown) -> Proof:
    verdict = Verdict.PASS if shown.met else Verdict.SKIPPED
    return Proof(name, verdict, (), shown.remark, shown.in_part, by_run=True)


def _by_scenarios(name: str, run: RunResult) -> Proof:
    scenarios = [s for s in run.scenarios if name in s.tags]
    ran = [s.verdict for s in scenarios if s.verdict is not Verdict.SKIPPED]
    in_part = bool(ran) and any(map(_skips, scenarios))
    remark = "A scenario or a check was skipped." if in_part else ""
    if not scenarios:
        remark = "No scenario of this run."
    verdict = worst(ran) if ran else Verdict.SKIPPED
    return Proof(name, verdict, scenarios, remark, in_part, by_run=False)


def _skips(scenario: ScenarioResult) -> bool:
    """Whether the scenario was skipped, or a check that it requires."""
    required = (check for check in scenario.checks if check.name in scenario.promises)
    verdicts = [scenario.verdict, *(check.verdict for check in required)]
    return Verdict.SKIPPED in verdicts
