"""How a long load changes the broker: memory, latency, disk."""

from __future__ import annotations

from support.report.sections.section import Section
from support.report.words import number
from support.results.schema import ScenarioResult


def text(scenario: ScenarioResult) -> list[str]:
    """Returns a paragraph about the three."""
    seen = scenario.stability
    if seen is None:
        return []
    growth = None if seen.disk_growth_bytes is None else seen.disk_growth_bytes / 1e6
    memory = "the broker's memory was not sampled"
    if seen.memory_slope_mib_per_min is not None:
        memory = (
            f"the broker's memory changed by {seen.memory_slope_mib_per_min:.2f} MiB a minute "
            f"(95 % interval {number(seen.slope_low)} to {number(seen.slope_high)})"
        )
    return [
        f"Stability: {memory}. p95 of the first minute was "
        f"{number(seen.first_minute_p95_ms)} ms, p95 of the last minute "
        f"{number(seen.last_minute_p95_ms)} ms. The disk grew by {number(growth, 0)} MB while "
        f"{seen.bytes_sent / 1e6:,.0f} MB were sent.",
        "",
    ]


SECTION = Section(text)
