"""The verdicts of a scenario's checks."""

from __future__ import annotations

from collections.abc import Iterable

from support.experiment.experiment import Experiment
from support.promises.definition import CheckDefinition
from support.results.schema import Check, Verdict


def red(checks: Iterable[Check]) -> set[str]:
    """Returns the names of the checks that are FAIL."""
    return {check.name for check in checks if check.verdict is Verdict.FAIL}


def failing(trial: Experiment, *definitions: CheckDefinition) -> set[str]:
    """Judges checks from what is recorded, and returns the names of those that are FAIL."""
    trial.verdicts.judge(*definitions)
    names = {definition.name for definition in definitions}
    return red(trial.verdicts.checks) & names


def judged(trial: Experiment) -> tuple[Check, ...]:
    """Returns all checks of an experiment so far."""
    return trial.result().checks


def described(trial: Experiment) -> str:
    """Returns every check of an experiment as a line, for the message of an assertion."""
    return "\n".join(
        f"{c.verdict.value} {c.name}: {c.measured}, {c.evidence}" for c in judged(trial)
    )
