"""The parts of performance.md about one benchmark; each is empty when it was not measured."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence

from support.report.words import number, table
from support.results.measurements import (
    Backpressure,
    BrokerJmx,
    ComponentUsage,
    LatencySummary,
    Load,
    SecondOpinion,
    SecondReading,
    Spread,
    Stability,
)
from support.results.schema import ScenarioResult


def what_it_did(scenario: ScenarioResult) -> list[str]:
    """Everything measured around the load, in the order in which a reader asks for it."""
    lines: list[str] = []
    if scenario.client or scenario.jmx:
        lines += _inside(scenario)
    if scenario.jmx:
        lines += _broker(scenario.jmx)
    if scenario.backpressure:
        lines += _backpressure(scenario.backpressure)
    if scenario.stability:
        lines += _stability(scenario.stability)
    if scenario.second_opinion:
        lines += _second_opinion(scenario.second_opinion)
    if scenario.resources:
        lines += _resources(scenario.resources)
    if scenario.second_reading:
        lines += _second_reading(scenario.second_reading)
    if scenario.startups:
        lines += _startups(scenario.startups)
    return lines


def what_was_sent(scenario: ScenarioResult) -> list[str]:
    """The load and its latency by phase; nothing for a scenario without a load."""
    load, latency = scenario.load, scenario.latency
    if load is None or latency is None:
        return []
    target = "as fast as possible"
    if load.target_rate_per_s is not None:
        target = f"at a target of {load.target_rate_per_s:g}/s"
    text = (
        f"{load.records:,} records in {number(load.duration_s)} s {target}, {_rates(load)}. "
        f"Debezium envelopes of {load.min_bytes:,} to {load.max_bytes:,} bytes (mean "
        f"{load.mean_bytes:,.0f}; zlib shrinks them {load.compression_ratio:g} times)."
    )
    if load.warm_up_p95_ms:
        windows = ", ".join(number(p95, 0) for p95 in load.warm_up_p95_ms)
        text += f" Before it a warm-up of {load.warm_up_s:g} s, p95 by window: {windows} ms."

    def row(name: str, s: LatencySummary) -> tuple[str, ...]:
        figures = (s.mean_ms, s.p50_ms, s.p95_ms, s.p99_ms, s.p999_ms, s.max_ms)
        return (name, f"{s.count:,}", *(number(figure) for figure in figures))

    intended = row("intended → acknowledged (the headline)", latency.intended_to_ack)
    late = row("lateness: intended → sent", latency.lateness)
    consumed, whole = latency.acked_to_consumed, latency.end_to_end
    return [
        text,
        "",
        table(
            ("milliseconds", "samples", "mean", "p50", "p95", "p99", "p99.9", "max"),
            [
                *([intended, late] if load.target_rate_per_s is not None else []),
                row("sent → acknowledged", latency.send_to_ack),
                *([row("acknowledged → consumed", consumed)] if consumed else []),
                *([row("end to end: intended → consumed", whole)] if whole else []),
            ],
        ),
        "",
    ]


def _rates(load: Load) -> str:
    if load.target_rate_per_s is None:
        return f"acknowledged at {number(load.achieved_rate_per_s)}/s"
    sent = f"sent at {number(load.achieved_rate_per_s)}/s"
    if load.acked_rate_per_s is None:
        return sent
    return f"{sent}, acknowledged at {number(load.acked_rate_per_s)}/s"


def _inside(scenario: ScenarioResult) -> list[str]:
    """Where the time goes: in the client by librdkafka's word, in the broker by JMX."""
    rows: list[tuple[str, Spread]] = []
    if scenario.client:
        client = scenario.client
        rows += [
            ("client: in its queue", client.queue),
            ("client: in the socket's queue", client.outbuf),
            ("client: request → response", client.rtt),
        ]
    if scenario.jmx:
        phases = scenario.jmx.produce_phases_ms
        rows += [(f"broker: Produce request, {phase}", s) for phase, s in phases.items()]
    cells = [(name, number(s.p50_ms), number(s.p95_ms), number(s.p99_ms)) for name, s in rows]
    return [table(("where the time goes, ms", "p50", "p95", "p99"), cells), ""]


