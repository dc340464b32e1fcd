"""Where the time of a request goes: in the producer (librdkafka) and in the broker (JMX)."""

from __future__ import annotations

from support.report.sections.section import Section
from support.report.words import number, table
from support.results.latency import Spread
from support.results.load import ClientSplit
from support.results.resources import BrokerJmx
from support.results.schema import ScenarioResult
from support.results.units import counted


def text(scenario: ScenarioResult) -> list[str]:
    """Returns a table of both, and the broker's own figures."""
    client, jmx = scenario.client, scenario.jmx
    rows = [*(_client_rows(client) if client else ()), *(_broker_rows(jmx) if jmx else ())]
    if not rows:
        return []
    cells = [(name, number(s.p50_ms), number(s.p95_ms), number(s.p99_ms)) for name, s in rows]
    lines = [table(("where the time goes, ms", "p50", "p95", "p99"), cells), ""]
    if client:
        seconds = counted(client.seconds, "seconds")
        lines += [f"Client: medians of what librdkafka reported in each of {seconds}.", ""]
    return [*lines, _broker(jmx), ""] if jmx else lines


def _client_rows(client: ClientSplit) -> list[tuple[str, Spread]]:
    return [
        ("client: in its queue", client.queue),
        ("client: in the socket's queue", client.outbuf),
        ("client: request → response", client.rtt),
    ]


def _broker_rows(jmx: BrokerJmx) -> list[tuple[str, Spread]]:
    phases = jmx.produce_phases_ms
    return [(f"broker: Produce request, {phase}", spread) for phase, spread in phases.items()]


def _broker(jmx: BrokerJmx) -> str:
    return (
        f"Broker: {jmx.bytes_in / 1e6:,.0f} MB in, {jmx.bytes_out / 1e6:,.0f} MB out; its request "
        f"handlers were {_idle(jmx)}; {counted(jmx.log_flushes, 'log flushes')} (p99 "
        f"{number(jmx.log_flush_p99_ms)} ms); heap at most {jmx.heap_max_bytes / 2**20:,.0f} MiB; "
        f"{counted(jmx.gc_pauses, 'garbage collections')}, {jmx.gc_ms:,} ms in total; "
        f"{counted(jmx.readings, 'readings')} through JMX."
    )


def _idle(jmx: BrokerJmx) -> str:
    if jmx.handler_idle_min is None:
        return "idle for an unknown share of the time (not measured)"
    lowest = number(jmx.handler_idle_min)
    if jmx.handler_idle_full is None:
        return f"idle at {lowest} on the meter of an unknown version of Kafka"
    # The meter of an idle pool reads slightly more than its full scale.
    share = min(1.0, jmx.handler_idle_min / jmx.handler_idle_full)
    return f"idle for at least {share:.0%} of the time"


SECTION = Section(text)
