"""Every check of a scenario, and what can be compared of its verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from support.report.sections.section import Offered, Section
from support.report.words import MARKS, measured, table
from support.results.schema import GREEN, Check, ScenarioResult, Verdict

HEAD = ("verdict", "check", "measured", "expected", "evidence")


def text(scenario: ScenarioResult) -> list[str]:
    """Return the table of all checks; nothing without any."""
    return [check_table(scenario.checks), ""] if scenario.checks else []


def check_table(checks: Iterable[Check]) -> str:
    """Return a table of checks: figure, what was expected, deviation and evidence."""
    rows = [
        (
            MARKS[check.verdict],
            check.name,
            measured(check),
            check.objective,
            "; ".join(filter(None, (check.deviation, *check.evidence))),
        )
        for check in checks
    ]
    return table(HEAD, rows)


def figures(scenario: ScenarioResult) -> Iterator[Offered]:
    """Return whether the scenario failed, and its deviations: more of either is worse."""
    if scenario.verdict is not Verdict.SKIPPED:
        deviating = sum(check.verdict is Verdict.DEVIATION for check in scenario.checks)
        yield Offered("not passed", float(scenario.verdict not in GREEN), "runs", exact=True)
        yield Offered("deviations", float(deviating), "checks", exact=True)


SECTION = Section(text, figures=figures)
