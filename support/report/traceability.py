"""traceability.md: every requirement of the specification, and what this run proves of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from support.report.heading import heading
from support.report.requirements import REQUIREMENTS
from support.report.words import MARKS, NOT_MEASURED, table
from support.results.schema import GREEN, RunResult, ScenarioResult, Verdict, worst

HEAD = ("verdict", "requirement", "what it asks for", "scenario", "where", "checks")
NOT_IN_THIS_RUN = "– not in this run"

Proofs = Mapping[str, Sequence[ScenarioResult]]
"""Requirement -> the scenarios that are tagged with it."""


def traceability_report(run: RunResult) -> str:
    """Return a row for each requirement and scenario; what is not met comes first."""
    proofs = {each: [s for s in run.scenarios if each in s.tags] for each in REQUIREMENTS}
    order = sorted(REQUIREMENTS, key=lambda each: _met(proofs[each]))
    rows = [row for each in order for row in _rows(each, proofs[each])]
    lines = heading("Requirements and what proves them", run)
    return "\n".join([*lines, _summary(proofs), "", table(HEAD, rows), ""])


def _summary(proofs: Proofs) -> str:
    """How many requirements are met, and the names of those that are not, or not fully."""
    ran = [each for each in proofs if any(s.verdict is not Verdict.SKIPPED for s in proofs[each])]
    not_run = [each for each in proofs if each not in ran]
    not_met = [each for each in ran if not _met(proofs[each])]
    met = [each for each in ran if each not in not_met]
    in_part = [each for each in met if any(map(proven_in_part, proofs[each]))]
    deviating = [each for each in met if _has(Verdict.DEVIATION, proofs[each])]
    parts = [
        f"{len(met)} of {len(proofs)} requirements are met in this run.",
        _named("Not met", not_met),
        _named("With a deviation from the specification", deviating),
        _named("Met in part, because a scenario or a check was skipped", in_part),
        _named("No scenario of this run proves", not_run),
    ]
    return " ".join(filter(None, parts))


def _named(what: str, requirements: Sequence[str]) -> str:
    return f"{what}: {', '.join(requirements)}." if requirements else ""


def _met(scenarios: Sequence[ScenarioResult]) -> bool:
    ran = [s.verdict for s in scenarios if s.verdict is not Verdict.SKIPPED]
    return bool(ran) and worst(ran) in GREEN


def _has(verdict: Verdict, scenarios: Sequence[ScenarioResult]) -> bool:
    return any(s.verdict is verdict for s in scenarios)


def proven_in_part(scenario: ScenarioResult) -> bool:
    """Whether the scenario was skipped, or a check that it requires."""
    required = (check for check in scenario.checks if check.name in scenario.promises)
    verdicts = [scenario.verdict, *(check.verdict for check in required)]
    return Verdict.SKIPPED in verdicts


def _rows(each: str, scenarios: Sequence[ScenarioResult]) -> list[tuple[str, ...]]:
    if not scenarios:
        return [(NOT_IN_THIS_RUN, each, REQUIREMENTS[each], *(NOT_MEASURED,) * 3)]
    return [
        (
            MARKS[s.verdict],
            each,
            REQUIREMENTS[each],
            s.name,
            f"`{s.location}`" if s.location else NOT_MEASURED,
            _checks(s),
        )
        for s in sorted(scenarios, key=lambda s: s.verdict is Verdict.PASS)
    ]


def _checks(scenario: ScenarioResult) -> str:
    """How many checks passed, how many only measure, and the names of those that did not pass."""
    if scenario.verdict is Verdict.SKIPPED:
        return "skipped: " + scenario.reason.partition("\n")[0]
    judged = [c for c in scenario.checks if c.verdict is not Verdict.MEASURED]
    others = [f"{c.name} ({c.verdict.value})" for c in judged if c.verdict is not Verdict.PASS]
    figures = len(scenario.checks) - len(judged)
    counts = f"{len(judged) - len(others)} of {len(judged)} passed"
    counts += f", {figures} measured" if figures else ""
    return f"{counts}; not passed: {', '.join(others)}" if others else counts
