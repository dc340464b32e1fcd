"""How a long load changes the broker: memory, latency, disk."""

from __future__ import annotations

from support.report.sections.section import Section
from support.report.words import number
from support.results.schema import ScenarioResult


def text(scenario: ScenarioResult) -> list[str]:
    """Return a paragraph about the three."""
    seen = scenario.stability
    if seen is None:
        return []
    growth = None if seen.disk_growth_bytes is None else seen.disk_growth_bytes / 1e6
    return [
        f"Stability: the broker's memory changed by {seen.memory_slope_mib_per_min:.2f} MiB a "
        f"minute (95 % interval {seen.slope_low:.2f} to {seen.slope_high:.2f}). p95 of the first "
        f"minute was {number(seen.first_minute_p95_ms)} ms, p95 of the last minute "
        f"{number(seen.last_minute_p95_ms)} ms. The disk grew by {number(growth, 0)} MB while "
        f"{seen.bytes_sent / 1e6:,.0f} MB were sent.",
        "",
    ]


SECTION = Section(text)
