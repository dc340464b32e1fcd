"""The verdicts of a run and of its scenarios on the terminal, and in the exit code."""

from __future__ import annotations

from support.report.words import MARKS
from support.results.schema import RunResult, ScenarioResult, Verdict

NOTHING_RAN = "no scenario was run; check --tags (behave --dry-run lists them)"


def unreported_trouble(run: RunResult, *, failed: bool) -> str:
    """Returns why the exit code must not be 0.

    Empty when it may be 0, or when a step has `failed` already and the run as a whole has no
    trouble.
    """
    if all(scenario.verdict is Verdict.SKIPPED for scenario in run.scenarios):
        return NOTHING_RAN
    if run.trouble or failed or run.verdict is Verdict.PASS:
        return run.trouble
    return f"the run is {run.verdict.value}"


def ended_text(scenario: ScenarioResult) -> str:
    """Returns the verdict of a scenario that has just ended, with its reason.

    Without the reason of a FAIL: behave has printed it at the step.
    """
    reason = "" if scenario.verdict is Verdict.FAIL else scenario.reason
    return _with_reason(f"{MARKS[scenario.verdict]} ({scenario.duration_s:.1f} s)", reason)


def skipped_text(reason: str) -> str:
    """Returns the verdict of a scenario that is left out, with the reason."""
    return _with_reason(MARKS[Verdict.SKIPPED], reason)


def _with_reason(verdict: str, reason: str) -> str:
    return "\n".join([verdict, *(f"    {line}" for line in reason.splitlines())])
