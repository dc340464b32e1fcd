"""One scenario as the page shows it: a row, and everything that was recorded folded below it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from support.report.charts.kinds import names
from support.report.edge_cases import first_figures
from support.report.page.bars import Bar, bars_of
from support.report.page.markdown import html
from support.report.page.timeline import Timeline, timeline
from support.report.requirements import REQUIREMENTS
from support.report.sections import SECTIONS, charts, checks
from support.report.words import MARKS, measured, number
from support.results.schema import QUIET, Check, ScenarioResult
from support.results.store import file_name
from support.results.units import counted

KINDS = {
    "startup": "Seconds to the first acknowledged record",
    "lag": "Lag of each partition",
    "latency": "Latency and rates over time",
    "percentiles": "Latency by percentile",
    "resources": "CPU, memory and disk",
}
"""Kind of chart -> its title."""


@dataclass(frozen=True)
class CheckRow:
    mark: str
    verdict: str
    name: str
    measured: str
    expected: str
    evidence: str


@dataclass(frozen=True)
class Row:
    """`facts`: (figure, what it is). `seen`: the checks that did not simply pass."""

    anchor: str
    result: ScenarioResult
    mark: str
    requirements: tuple[str, ...]
    tags: tuple[str, ...]
    facts: Sequence[tuple[str, str]]
    brief: str
    bars: Sequence[Bar]
    timeline: Timeline | None
    pictures: Sequence[tuple[str, Markup]]
    details: Markup
    checks: str
    seen: Sequence[CheckRow]
    passed: Sequence[CheckRow]


def anchor_of(scenario: ScenarioResult) -> str:
    """Returns the id of the scenario on the page, which stays the same as long as its name."""
    return f"s-{file_name(scenario.name)}"


def row_of(s: ScenarioResult, drawn: Mapping[str, str]) -> Row:
    """Returns the row of a scenario; `drawn`: file name of a chart -> SVG."""
    rows = [(check, _check(check)) for check in s.checks]
    return Row(
        anchor_of(s),
        s,
        MARKS[s.verdict],
        tuple(tag for tag in s.tags if tag in REQUIREMENTS),
        tuple(tag for tag in s.tags if tag not in REQUIREMENTS),
        list(_facts(s)),
        next(filter(None, (section.brief(s) for section in SECTIONS)), "") or first_figures(s),
        bars_of(s),
        timeline(s),
        list(_pictures(s, drawn)),
        html(_details(s), level=3),
        counted(len(rows), "checks"),
        [row for check, row in rows if check.verdict not in QUIET],
        [row for check, row in rows if check.verdict in QUIET],
    )


def _facts(s: ScenarioResult) -> Iterator[tuple[str, str]]:
    """Returns what happened to the records or changes, and how long clients waited."""
    if s.delivery:
        yield number(s.delivery.lost, 0), "lost"
        yield number(s.delivery.duplicates, 0), "stored twice"
        yield number(s.delivery.redelivered, 0), "delivered twice"
    if s.cdc:
        yield number(s.cdc.missing, 0), "missing"
        yield number(s.cdc.duplicates, 0), "sent again"
    back = s.recovery
    if back and back.stall_s is not None:
        yield f"{back.stall_s:.1f} s", "longest stall"
    if back and back.consumer_restart_s is not None:
        yield f"{back.consumer_restart_s:.1f} s", "consumer restart"


def _pictures(s: ScenarioResult, drawn: Mapping[str, str]) -> Iterator[tuple[str, Markup]]:
    for kind, name in names(s).items():
        if name in drawn:
            # Drawn by this program; its texts are escaped.
            yield KINDS[kind], Markup(drawn[name])


def _details(s: ScenarioResult) -> str:
    """Returns the sections of the documents; charts and checks are shown another way."""
    shown = [each for each in SECTIONS if each not in (charts.SECTION, checks.SECTION)]
    return "\n".join(line for section in shown for line in section.text(s))


def _check(check: Check) -> CheckRow:
    evidence = "; ".join(filter(None, (check.deviation, *check.evidence)))
    mark = MARKS[check.verdict].partition(" ")[0]
    return CheckRow(
        mark, check.verdict.value, check.name, measured(check), check.objective, evidence
    )
