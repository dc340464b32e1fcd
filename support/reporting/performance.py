"""performance.md: throughput, latency, resource usage and start-up of a run."""

from __future__ import annotations

from support.reporting.words import MARKS, check_table, heading, number, table
from support.results.schema import LatencySummary, RunResult, ScenarioResult


def performance_report(run: RunResult, charts: dict[str, str]) -> str:
    """`charts`: scenario name -> file name of its chart. Speaks of @performance scenarios."""
    scenarios = [s for s in run.scenarios if "performance" in s.tags]
    lines = heading("Kafka performance under CDC load", run)
    lines += [
        table(
            ("verdict", "scenario", "headline"),
            [(MARKS[s.verdict], s.name, _headline(s)) for s in scenarios],
        ),
        "",
    ]
    for scenario in scenarios:
        lines += [f"## {scenario.name}", "", f"**{MARKS[scenario.verdict]}**", ""]
        if scenario.load:
            lines += _load(scenario)
        if scenario.name in charts:
            lines += [f"![latency over time]({charts[scenario.name]})", ""]
        if scenario.resources:
            lines += _resources(scenario)
        if scenario.startup:
            rows = [(name, number(s)) for name, s in scenario.startup.items()]
            lines += [table(("milestone", "seconds from start"), rows), ""]
        lines += [check_table(scenario.checks), ""]
    return "\n".join(lines)


def _headline(scenario: ScenarioResult) -> str:
    if scenario.load and scenario.latency:
        ack = scenario.latency.intended_to_ack
        return (
            f"{number(scenario.load.achieved_rate_per_s, 1)} msg/s, mean {number(ack.mean_ms)} ms, "
            f"p95 {number(ack.p95_ms)} ms, p99 {number(ack.p99_ms)} ms"
        )
    if scenario.startup:
        return f"ready after {number(scenario.startup.get('first acknowledged'))} s"
    return scenario.reason.splitlines()[0] if scenario.reason else ""


def _load(scenario: ScenarioResult) -> list[str]:
    load, latency = scenario.load, scenario.latency
    assert load is not None and latency is not None
    text = (
        f"{load.records:,} records in {load.duration_s:g} s at a target of "
        f"{load.target_rate_per_s:g}/s, achieved {number(load.achieved_rate_per_s)}/s. Debezium "
        f"envelopes of {load.min_bytes:,} to {load.max_bytes:,} bytes (mean "
        f"{load.mean_bytes:,.0f}; zlib shrinks them {load.compression_ratio:g} times)."
    )
    if load.warm_up_p95_ms:
        windows = ", ".join(number(p95, 0) for p95 in load.warm_up_p95_ms)
        text += f" Before it a warm-up of {load.warm_up_s:g} s, p95 by window: {windows} ms."

    def row(name: str, s: LatencySummary) -> tuple[str, ...]:
        figures = (s.mean_ms, s.p50_ms, s.p95_ms, s.p99_ms, s.p999_ms, s.max_ms)
        return (name, f"{s.count:,}", *(number(figure) for figure in figures))

    return [
        text,
        "",
        table(
            ("milliseconds", "samples", "mean", "p50", "p95", "p99", "p99.9", "max"),
            [
                row("intended → acknowledged (the headline)", latency.intended_to_ack),
                row("sent → acknowledged", latency.send_to_ack),
                row("lateness of the generator", latency.lateness),
            ],
        ),
        "",
    ]


def _resources(scenario: ScenarioResult) -> list[str]:
    rows = [
        (
            name,
            str(u.samples),
            number(u.memory_p95_bytes / 2**20, 0),
            number(u.memory_max_bytes / 2**20, 0),
            number(u.cpu_mean_cores),
            number(u.cpu_p95_cores),
            "–" if u.disk_bytes is None else number(u.disk_bytes / 2**20, 0),
        )
        for name, u in scenario.resources.items()
    ]
    head = ("part", "samples", "memory p95, MiB", "memory max, MiB", "CPU mean, cores",
            "CPU p95, cores", "disk, MiB")  # fmt: skip
    return [table(head, rows), ""]
