"""traceability.md: every requirement of the specification, and what this run proves of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from support.report.heading import heading
from support.report.requirements import BY_COMMANDS, COUNTED, REQUIREMENTS
from support.report.words import MARKS, NOT_MEASURED, passed_of, table
from support.results.schema import GREEN, RunResult, ScenarioResult, Verdict, worst

HEAD = ("verdict", "requirement", "what it asks for", "scenario", "where", "checks")
NOT_IN_THIS_RUN, NOT_COUNTED = "– not in this run", "– shown by commands"

Proofs = Mapping[str, Sequence[ScenarioResult]]
"""Requirement -> the scenarios that are tagged with it."""


def traceability_report(run: RunResult) -> str:
    """Return a row for each requirement and scenario; what is not met comes first."""
    proofs = {each: [s for s in run.scenarios if each in s.tags] for each in REQUIREMENTS}
    order = sorted(REQUIREMENTS, key=lambda each: (each in BY_COMMANDS, _met(proofs[each])))
    rows = [row for each in order for row in _rows(each, proofs[each])]
    lines = heading("Requirements and what proves them", run)
    return "\n".join([*lines, _summary(proofs), "", table(HEAD, rows), ""])


def _summary(proofs: Proofs) -> str:
    """Count the requirements by their outcome, and name those that are not met in full."""
    counted = {each: proofs[each] for each in COUNTED}
    ran = [each for each in counted if any(s.verdict is not Verdict.SKIPPED for s in proofs[each])]
    not_run = [each for each in counted if each not in ran]
    failed = [each for each in ran if _has(Verdict.FAIL, proofs[each])]
    not_decided = [each for each in ran if not _met(proofs[each]) and each not in failed]
    met = [each for each in ran if _met(proofs[each])]
    in_part = [each for each in met if any(map(proven_in_part, proofs[each]))]
    deviating = [each for each in met if _has(Verdict.DEVIATION, proofs[each])]
    parts = [
        _counts(len(counted), met, set(deviating), set(in_part)),
        _named("Not met", failed),
        _named("Not decided", not_decided),
        _named("With a deviation from the specification", deviating),
        _named("Met in part, because a scenario or a check was skipped", in_part),
        _named("No scenario of this run proves", not_run),
        _named("Not counted, because commands and no scenario show them", list(BY_COMMANDS)),
    ]
    return " ".join(filter(None, parts))


def _counts(total: int, met: Sequence[str], deviating: set[str], in_part: set[str]) -> str:
    """Write how many are met; one with a deviation that is met in part counts as in part."""
    fully = len(set(met) - deviating - in_part)
    parts = [f"{fully} of {total} requirements are met in this run"]
    parts += [f"{len(deviating - in_part)} more with a deviation"] * bool(deviating - in_part)
    parts += [f"{len(in_part)} more in part"] * bool(in_part)
    return f"{', '.join(parts)}."


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
    if not scenarios and each in BY_COMMANDS:
        how = f"shown by {BY_COMMANDS[each]}, not by a scenario"
        return [(NOT_COUNTED, each, REQUIREMENTS[each], how, *(NOT_MEASURED,) * 2)]
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
    counts = passed_of(judged, "checks") if judged else "no check with a limit"
    counts += f", {figures} measured" if figures else ""
    return f"{counts}; not passed: {', '.join(others)}" if others else counts
