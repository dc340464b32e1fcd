"""A run finds and names a batch that is damaged on disk."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from support import clock
from support.settings import ROOT
from support.waiting import wait_until
from tests.contract.damage import flip_a_byte
from tests.contract.running import BEHAVE, latest_run, nothing_left, start

HOME = ROOT / ".stack"
LOAD = "kafka-validation-*-load-0/*.log"
PATIENCE = timedelta(seconds=120)
LONGEST_S = 170


def broker_pid() -> int:
    """Returns the pid in the broker's process record; 0 without one."""
    try:
        return int(json.loads((HOME / "processes" / "broker.json").read_text())["pid"])
    except (OSError, ValueError):
        return 0


def segment() -> Path | None:
    """Returns a segment of the load's topic with records in it, if there is one."""
    found = [path for path in HOME.glob(f"**/{LOAD}") if path.stat().st_size > 10_000]
    return found[0] if found else None


@pytest.mark.parametrize(
    ("scenario", "share"),
    [
        # Its consumer has read the batch before; only the final reading finds it damaged.
        ("^Graceful broker restart during production", 0.5),
        # Its consumer reaches the batch, and never gets past it.
        ("Consumer that reconnects after a graceful broker restart", 0.99),
    ],
)
def test_a_damaged_batch_fails_the_run_and_does_not_stop_it(scenario: str, share: float) -> None:
    began = clock.now_ns()
    run = start("-D", "scale=0.2", "--name", scenario, command=BEHAVE)
    try:
        path = wait_until(
            segment, bool, PATIENCE, "records of the load on disk", every=timedelta(milliseconds=5)
        )
        first = broker_pid()
        wait_until(
            broker_pid,
            lambda pid: pid not in (0, first),
            PATIENCE,
            "another broker",
            every=timedelta(milliseconds=2),
        )
        assert path is not None
        offset = flip_a_byte(path, share)
        output = run.communicate(timeout=LONGEST_S)[0]
    finally:
        if run.poll() is None:
            run.terminate()
            run.wait(60)
    assert run.returncode == 1, output[-3000:]
    assert (clock.now_ns() - began) / clock.NS_PER_S < LONGEST_S
    (found,) = (s for s in latest_run()["scenarios"] if s["verdict"] == "FAIL")
    judged = {check["name"]: check for check in found["checks"]}
    assert judged["damaged"]["verdict"] == judged["lost"]["verdict"] == "FAIL"
    (line,) = judged["damaged"]["evidence"]
    assert f"-load, partition 0, offsets {offset} to " in line
    assert f"_BAD_MSG: MessageSet at offset {offset} " in line
    assert "acknowledged there: " in line
    assert "can't be read: _BAD_MSG" in output
    nothing_left()
