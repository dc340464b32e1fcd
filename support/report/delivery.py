"""delivery.md: what was lost, duplicated and how long recovery took, failure by failure."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from support.repeats import name_without_number
from support.report.cdc import cdc_section, cdc_story
from support.report.charts.gallery import names
from support.report.edge_cases import edge_section, edge_story
from support.report.occasions import faults_of, occasion, times_of
from support.report.words import MARKS, check_table, heading, number, table, verdict_line
from support.results.measurements import Delivery, Fault
from support.results.schema import GREEN, RunResult, ScenarioResult, Verdict

LEGEND = (
    "*Lost*: acknowledged, and absent from one complete reading after everything settled. "
    "*Unknown*: timed out or cut off, so it may be in the log. *Duplicates*: surplus copies in the "
    "log, with their share of it; *redelivered*: given twice to a group; both are legal at least "
    "once. *Ready*, *recovery* and *consumer recovery* run from the beginning of the heal to the "
    "first proof that clients are served, the first new acknowledgement, and the first new record "
    "processed; there is no recovery where clients were served all the time. *Consumer restart* "
    "runs from the start of a restarted consumer to the first record that it processed. *Stall* is "
    "the longest time without an acknowledgement in all of which a record waited for one. Losses "
    "are counted by fault: what one fault does to many records is one observation, so no bound on "
    "the loss of a single record follows."
)


ABOUT = frozenset({"delivery", "edge"})
"""Tags of the scenarios that the report speaks of."""


def delivery_report(run: RunResult) -> str:
    """Of @delivery and @edge scenarios: the tables of all first, then a section each."""
    scenarios = [s for s in run.scenarios if ABOUT & set(s.tags)]
    lines = heading("At-least-once delivery under failures", run)
    lines += [verdict_line(scenarios), ""]
    head = (
        "verdict",
        "scenario",
        "sent",
        "acknowledged",
        "unknown",
        "lost",
        "received",
        "duplicates",
        "redelivered",
        "reordered",
        "ready, s",
        "recovery, s",
        "consumer recovery, s",
        "consumer restart, s",
        "stall, s",
    )
    edge = [s for s in scenarios if "edge" in s.tags]
    of_rows = [s for s in scenarios if s.cdc or s.snapshot]
    rows = [_row(s) for s in scenarios if s.delivery or s not in (*edge, *of_rows)]
    lines += [table(head, rows), "", LEGEND, "", *cdc_section(scenarios)]
    lines += edge_section(edge)
    lines += _spreads(scenarios)
    for scenario in scenarios:
        lines += [f"## {scenario.name}", "", f"**{MARKS[scenario.verdict]}**", ""]
        lines += _story(scenario)
        for kind, chart in names(scenario).items():
            lines += [f"![{kind} of {scenario.name}]({chart})", ""]
        lines += [check_table(scenario.checks), ""]
    return "\n".join(lines)


def _row(s: ScenarioResult) -> tuple[str, ...]:
    d, r = s.delivery, s.recovery
    counts = (d.attempted, d.acked, d.unknown, d.lost, d.received) if d else (None,) * 5
    again = (d.redelivered, d.reordered) if d else (None,) * 2
    times = times_of(r) if r else (None,) * 5
    return (
        MARKS[s.verdict],
        s.name,
        *(number(count, 0) for count in counts),
        _duplicates(d),
        *(number(count, 0) for count in again),
        *(number(seconds) for seconds in times),
    )


def _duplicates(d: Delivery | None) -> str:
    """Surplus copies, and their share of what the log holds."""
    if d is None or d.duplicates is None:
        return number(None)
    stored = d.acked + d.duplicates
    return f"{d.duplicates} ({d.duplicates / stored:.2%})" if stored else "0"


def _spreads(scenarios: Sequence[ScenarioResult]) -> list[str]:
    """Of scenarios that were repeated (-D repeat): the range of every figure."""
    by_name: dict[str, list[ScenarioResult]] = {}
    for scenario in (each for each in scenarios if each.verdict is not Verdict.SKIPPED):
        by_name.setdefault(name_without_number(scenario.name), []).append(scenario)
    repeated = {name: runs for name, runs in by_name.items() if len(runs) > 1}
    if not repeated:
        return []
    rows = []
    for name, runs in repeated.items():
        passed = sum(run.verdict in GREEN for run in runs)
        counts = [run.delivery for run in runs if run.delivery]
        changes = [run.cdc for run in runs if run.cdc]
        times = [run.recovery for run in runs if run.recovery]
        losses = sum(_lost_something(run) for run in runs)
        rows.append(
            (
                name,
                f"{passed} of {len(runs)}",
                str(sum(map(faults_of, runs))),
                f"{losses} of {len(runs)}",
                _range([*(d.lost for d in counts), *(c.missing for c in changes)], 0),
                _range([*(d.duplicates for d in counts), *(c.duplicates for c in changes)], 0),
                _range([d.redelivered for d in counts], 0),
                _range([r.recovery_s for r in times], 2),
                _range([r.consumer_recovery_s for r in times], 2),
                _range([r.consumer_restart_s for r in times], 2),
                _range([r.stall_s for r in times], 2),
            )
        )
    head = (
        "repeated scenario",
        "passed",
        "faults",
        "with a loss",
        "lost",
        "duplicates",
        "redelivered",
        "recovery, s",
        "consumer recovery, s",
        "consumer restart, s",
        "stall, s",
    )
    return ["Lowest, median and highest of the repeats:", "", table(head, rows), ""]


def _lost_something(s: ScenarioResult) -> bool:
    return bool((s.delivery and s.delivery.lost) or (s.cdc and s.cdc.missing))


def _range(values: Sequence[float | None], digits: int) -> str:
    known = [value for value in values if value is not None]
    if not known:
        return number(None)
    figures = (min(known), statistics.median(known), max(known))
    return " / ".join(number(figure, digits) for figure in figures)


def _story(scenario: ScenarioResult) -> list[str]:
    lines = [_fault_story(fault) for fault in scenario.faults]
    delivery = scenario.delivery
    if delivery and delivery.lost is not None:
        lines.append(
            f"{delivery.lost:,} of {delivery.acked:,} acknowledged records lost, "
            f"{occasion(scenario)}."
        )
    lines += cdc_story(scenario)
    for client, errors in scenario.client_errors.items():
        told = ", ".join(f"{count} × `{name}`" for name, count in sorted(errors.items()))
        lines.append(f"Errors that {client} saw: {told}.")
    lines += edge_story(scenario)
    for part, logged in scenario.log_lines.items():
        lines.append(f"Logged by {part} meanwhile:\n\n```\n" + "\n".join(logged) + "\n```")
    if scenario.reason:
        lines.append("```\n" + scenario.reason + "\n```")
    return [part for line in lines for part in (line, "")]


def _fault_story(fault: Fault) -> str:
    return (
        f"{fault.name}: begun {fault.injected_at_s:.2f} s after the start of the load, "
        f"proven broken after {fault.down_at_s - fault.injected_at_s:.2f} s, heal begun at "
        f"{fault.heal_began_at_s:.2f} s and proven "
        f"{fault.healed_at_s - fault.heal_began_at_s:.2f} s later. "
        f"Proofs: {'; '.join(fault.proofs)}."
    )
