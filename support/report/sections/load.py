"""The load: what was sent, how fast, and how long its acknowledgements took."""

from __future__ import annotations

from collections.abc import Iterator

from support.checks.latency import P95
from support.report import tags
from support.report.headline import Headline, limit_text, tagged, used_of
from support.report.sections.latency_table import latency_table
from support.report.sections.section import Offered, Section
from support.report.words import number, sentences
from support.results.load import Load
from support.results.schema import RunResult, ScenarioResult
from support.results.units import counted

P95_LATENCY, RATE = "latency p95", "throughput"
"""Names of figures that can be compared."""
JUDGED = "latency: due → acknowledged (judged)"
SCHEDULE_DELAY = "schedule delay: due → sent"
SENT_TO_ACKED, ACKED_TO_CONSUMED = "sent → acknowledged", "acknowledged → consumed"
END_TO_END = "end to end: due → consumed"


def text(scenario: ScenarioResult) -> list[str]:
    """Returns the load in words, and a table of its latencies by phase."""
    load, latency = scenario.load, scenario.latency
    if load is None or latency is None:
        return []
    paced = load.target_rate_per_s is not None
    return [
        *sentences(_sent(load), _payloads(load), _warm_up(load), _generator(load)),
        *latency_table(
            [
                (JUDGED, latency.intended_to_ack if paced else None),
                (SCHEDULE_DELAY, latency.schedule_delay if paced else None),
                (SENT_TO_ACKED, latency.send_to_ack),
                (ACKED_TO_CONSUMED, latency.acked_to_consumed),
                (END_TO_END, latency.end_to_end),
            ]
        ),
    ]


def _sent(load: Load) -> str:
    size = f"Load: {counted(load.records, 'records')}, {load.bytes / 1e6:,.1f} MB"
    took, achieved = f"in {number(load.duration_s)} s", f"{number(load.achieved_rate_per_s)}/s"
    if load.target_rate_per_s is None:
        return f"{size} {took}, acknowledged at {achieved}."
    sent = f"{size} {took}: target rate {load.target_rate_per_s:,g}/s, sent at {achieved}"
    if load.acked_rate_per_s is None:
        return f"{sent}."
    return f"{sent}, acknowledged at {number(load.acked_rate_per_s)}/s."


def _payloads(load: Load) -> str:
    what = "Debezium envelopes"
    if load.sampled_from:
        theirs = f"which zlib compresses {load.sampled_ratio:g} times"
        what = f"as large as {load.sampled_from}, {theirs}"
    return (
        f"Payloads of {load.min_bytes:,} to {load.max_bytes:,} bytes, mean {load.mean_bytes:,.0f}; "
        f"zlib compresses them {load.compression_ratio:g} times. They are {what}."
    )


def _warm_up(load: Load) -> str:
    windows = ", ".join(f"{number(p95, 0)} ms" for p95 in load.warm_up_p95_ms)
    return f"Warm-up: {load.warm_up_s:g} s{f', p95 by window: {windows}' if windows else ''}."


def _generator(load: Load) -> str:
    full = counted(load.buffer_full, "times")
    return f"The generator used {number(load.generator_cores)} cores; its queue was full {full}."


def brief(scenario: ScenarioResult) -> str:
    """Returns the rate, and the latency of a load with a target rate."""
    load, latency = scenario.load, scenario.latency
    if load is None or latency is None:
        return ""
    if load.target_rate_per_s is None:
        took = f"{counted(load.records, 'records')} in {number(load.duration_s, 1)} s"
        return f"{took}, {number(load.throughput_per_s, 0)} records/s acknowledged"
    ack = latency.intended_to_ack
    return (
        f"{number(load.throughput_per_s, 1)} records/s acknowledged, mean {number(ack.mean_ms)} "
        f"ms, p95 {number(ack.p95_ms)} ms, p99 {number(ack.p99_ms)} ms"
    )


def figures(scenario: ScenarioResult) -> Iterator[Offered]:
    """Returns the latency of a load with a target rate, the throughput of any other."""
    if scenario.load is None or scenario.latency is None:
        return
    if scenario.load.target_rate_per_s is None:
        yield Offered(RATE, scenario.load.throughput_per_s, "records/s", higher_is_better=True)
    else:
        ack = scenario.latency.intended_to_ack
        yield Offered("latency p50", ack.p50_ms, "ms")
        yield Offered(P95_LATENCY, ack.p95_ms, "ms")
        yield Offered("latency p99", ack.p99_ms, "ms")


def headlines(run: RunResult) -> Iterator[Headline]:
    """Returns rate and p95 latency of the throughput benchmark (SC-001)."""
    for s in tagged(run, tags.THROUGHPUT):
        if s.load and s.latency:
            rate, p95 = s.load.throughput_per_s, s.latency.intended_to_ack.p95_ms
            target = f"target {number(s.load.target_rate_per_s, 0)}"
            yield Headline("records a second acknowledged", number(rate, 0), target, s.verdict)
            limit = limit_text([s], P95)
            used = used_of([s], P95)
            yield Headline("latency p95", f"{number(p95, 1)} ms", limit, s.verdict, used)


SECTION = Section(text, brief, figures=figures, headlines=headlines)
