"""The same load and the same reading with Kafka's own tools, between two passes of ours."""

from __future__ import annotations

from support.report.sections.section import Section
from support.report.words import number, table
from support.results.schema import ScenarioResult


def sending_text(scenario: ScenarioResult) -> list[str]:
    """Returns the latency of sending with each tool."""
    seen = scenario.latency_cross_check
    if seen is None:
        return []
    rows = [
        (
            o.tool,
            f"{o.records:,}",
            number(o.records_per_s, 1),
            *(number(figure) for figure in (o.mean_ms, o.p50_ms, o.p95_ms, o.p99_ms, o.max_ms)),
        )
        for o in (seen.ours_before, seen.theirs, seen.ours_after)
    ]
    head = ("sent → acknowledged, ms", "records", "records/s", "mean", "p50", "p95", "p99", "max")
    return [table(head, rows), ""]


def sending_brief(scenario: ScenarioResult) -> str:
    """Returns p95 of both tools."""
    seen = scenario.latency_cross_check
    if seen is None:
        return ""
    ours, theirs = seen.ours_before.p95_ms, seen.theirs.p95_ms
    return f"p95 {number(ours)} ms with our generator, {number(theirs)} ms with Kafka's tool"


def reading_text(scenario: ScenarioResult) -> list[str]:
    """Returns the rate of reading one topic with each tool."""
    seen = scenario.reading_cross_check
    if seen is None:
        return []
    rows = [
        (one.tool, f"{one.records:,}", f"{one.bytes:,}", number(one.records_per_s, 0))
        for one in (seen.ours_before, seen.theirs, seen.ours_after)
    ]
    return [
        table(("reading one topic", "records", "bytes", "records/s"), rows),
        "",
        "Our reader checks every record's checksum and records its offset; Kafka's tool only "
        "counts, and the time that it needs to join the group is left out.",
        "",
    ]


def reading_brief(scenario: ScenarioResult) -> str:
    """Returns the rate of both tools."""
    seen = scenario.reading_cross_check
    if seen is None:
        return ""
    ours, theirs = seen.ours_before.records_per_s, seen.theirs.records_per_s
    return (
        f"{number(ours, 0)} records/s read and checked by our reader, {number(theirs, 0)} "
        "records/s counted by Kafka's tool"
    )


SENDING = Section(sending_text, sending_brief)
READING = Section(reading_text, reading_brief)
