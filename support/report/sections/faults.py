"""The faults of a scenario: when they were injected and healed, and what proves it."""

from __future__ import annotations

from support.report.sections.section import Section
from support.results.recovery import Fault
from support.results.schema import ScenarioResult
from support.results.units import counted


def faults_of(scenario: ScenarioResult) -> int:
    """Returns how many faults were injected."""
    return sum(fault.times for fault in scenario.faults)


def occasion(scenario: ScenarioResult) -> str:
    """Returns `through 2 faults`, or `without a fault`."""
    faults = faults_of(scenario)
    return f"through {counted(faults, 'faults')}" if faults else "without a fault"


def text(scenario: ScenarioResult) -> list[str]:
    """Returns a paragraph for each fault."""
    return [line for fault in scenario.faults for line in (_story(fault), "")]


def _story(fault: Fault) -> str:
    often = f", {counted(fault.times, 'times')}" if fault.times > 1 else ""
    return (
        f"Fault: {fault.name}{often}, injected {fault.injected_at_s:.2f} s after the start of the "
        f"load, in effect at {fault.down_at_s:.2f} s. The heal began at "
        f"{fault.heal_began_at_s:.2f} s and was proven at {fault.healed_at_s:.2f} s, "
        f"{fault.healed_at_s - fault.heal_began_at_s:.2f} s later. "
        f"Proofs: {'; '.join(fault.proofs) or 'none'}."
    )


SECTION = Section(text)
