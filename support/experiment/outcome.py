"""The result of a scenario: the verdict of its checks, and the figures of its record."""

from __future__ import annotations

from dataclasses import replace

from support.errors import words_of
from support.experiment.identity import Identity
from support.figures.scenario import with_figures
from support.promises.verdicts import Verdicts
from support.record.record import Record
from support.results.schema import ScenarioResult, Verdict, worst


def scenario_result(
    identity: Identity,
    verdicts: Verdicts,
    record: Record,
    *,
    trouble: str,
    skipped: str,
    duration_s: float,
) -> ScenarioResult:
    """Returns the result of a scenario.

    `trouble` is an error outside the checks, `skipped` why the scenario was left out; both may be
    empty. Where the figures can't be computed the scenario is INCONCLUSIVE, or worse.
    """
    reasons = (*verdicts.reasons(), trouble, skipped)
    result = ScenarioResult(
        feature=identity.feature,
        name=identity.name,
        tags=identity.tags,
        verdict=verdicts.verdict(trouble=bool(trouble), skipped=bool(skipped)),
        reason="\n".join(each for each in reasons if each),
        duration_s=round(duration_s, 3),
        location=identity.location,
        checks=verdicts.checks,
        promises=tuple(check.name for check in verdicts.required),
    )
    try:
        return with_figures(result, record)
    except Exception as error:  # noqa: BLE001 - a scenario without figures is still recorded
        why = f"its figures could not be computed: {words_of(error)}"
        return replace(
            result,
            verdict=worst([result.verdict, Verdict.INCONCLUSIVE]),
            reason="\n".join(each for each in (result.reason, why) if each),
        )
