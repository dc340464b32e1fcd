"""performance.md: throughput, latency, resource usage and start-up of a run."""

from __future__ import annotations

from support.report.benchmark import what_it_did, what_was_sent
from support.report.cdc import cdc_story
from support.report.charts.gallery import names
from support.report.limits import used_share
from support.report.words import MARKS, check_table, heading, number, table, verdict_line
from support.results.schema import QUIET, RunResult, ScenarioResult, Verdict


def performance_report(run: RunResult) -> str:
    """Speaks of @performance scenarios: what was promised and came of it first."""
    scenarios = [s for s in run.scenarios if "performance" in s.tags]
    lines = heading("Kafka performance under CDC load", run)
    lines += [verdict_line(scenarios), ""]
    rows = [(MARKS[s.verdict], s.name, _promised(s), _headline(s)) for s in scenarios]
    lines += [table(("verdict", "scenario", "promised", "measured"), rows), ""]
    for scenario in scenarios:
        lines += [f"## {scenario.name}", "", f"**{MARKS[scenario.verdict]}**", ""]
        lines += what_was_sent(scenario)
        for kind, chart in names(scenario).items():
            lines += [f"![{kind} of {scenario.name}]({chart})", ""]
        lines += [part for line in cdc_story(scenario) for part in (line, "")]
        lines += what_it_did(scenario)
        lines += [check_table(scenario.checks), ""]
    return "\n".join(lines)


def _promised(scenario: ScenarioResult) -> str:
    """Every limit and every broken promise with its figure, and how many more were kept."""
    promised = [check for check in scenario.checks if check.name in scenario.promises]
    told = [
        f"{check.name} {check.objective}: {check.measured} {check.unit}"
        for check in promised
        if used_share(check) is not None or check.verdict not in QUIET
    ]
    figures = sum(check.verdict is Verdict.MEASURED for check in promised)
    more = len(promised) - len(told) - figures
    counts = [f"{more} {'more ' if told else ''}kept"] * bool(more)
    counts += [f"{figures} measured"] * bool(figures)
    return "; ".join([*told, *counts]) or "–"


def _headline(scenario: ScenarioResult) -> str:
    if scenario.load and scenario.load.target_rate_per_s is None:
        return (
            f"{scenario.load.records:,} records in {number(scenario.load.duration_s, 1)} s, "
            f"{number(scenario.load.throughput_per_s, 0)} records/s"
        )
    if scenario.load and scenario.latency:
        ack = scenario.latency.intended_to_ack
        return (
            f"{number(scenario.load.throughput_per_s, 1)} msg/s acknowledged, "
            f"mean {number(ack.mean_ms)} ms, "
            f"p95 {number(ack.p95_ms)} ms, p99 {number(ack.p99_ms)} ms"
        )
    if scenario.second_opinion:
        ours, theirs = scenario.second_opinion.ours_before, scenario.second_opinion.theirs
        return f"p95 ours {number(ours.p95_ms)} ms, theirs {number(theirs.p95_ms)} ms"
    if scenario.snapshot:
        rows, taken = sum(scenario.snapshot.rows.values()), scenario.snapshot
        return f"{rows:,} rows in {taken.seconds:.1f} s, {taken.rows_per_s:,.0f} rows/s"
    if scenario.second_reading:
        reading = scenario.second_reading
        return (
            f"read by ours at {number(reading.ours_before.records_per_s, 0)}/s with every record "
            f"checked, by theirs at {number(reading.theirs.records_per_s, 0)}/s"
        )
    if scenario.startups:
        times = [start["first acknowledged"] for start in scenario.startups]
        again = f" (fastest {number(min(times))} s of {len(times)})" if len(times) > 1 else ""
        return f"ready after {number(max(times))} s{again}"
    return scenario.reason.splitlines()[0] if scenario.reason else ""
