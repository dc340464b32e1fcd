"""A run of behave that has just injected a fault."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Collection, Sequence

from support.faults.catalogue import CONTROLLER_LOSSES, FAULTS, FULL_DISKS
from tests.contract.running import SMALL, end_group, start

FAULT_NAMES = {
    fault.name for faults in (FAULTS, CONTROLLER_LOSSES, FULL_DISKS) for fault in faults.values()
}
BEGUN_WITHIN_S = 180
SELECTED = ("--tags", "@US2.1,@edge")


def begun_run(
    scenario: str, selected: Sequence[str] = SELECTED, phases: Collection[str] = FAULT_NAMES
) -> subprocess.Popen[str]:
    """Starts a run of the scenarios with this name, and returns it when a phase begins.

    By default the injection of a fault. Raises AssertionError when the run ends first, or none
    begins within three minutes.
    """
    run = start(*SMALL, *selected, "--name", scenario)
    assert run.stdout is not None
    watchdog = threading.Timer(BEGUN_WITHIN_S, end_group, [run])
    watchdog.start()
    lines = []
    try:
        for line in run.stdout:
            lines.append(line)
            if line.startswith("[") and line.partition("] ")[2].strip() in phases:
                return run
    finally:
        watchdog.cancel()
    raise AssertionError(f"the run ended before its fault: {''.join(lines[-30:])}")
