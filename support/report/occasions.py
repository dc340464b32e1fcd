"""What the figures of a scenario belong to: its faults, and the times of its recovery."""

from __future__ import annotations

from support.results.measurements import Recovery
from support.results.schema import ScenarioResult


def faults_of(scenario: ScenarioResult) -> int:
    """How many faults were injected."""
    return sum(fault.times for fault in scenario.faults)


def occasion(scenario: ScenarioResult) -> str:
    """In words: `through 2 faults`, or `without a fault`."""
    faults = faults_of(scenario)
    return f"through {faults} fault{'s' * (faults > 1)}" if faults else "without a fault"


def times_of(r: Recovery) -> tuple[float | None, ...]:
    """In the order of the report's columns."""
    return r.ready_s, r.recovery_s, r.consumer_recovery_s, r.consumer_restart_s, r.stall_s
