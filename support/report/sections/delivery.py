"""The outcome of the records that were sent: lost, stored twice, delivered twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from support.checks.lost import NAME as LOST_CHECK
from support.report.headline import Headline, worst_of_check
from support.report.sections.faults import faults_of, occasion
from support.report.sections.section import Offered, Section
from support.report.words import number, sentences
from support.results.delivery import Delivery
from support.results.schema import RunResult, ScenarioResult
from support.results.units import counted

LOST = "lost"
"""The name of the figure that can be compared."""


def stored_twice(d: Delivery | None) -> str:
    """Returns the number of surplus copies, and their share of the log."""
    if d is None or d.duplicates is None:
        return number(None)
    stored = d.acked + d.duplicates
    return f"{d.duplicates:,} ({d.duplicates / stored:.2%})" if d.duplicates else "0"


def text(scenario: ScenarioResult) -> list[str]:
    """Returns every count, and what follows from it."""
    d = scenario.delivery
    if d is None:
        return []
    counts = (
        f"Records: {d.attempted:,} sent, {d.acked:,} acknowledged, {d.rejected:,} rejected, "
        f"{d.unknown:,} unknown; {number(d.lost, 0)} lost, {d.received:,} received, "
        f"{stored_twice(d)} stored twice, {d.redelivered:,} delivered twice, "
        f"{number(d.reordered, 0)} out of order, {d.corrupt:,} damaged, "
        f"{number(d.phantom, 0)} phantom."
    )
    return sentences(counts, _losses(scenario, d), _bound(scenario, d))


def _losses(scenario: ScenarioResult, d: Delivery) -> str:
    if d.lost is None or not d.acked:
        return ""
    if d.lost == 0:
        return f"Every acknowledged record is in the log, {occasion(scenario)}."
    return f"{d.lost:,} of {counted(d.acked, 'acknowledged records')} lost, {occasion(scenario)}."


def _bound(scenario: ScenarioResult, d: Delivery) -> str:
    """The statistical bound, only without a fault: the losses of one fault are not independent."""
    if d.loss_upper_bound_95 is None or faults_of(scenario):
        return ""
    share = f"{d.loss_upper_bound_95 * 100:.2g} %"
    return f"With 95 % confidence, fewer than {share} of the records are lost under such a load."


def brief(scenario: ScenarioResult) -> str:
    """Returns how many records were lost."""
    return f"{number(scenario.delivery.lost, 0)} lost" if scenario.delivery else ""


def figures(scenario: ScenarioResult) -> Iterator[Offered]:
    """Returns the losses, each of which counts."""
    if scenario.delivery:
        yield Offered(LOST, scenario.delivery.lost, "records", exact=True)


def headlines(run: RunResult) -> Iterator[Headline]:
    """Returns the records lost in all scenarios together."""
    loads = [s for s in run.scenarios if s.delivery]
    if loads:
        acked = sum(s.delivery.acked for s in loads if s.delivery)
        lost = total([s.delivery.lost for s in loads if s.delivery])
        what = f"lost of {acked:,} acknowledged records{through(loads)}"
        yield Headline(what, lost, "exactly 0", worst_of_check(loads, LOST_CHECK))


def through(scenarios: Sequence[ScenarioResult]) -> str:
    """Returns `, through 24 faults`; empty when the scenarios injected none."""
    faults = sum(map(faults_of, scenarios))
    return f", through {counted(faults, 'faults')}" if faults else ""


def total(counts: Sequence[int | None]) -> str:
    """Writes the sum; a dash when one of them could not be counted."""
    known = [count for count in counts if count is not None]
    return number(sum(known) if len(known) == len(counts) else None, 0)


SECTION = Section(text, brief, figures, headlines)
