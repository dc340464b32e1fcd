"""Every requirement once, with the scenarios behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from support.report.requirements import BY_COMMANDS, REQUIREMENTS
from support.report.traceability import NOT_COUNTED, NOT_IN_THIS_RUN, proven_in_part
from support.report.words import MARKS
from support.results.schema import RunResult, ScenarioResult, Verdict, worst


@dataclass(frozen=True)
class Proof:
    """A requirement, the worst verdict of its scenarios, and a remark on how far that reaches."""

    name: str
    asks: str
    verdict: str
    mark: str
    remark: str
    scenarios: Sequence[ScenarioResult]


def proofs(run: RunResult) -> list[Proof]:
    """Return the requirements in the order of the specification."""
    return [_proof(each, [s for s in run.scenarios if each in s.tags]) for each in REQUIREMENTS]


def _proof(name: str, scenarios: Sequence[ScenarioResult]) -> Proof:
    ran = [s.verdict for s in scenarios if s.verdict is not Verdict.SKIPPED]
    verdict = worst(ran) if ran else Verdict.SKIPPED
    partly = bool(ran) and any(map(proven_in_part, scenarios))
    remark = "in part: a scenario or a check was skipped" if partly else ""
    mark = MARKS[verdict]
    if not scenarios:
        by_commands = name in BY_COMMANDS
        mark = NOT_COUNTED if by_commands else NOT_IN_THIS_RUN
        remark = f"Shown by {BY_COMMANDS[name]}." if by_commands else "No scenario of this run."
    return Proof(name, REQUIREMENTS[name], verdict.value, mark, remark, scenarios)
