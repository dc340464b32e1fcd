"""The figures of a run that can be compared with those of another, by scenario and name."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from support.repeats import name_without_number
from support.results.schema import GREEN, RunResult, ScenarioResult, Verdict

MIB = 2**20


@dataclass(frozen=True)
class Figure:
    """One value for every repeat of the scenario. `exact`: any change for the worse counts."""

    values: tuple[float, ...]
    unit: str
    higher_is_better: bool = False
    exact: bool = False

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def spread(self) -> float:
        """Of the repeats, as a share of the median; 0 of a single one."""
        return (max(self.values) - min(self.values)) / self.median if self.median else 0.0


Figures = Mapping[str, Figure]
"""`scenario | name` -> figure."""


def figures_of(run: RunResult) -> dict[str, Figure]:
    """Of the scenarios that have a verdict; repeats (-D repeat) come together."""
    found: dict[str, Figure] = {}
    for scenario in run.scenarios:
        for name, value, unit, better, exact in (
            _not_passed(scenario),
            _deviations(scenario),
            *_of(scenario),
        ):
            if value is None:
                continue
            key = f"{name_without_number(scenario.name)} | {name}"
            earlier = found[key].values if key in found else ()
            found[key] = Figure((*earlier, float(value)), unit, better, exact)
    return found


Row = tuple[str, float | None, str, bool, bool]
"""Name, value, unit, whether higher is better, whether it is exact."""


def _not_passed(s: ScenarioResult) -> Row:
    """So that a run that was red is never as good as one that was green."""
    told = None if s.verdict is Verdict.SKIPPED else float(s.verdict not in GREEN)
    return "not passed", told, "runs", False, True


def _deviations(s: ScenarioResult) -> Row:
    """A deviation that the base did not have is worse."""
    deviating = sum(check.verdict is Verdict.DEVIATION for check in s.checks)
    told = None if s.verdict is Verdict.SKIPPED else float(deviating)
    return "deviations", told, "checks", False, True


def _of(s: ScenarioResult) -> Iterator[Row]:
    if s.load and s.latency:
        if s.load.target_rate_per_s is None:
            yield "throughput", s.load.throughput_per_s, "records/s", True, False
        else:
            ack = s.latency.intended_to_ack
            for name, value in (("p50", ack.p50_ms), ("p95", ack.p95_ms), ("p99", ack.p99_ms)):
                yield f"latency {name}", value, "ms", False, False
    for part, usage in s.resources.items():
        yield f"memory of {part}", usage.memory_max_bytes / MIB, "MiB", False, False
        yield f"CPU of {part}, p95", usage.cpu_p95_cores, "cores", False, False
    if s.startups:
        times = [start["first acknowledged"] for start in s.startups]
        yield "start-up", statistics.median(times), "s", False, False
    if s.recovery:
        yield "recovery", s.recovery.recovery_s, "s", False, False
        yield "recovery of the consumer", s.recovery.consumer_recovery_s, "s", False, False
        yield "restart of the consumer", s.recovery.consumer_restart_s, "s", False, False
        yield "longest stall", s.recovery.stall_s, "s", False, False
    if s.delivery:
        yield "lost", s.delivery.lost, "records", False, True
    yield from _of_changes(s)
    if s.snapshot:
        yield "snapshot", s.snapshot.rows_per_s, "rows/s", True, False


def _of_changes(s: ScenarioResult) -> Iterator[Row]:
    if s.cdc is None:
        return
    yield "missing", s.cdc.missing, "changes", False, True
    yield "sent again", s.cdc.duplicates, "changes", False, False
    wait = s.cdc.commit_to_arrival
    if wait is not None:
        yield "commit to arrival p95", wait.p95_ms, "ms", False, False
        yield "commit to arrival, longest", wait.max_ms, "ms", False, False
