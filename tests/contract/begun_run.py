"""A run of behave that has just begun its failure, or its load."""

from __future__ import annotations

import subprocess
import threading

from tests.contract.running import SMALL, end_group, start

BEGUN = (
    " and restart\n",
    "broker restart\n",
    "paused for 10 s\n",
    "directions) for 10 s\n",
    "full of the load itself\n",
    "the controller for 15 s\n",
    "] sending\n",
)
"""Ends of the progress lines that say so."""
BEGUN_WITHIN_S = 180


def begun_run(scenario: str) -> subprocess.Popen[str]:
    """Start a run of the scenarios with this name, and return it at the moment of the failure.

    Raises AssertionError when the run ends first, or has not come so far in three minutes.
    """
    run = start(*SMALL, "--tags", "@US2.1,@edge,@control", "--name", scenario)
    assert run.stdout is not None
    watchdog = threading.Timer(BEGUN_WITHIN_S, end_group, [run])
    watchdog.start()
    try:
        for line in run.stdout:
            if line.startswith("[") and line.endswith(BEGUN):
                return run
    finally:
        watchdog.cancel()
    raise AssertionError("the run ended before its failure")
