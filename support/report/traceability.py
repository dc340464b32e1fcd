"""traceability.md: every requirement of the specification, and what this run says about it."""

from __future__ import annotations

from collections.abc import Sequence

from support.report.words import MARKS, heading, table
from support.results.schema import GREEN, RunResult, ScenarioResult, Verdict, worst

REQUIREMENTS = {
    "US1.1": "1000 messages a second for 60 s, all accepted, mean below 100 ms, none lost",
    "US1.2": "ready less than 10 s after its start",
    "US1.3": "memory below 2 GB and CPU below 80 % during the snapshot of 895,000 rows",
    "US2.1": "a restart in the middle of 1000 messages loses none",
    "US2.2": "a consumer resumes from its committed offset after a restart of the broker",
    "US2.3": "no change of the database is lost when the broker restarts",
    "US3.1": "the performance report has throughput, latency percentiles and resource usage",
    "US3.2": "the failure report has loss, duplicates and recovery time of each failure",
    "US3.3": "the recommendations follow from the results",
    "EC-1": "a full disk: a clear error, producers are told and can retry",
    "EC-2": "large events, near the limit of 1 MB",
    "EC-3": "a consumer that lags: kept for 7 days, its lag is visible",
    "EC-4": "the controller is unavailable: recovery time, and what clients see",
    "FR-001": "a benchmark of 1000 messages a second for at least 60 s",
    "FR-002": "start-up time, from the start to ready",
    "FR-003": "throughput, latency percentiles, CPU, memory and disk",
    "FR-004": "zero loss through a restart of the broker in the middle of a stream",
    "FR-005": "zero loss and no gap through a restart of the consumer",
    "FR-006": "Debezium's load, snapshot and streaming, without errors",
    "FR-007": "a performance report in markdown with metrics, graphs and recommendations",
    "FR-008": "a delivery report with loss, duplicate rate and recovery times",
    "FR-009": "events are envelopes with before, after, op and source",
    "FR-010": "consumer lag, measured and visible in Kafka UI",
    "FR-011": "tests that can be run again for a change of configuration or an upgrade",
    "FR-012": "tuning recommendations from the results",
    "SC-001": "1000 messages a second or more, p95 below 100 ms",
    "SC-002": "start-up below 10 s",
    "SC-003": "0 % loss through restarts of the broker",
    "SC-004": "0 % loss, and recovery below 5 s after a restart of the consumer",
    "SC-005": "the snapshot of 895,000 rows without errors, memory below 2 GB",
    "SC-006": "a performance report with all metrics and recommendations",
    "SC-007": "a delivery report with all failures",
    "SC-008": "automated, with make test-kafka-performance and make test-kafka-delivery",
    "BENCH-1": "throughput",
    "BENCH-2": "burst",
    "BENCH-3": "sustained load",
    "BENCH-4": "snapshot as fast as possible",
    "BENCH-5": "start-up, cold and warm",
    "DELIV-1": "broker restart in the middle of producing",
    "DELIV-2": "consumer restart in the middle of consuming",
    "DELIV-3": "network partition",
    "DELIV-4": "Debezium's offset recovery",
    "DELIV-5": "two consumer groups at once",
}
"""Identifier in the specification, which scenarios carry as a tag -> what it asks for."""


def traceability_report(run: RunResult) -> str:
    """What has no passing scenario in this run comes first."""
    proven = {each: [s for s in run.scenarios if each in s.tags] for each in REQUIREMENTS}
    order = sorted(REQUIREMENTS, key=lambda each: _passes(proven[each]))
    lines = heading("Requirements and what proves them", run)
    open_ones = [each for each in order if not _passes(proven[each])]
    in_part = [
        each
        for each in order
        if _passes(proven[each]) and any(s.verdict is Verdict.SKIPPED for s in proven[each])
    ]
    deviating = [each for each in order if _passes(proven[each]) and _deviates(proven[each])]
    apart = f" With a deviation from the specification: {', '.join(deviating)}."
    left_out = f" In part only, since a scenario was left out: {', '.join(in_part)}."
    lines += [
        f"{len(order) - len(open_ones)} of {len(order)} requirements have a passing scenario in "
        "this run and none that fails"
        + (f"; without: {', '.join(open_ones)}." if open_ones else ".")
        + (apart if deviating else "")
        + (left_out if in_part else ""),
        "",
    ]
    head = ("verdict", "requirement", "what it asks for", "scenario", "where", "checks")
    rows = [row for each in order for row in _rows(each, proven[each])]
    return "\n".join([*lines, table(head, rows), ""])


def _passes(scenarios: Sequence[ScenarioResult]) -> bool:
    ran = [s.verdict for s in scenarios if s.verdict is not Verdict.SKIPPED]
    return bool(ran) and worst(ran) in GREEN


def _deviates(scenarios: Sequence[ScenarioResult]) -> bool:
    return any(s.verdict is Verdict.DEVIATION for s in scenarios)


def _rows(each: str, scenarios: Sequence[ScenarioResult]) -> list[tuple[str, ...]]:
    if not scenarios:
        return [("– not in this run", each, REQUIREMENTS[each], "–", "–", "–")]
    return [
        (
            MARKS[s.verdict],
            each,
            REQUIREMENTS[each],
            s.name,
            f"`{s.location}`" if s.location else "–",
            _checks(s),
        )
        for s in sorted(scenarios, key=lambda s: s.verdict is Verdict.PASS)
    ]


def _checks(scenario: ScenarioResult) -> str:
    """How many of its checks with a limit passed, and the names of those that did not."""
    if scenario.verdict is Verdict.SKIPPED:
        return "left out: " + scenario.reason.partition("\n")[0]
    judged = [c for c in scenario.checks if c.verdict is not Verdict.MEASURED]
    not_passed = [f"{c.name} ({c.verdict.value})" for c in judged if c.verdict is not Verdict.PASS]
    told = f"{len(judged) - len(not_passed)} of {len(judged)} passed"
    figures = len(scenario.checks) - len(judged)
    told += f", {figures} measured" if figures else ""
    return f"{told}; not: {', '.join(not_passed)}" if not_passed else told
