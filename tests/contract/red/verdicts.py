"""What came of the checks."""

from __future__ import annotations

from collections.abc import Iterable

from support.experiment.experiment import Trial
from support.results.schema import Check, Verdict


def red(checks: Iterable[Check]) -> set[str]:
    """Names of those that are FAIL."""
    return {check.name for check in checks if check.verdict is Verdict.FAIL}


def judged(trial: Trial) -> tuple[Check, ...]:
    """All checks of a trial so far."""
    return trial.result().checks


def told(trial: Trial) -> str:
    """Every check of a trial in a line, for the message of an assertion."""
    return "\n".join(
        f"{c.verdict.value} {c.name}: {c.measured}, {c.evidence}" for c in judged(trial)
    )
