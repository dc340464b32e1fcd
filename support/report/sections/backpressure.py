"""The effect of a burst on the producer, and when latency was normal again."""

from __future__ import annotations

from support.report.sections.section import Section
from support.report.words import number
from support.results.load import Backpressure
from support.results.schema import ScenarioResult
from support.results.units import counted


def text(scenario: ScenarioResult) -> list[str]:
    """Returns a paragraph about queue and throttling, and about the time after the burst."""
    seen = scenario.backpressure
    if seen is None:
        return []
    return [
        f"Backpressure: at most {counted(seen.queue_depth_max, 'records')} waited in the client; "
        f"its queue was full {counted(seen.buffer_full, 'times')}; the broker throttled it for at "
        f"most {seen.throttle_max_ms:,} ms. The last record of the burst was acknowledged "
        f"{number(seen.drained_after_s, 3)} s after it was due. {_steady(seen)}",
        "",
    ]


def _steady(seen: Backpressure) -> str:
    limit = f"twice its value before the burst ({number(seen.steady_p95_ms)} ms)"
    if seen.steady_again_after_s is None:
        return f"p95 did not stay below {limit} before the load ended.{_first_calm(seen)}"
    return (
        f"From {number(seen.steady_again_after_s)} s after the burst, p95 stayed below {limit}."
        f"{_first_calm(seen)}"
    )


def _first_calm(seen: Backpressure) -> str:
    if seen.first_calm_after_s is None:
        return ""
    return (
        " It was below that for three seconds in a row for the first time after "
        f"{number(seen.first_calm_after_s)} s."
    )


SECTION = Section(text)
