"""performance.md: throughput, latency, resource usage and start-up of a run."""

from __future__ import annotations

from support.report import tags
from support.report.document import scenario_part
from support.report.facts import facts
from support.report.heading import heading, verdict_line
from support.report.sections import SECTIONS
from support.report.words import MARKS, NOT_MEASURED, measured, passed_of, sentences, table
from support.results.schema import QUIET, Check, RunResult, ScenarioResult, Verdict

ABOUT = frozenset({tags.PERFORMANCE})
"""Tags of the scenarios that the report is about."""


def performance_report(run: RunResult) -> str:
    """Returns a summary, a table of all benchmarks, and a part about each."""
    scenarios = [s for s in run.scenarios if ABOUT & set(s.tags)]
    lines = [*heading("Kafka performance under CDC load", run), verdict_line(scenarios), ""]
    lines += sentences(facts(scenarios))
    rows = [(MARKS[s.verdict], s.name, _required(s), _brief(s)) for s in scenarios]
    lines += [table(("verdict", "scenario", "required checks", "measured"), rows), ""]
    lines += [line for scenario in scenarios for line in scenario_part(scenario)]
    return "\n".join(lines)


def _required(scenario: ScenarioResult) -> str:
    """Every figure that has a limit, everything that did not pass, and how many passed."""
    required = [check for check in scenario.checks if check.name in scenario.promises]
    shown = [
        f"{check.name} {measured(check)} ({check.objective})"
        for check in required
        if check.used is not None or check.verdict not in QUIET
    ]
    judged = [check for check in required if check.verdict is not Verdict.MEASURED]
    return "; ".join([*shown, *_counts(judged, len(required) - len(judged))]) or NOT_MEASURED


def _counts(judged: list[Check], figures: int) -> list[str]:
    counts = [passed_of(judged, "required checks")] * bool(judged)
    return counts + [f"{figures} measured without a limit"] * bool(figures)


def _brief(scenario: ScenarioResult) -> str:
    briefs = (section.brief(scenario) for section in SECTIONS)
    reason = scenario.reason.partition("\n")[0]
    return next(filter(None, briefs), "") or reason
