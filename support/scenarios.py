"""Translates behave's scenarios and step results into those of a run."""

from __future__ import annotations

import os.path
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from support.errors import PromiseBroken, Unavailable
from support.experiment.experiment import Experiment
from support.experiment.identity import Identity
from support.experiment.needs import READ_ONLY, Need, of_step, unmet
from support.experiment.needs_of_team import TeamNeed
from support.interruption import arrived
from support.promises.verdicts import Unmeasured
from support.settings import ROOT

NO_UPGRADE = "@upgrade: make upgrade-check"


@dataclass(frozen=True)
class StepResult:
    """`skips`: the scenario is left out from here on. `continues`: later steps are run although
    this one failed."""

    skips: bool
    continues: bool


def result_of_step(
    trial: Experiment, error: BaseException | None, step_type: str, *, aborted: bool
) -> StepResult:
    """Records an error of a step in the trial, unless it is a broken promise.

    After a failed Then, and after a broken promise, the later steps still run, so that each is
    judged. A step that needs what the target lacks skips the scenario. After a signal no step
    runs, even if the step swallowed the signal or raised another error in its place.
    """
    if arrived():
        trial.trouble = f"interrupted by {arrived()}"
        return StepResult(skips=False, continues=False)
    skips = isinstance(error, Unavailable) and trial.skip(error)
    broken_promise = isinstance(error, PromiseBroken)
    judged = broken_promise or isinstance(error, Unmeasured)
    if error is not None and not (skips or judged or trial.trouble):
        trial.trouble = str(error) or type(error).__name__
    return StepResult(skips, not aborted and (step_type == "then" or broken_promise))


def left_out(scenario: Any, session: Any, find_match: Callable[[Any], Any]) -> str:
    """Leaves a scenario out, with its reason, if it is unfinished or can't be run on this stack.

    Returns the reason; empty if the scenario is run. `find_match`: behave's registry of steps.
    """
    if "upgrade" in scenario.effective_tags and not session.settings.kafka_to:
        # A run without a version to upgrade to has no such scenarios, not even skipped ones.
        scenario.skip(NO_UPGRADE)
        return NO_UPGRADE
    reason = str(unmet(needs_of(scenario, find_match), session.stack, session.settings) or "")
    if "wip" in scenario.effective_tags:
        reason = "@wip: work in progress"
    if session.settings.read_only and writes(scenario):
        reason = READ_ONLY
    if reason:
        session.skip(identity_of(scenario), reason)
        scenario.skip(reason)
    return reason


def writes(scenario: Any) -> bool:
    """Whether a scenario creates or changes something on the stack: all of them but the audit."""
    return "audit" not in scenario.effective_tags


def needs_of(scenario: Any, find_match: Callable[[Any], Any]) -> tuple[Need, ...]:
    """Returns what the steps of a scenario need of the stack. Undefined steps are left out."""
    return tuple(
        need
        for match in _matches(scenario, find_match)
        for need in of_step(match.func, [each.value for each in match.arguments])
    )


def measured_by(scenario: Any, find_match: Callable[[Any], Any]) -> tuple[Need, ...]:
    """Returns what the steps of a scenario measure where the stack allows it."""
    found = (getattr(each.func, "measures", ()) for each in _matches(scenario, find_match))
    return tuple(dict.fromkeys(need for wanted in found for need in wanted))


def needed_of_team(scenario: Any, find_match: Callable[[Any], Any]) -> tuple[TeamNeed, ...]:
    """Returns what the steps of a scenario need of the team's connectors."""
    found = (getattr(each.func, "needs_of_team", ()) for each in _matches(scenario, find_match))
    return tuple(need for wanted in found for need in wanted)


def _matches(scenario: Any, find_match: Callable[[Any], Any]) -> list[Any]:
    matches = (find_match(step) for step in scenario.all_steps)
    return [match for match in matches if match is not None]


def identity_of(scenario: Any) -> Identity:
    """The identity of a scenario of behave; its location is relative to the repository."""
    tags = tuple(sorted(str(tag) for tag in scenario.effective_tags))
    # Relative to the folder that behave was called from.
    file = os.path.relpath(scenario.location.filename, ROOT)
    where = f"{file}:{scenario.location.line}"
    return Identity(str(scenario.feature.name), str(scenario.name), tags, where)
