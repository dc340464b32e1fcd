"""Every check of a scenario, and what can be compared of its verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from support.report.sections.section import Offered, Section
from support.report.words import MARKS, measured, table
from support.results.schema import GREEN, QUIET, Check, ScenarioResult, Verdict
from support.results.units import counted

HEAD = ("verdict", "check", "measured", "expected", "evidence")


def text(scenario: ScenarioResult) -> list[str]:
    """Returns a table of the checks that did not simply pass, and one of the others, folded."""
    seen = [check for check in scenario.checks if check.verdict not in QUIET]
    quiet = [check for check in scenario.checks if check.verdict in QUIET]
    lines = [check_table(seen), ""] if seen else []
    if quiet:
        summary = f"{counted(len(quiet), 'checks')} passed, or only measure"
        lines += [f"<details><summary>{summary}</summary>", "", check_table(quiet), ""]
        lines += ["</details>", ""]
    return lines


def check_table(checks: Iterable[Check]) -> str:
    """Returns a table of checks: figure, what was expected, deviation and evidence."""
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
    """Returns whether the scenario failed, and its deviations: more of either is worse."""
    if scenario.verdict is not Verdict.SKIPPED:
        deviating = sum(check.verdict is Verdict.DEVIATION for check in scenario.checks)
        yield Offered("not passed", float(scenario.verdict not in GREEN), "runs", exact=True)
        yield Offered("deviations", float(deviating), "checks", exact=True)


SECTION = Section(text, figures=figures)
