"""What is told of the edge cases beside the tables of every failure: sizes, lag, notes."""

from __future__ import annotations

from collections.abc import Sequence

from support.report.words import MARKS, number, table
from support.results.measurements import SizeOutcome
from support.results.schema import GREEN, ScenarioResult

HEAD = ("event", "bytes", "outcome", "limit that decides", "within it")


def edge_section(scenarios: Sequence[ScenarioResult]) -> list[str]:
    """A line each, with what was decisive; nothing without any."""
    rows = [
        (MARKS[s.verdict], next((t for t in s.tags if t.startswith("EC-")), ""), s.name, _brief(s))
        for s in scenarios
    ]
    if not rows:
        return []
    return ["Edge cases:", "", table(("verdict", "case", "scenario", "outcome"), rows), ""]


def _brief(scenario: ScenarioResult) -> str:
    if scenario.verdict not in GREEN:
        return next(iter(scenario.reason.splitlines()), "")
    told = [check.deviation for check in scenario.checks if check.deviation]
    if scenario.delivery:
        told.append(f"{number(scenario.delivery.lost, 0)} lost")
    if scenario.cdc:
        told.append(f"{number(scenario.cdc.missing, 0)} changes missing")
    if scenario.recovery:
        told.append(f"all works again after {number(scenario.recovery.ready_s)} s")
    if scenario.lag:
        told.append(f"{scenario.lag.peak:,} behind")
    if scenario.sizes:
        plain = [s.bytes for s in scenario.sizes if s.outcome == "stored" and _plain(s)]
        largest = max(plain, default=0)
        told.append(f"{len(scenario.sizes)} sizes, the largest stored as it is {largest:,} bytes")
    figures = (f"{c.name}: {c.measured} {c.unit}" for c in scenario.checks[:3])
    return ", ".join(told or figures)


def _plain(size: SizeOutcome) -> bool:
    """Without a limit that was raised for it, and without compression."""
    return not any(word in size.path for word in ("raised", "compressed", "after the remedy"))


def edge_story(scenario: ScenarioResult) -> list[str]:
    """Paragraphs; none of a scenario that is no edge case."""
    lines = []
    if scenario.lag:
        lag = scenario.lag
        told = (
            "never caught up"
            if lag.caught_up_s is None
            else (f"caught up {lag.caught_up_s:.1f} s after it was let go")
        )
        lines.append(f"The group was {lag.peak:,} records behind, and {told}.")
    if scenario.sizes:
        rows = [
            (
                each.path,
                number(each.bytes, 0),
                each.outcome,
                each.limit,
                "yes" if each.fits else "no",
            )
            for each in scenario.sizes
        ]
        lines.append(table(HEAD, rows))
    return [*lines, *scenario.notes]
