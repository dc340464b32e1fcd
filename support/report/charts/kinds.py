"""Which charts a scenario has, and their files."""

from __future__ import annotations

from support.report import tags
from support.results.schema import ScenarioResult
from support.results.store import file_name

LEAST_SAMPLES = 100


def kinds(result: ScenarioResult) -> tuple[str, ...]:
    """Returns the kinds of charts that have something to draw."""
    sent = result.latency.send_to_ack if result.latency else None
    has = {
        "startup": bool(result.startups),
        "lag": result.lag is not None,
        "latency": any(p.p50_ms is not None for p in result.series),
        "percentiles": tags.PERFORMANCE in result.tags
        and sent is not None
        and sent.count >= LEAST_SAMPLES
        and bool(sent.histogram),
        "resources": any(usage.at_s for usage in result.resources.values()),
    }
    return tuple(kind for kind, there in has.items() if there)


def names(result: ScenarioResult) -> dict[str, str]:
    """Returns kind -> file of each chart, relative to the run's folder."""
    return {kind: f"charts/{file_name(result.name)}-{kind}.svg" for kind in kinds(result)}