def _broker(jmx: BrokerJmx) -> list[str]:
    return [
        f"Broker, by JMX: {jmx.bytes_in / 1e6:,.0f} MB in, {jmx.bytes_out / 1e6:,.0f} MB out; "
        f"the request handlers were {_idle(jmx)}; "
        f"{jmx.log_flushes} log flushes (p99 "
        f"{number(jmx.log_flush_p99_ms)} ms); heap at most {jmx.heap_max_bytes / 2**20:,.0f} MiB; "
        f"{jmx.gc_pauses} garbage collections, {jmx.gc_ms} ms in all.",
        "",
    ]


def _idle(jmx: BrokerJmx) -> str:
    if jmx.handler_idle_min is None:
        return "not asked how idle they were"
    if jmx.handler_idle_full is None:
        return f"idle at {number(jmx.handler_idle_min)} on a meter of an unknown version of Kafka"
    # The meter of a pool that is all idle goes a little above its end.
    return f"idle for at least {min(1.0, jmx.handler_idle_min / jmx.handler_idle_full):.0%}"


def _backpressure(seen: Backpressure) -> list[str]:
    return [
        f"Backpressure: at most {seen.queue_depth_max:,} records waited in the client, its queue "
        f"was full {seen.buffer_full} times, the broker throttled for at most "
        f"{seen.throttle_max_ms} ms. The last record of the burst was acknowledged "
        f"{number(seen.drained_after_s, 3)} s after it was due; {_steady(seen)}.",
        "",
    ]


def _steady(seen: Backpressure) -> str:
    before = f"twice its {number(seen.steady_p95_ms)} ms"
    if seen.steady_again_after_s is None:
        return f"p95 did not stay below {before} while the load lasted"
    return (
        f"from {number(seen.steady_again_after_s)} s after the burst on p95 stayed below {before}"
    )


def _stability(seen: Stability) -> list[str]:
    growth = seen.disk_growth_bytes
    return [
        f"Stability: the broker's memory changed by {seen.memory_slope_mib_per_min:.2f} MiB a "
        f"minute (95 % interval {seen.slope_low:.2f} to {seen.slope_high:.2f}); p95 of the first "
        f"minute {number(seen.first_minute_p95_ms)} ms, of the last "
        f"{number(seen.last_minute_p95_ms)} ms; the disk grew by "
        f"{number(None if growth is None else growth / 1e6, 0)} MB for "
        f"{seen.bytes_sent / 1e6:,.0f} MB sent.",
        "",
    ]


def _second_opinion(seen: SecondOpinion) -> list[str]:
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


def _second_reading(seen: SecondReading) -> list[str]:
    rows = [
        (one.tool, f"{one.records:,}", f"{one.bytes:,}", number(one.records_per_s, 0))
        for one in (seen.ours_before, seen.theirs, seen.ours_after)
    ]
    return [
        table(("reading one topic", "records", "bytes", "records/s"), rows),
        "",
        "Ours checks every record's checksum and writes down where it stood; theirs counts, and "
        "its time for joining the group is left out.",
        "",
    ]


def _startups(startups: Sequence[Mapping[str, float]]) -> list[str]:
    """Milestones of every start, and the span of them."""
    rows = [
        (
            name,
            *(number(start[name]) for start in startups),
            number(statistics.median(start[name] for start in startups)),
        )
        for name in startups[0]
    ]
    head = ("seconds from the start", *(f"start {n + 1}" for n in range(len(startups))), "median")
    return [table(head, rows), ""]


def _resources(usage: Mapping[str, ComponentUsage]) -> list[str]:
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
        for name, u in usage.items()
    ]
    head = (
        "part",
        "samples",
        "memory p95, MiB",
        "memory max, MiB",
        "CPU mean, cores",
        "CPU p95, cores",
        "disk, MiB",
    )
    return [table(head, rows), ""]
