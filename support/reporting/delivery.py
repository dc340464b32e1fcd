"""delivery.md: what was lost, duplicated and how long recovery took, failure by failure."""

from __future__ import annotations

from support.reporting.words import MARKS, check_table, heading, number, table
from support.results.measurements import Fault
from support.results.schema import RunResult, ScenarioResult


def delivery_report(run: RunResult, charts: dict[str, str]) -> str:
    """`charts`: scenario name -> file name of its chart. Speaks of @delivery scenarios."""
    scenarios = [s for s in run.scenarios if "delivery" in s.tags]
    lines = heading("At-least-once delivery under failures", run)
    head = ("verdict", "scenario", "sent", "acknowledged", "lost", "received", "duplicates",
            "redelivered", "recovery, s", "consumer recovery, s", "stall, s")  # fmt: skip
    lines += [table(head, [_row(s) for s in scenarios]), ""]
    lines += [
        "*Recovery* runs from starting the broker again to the first new acknowledgement (for the "
        "consumer: to the first new record processed); *stall* is the longest time without any "
        "acknowledgement. Duplicates are legal at least once.",
        "",
    ]
    for scenario in scenarios:
        lines += [f"## {scenario.name}", "", f"**{MARKS[scenario.verdict]}**", ""]
        lines += _story(scenario)
        if scenario.name in charts:
            lines += [f"![latency over time]({charts[scenario.name]})", ""]
        lines += [check_table(scenario.checks), ""]
    return "\n".join(lines)


def _row(s: ScenarioResult) -> tuple[str, ...]:
    d, r = s.delivery, s.recovery
    counts = (
        (d.attempted, d.acked, d.lost, d.received, d.duplicates, d.redelivered)
        if d
        else (None,) * 6
    )
    times = (r.recovery_s, r.consumer_recovery_s, r.stall_s) if r else (None,) * 3
    return (
        MARKS[s.verdict],
        s.name,
        *(number(count, 0) for count in counts),
        *(number(seconds) for seconds in times),
    )


def _story(scenario: ScenarioResult) -> list[str]:
    lines = [_fault_story(fault) for fault in scenario.faults]
    delivery = scenario.delivery
    if delivery and delivery.loss_upper_bound_95 is not None:
        lines.append(
            f"None of {delivery.acked:,} acknowledged records was lost, so with 95 % confidence "
            f"fewer than {delivery.loss_upper_bound_95:.2%} of all are."
        )
    if scenario.reason:
        lines.append("```\n" + scenario.reason + "\n```")
    return [part for line in lines for part in (line, "")]


def _fault_story(fault: Fault) -> str:
    return (
        f"{fault.name}: told to end {fault.injected_at_s:.2f} s after the start of the load, "
        f"gone after {fault.down_at_s - fault.injected_at_s:.2f} s, started again at "
        f"{fault.heal_began_at_s:.2f} s and serving clients "
        f"{fault.healed_at_s - fault.heal_began_at_s:.2f} s later. "
        f"Proofs: {'; '.join(fault.proofs)}."
    )
