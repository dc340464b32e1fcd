"""Summarises several scenarios in one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from support.checks.latency import P95
from support.report import tags
from support.report.limits import limit_of
from support.report.sections.faults import faults_of
from support.report.words import number
from support.results.schema import ScenarioResult
from support.results.units import counted


def facts(scenarios: Sequence[ScenarioResult]) -> str:
    """Returns a sentence of all phrases that the scenarios have something for."""
    known = (throughput(scenarios), loss(scenarios), longest_stall(scenarios))
    sentence = "; ".join(filter(None, known))
    return f"{sentence[0].upper()}{sentence[1:]}." if sentence else ""


def throughput(scenarios: Sequence[ScenarioResult]) -> str:
    """Returns, say, `1,000 messages/s at p95 6.2 ms (limit 100 ms)`; empty if it was not run."""
    for s in scenarios:
        if tags.THROUGHPUT in s.tags and s.load and s.latency:
            limit = limit_of(s, P95)
            of = f" (limit {limit.value:,g} {limit.unit})" if limit else ""
            rate = number(s.load.throughput_per_s, 0)
            p95 = number(s.latency.intended_to_ack.p95_ms, 1)
            return f"{rate} messages/s at p95 {p95} ms{of}"
    return ""


def loss(scenarios: Sequence[ScenarioResult]) -> str:
    """Returns, for example, `nothing lost in 21 faults`; empty if nothing counts losses.

    Only the faults of scenarios that count losses are included.
    """
    counts = [s.delivery.lost for s in scenarios if s.delivery]
    counts += [s.cdc.missing for s in scenarios if s.cdc]
    known = [count for count in counts if count is not None]
    if not counts:
        return ""
    faults = sum(faults_of(s) for s in scenarios if s.delivery or s.cdc)
    through = f" in {counted(faults, 'faults')}" if faults else ""
    lost = sum(known)
    what = f"{lost:,} messages or changes lost" if lost else "nothing lost"
    unknown = len(counts) - len(known)
    doubt = f", not counted in {counted(unknown, 'scenarios')}" if unknown else ""
    return f"{what}{through}{doubt}"


def longest_stall(scenarios: Sequence[ScenarioResult]) -> str:
    """Returns the longest stall and where it was; empty without any."""
    stalls = [(s.recovery.stall_s, s.name) for s in scenarios if s.recovery and s.recovery.stall_s]
    if not stalls:
        return ""
    seconds, name = max(stalls)
    return f"the longest stall was {seconds:.1f} s ({name})"
