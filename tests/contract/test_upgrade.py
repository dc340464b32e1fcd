"""`make upgrade-check` on real stacks: every step, an interruption in each, and a refused key."""

from __future__ import annotations

import signal
import sys

import pytest

from support.settings import ROOT
from tests.contract.begun_run import begun_run
from tests.contract.running import (
    LONGEST_RUN,
    REPORTS,
    SMALL,
    ended,
    latest_run,
    nothing_left,
    start,
)

COMMAND = (sys.executable, "-m", "support.upgrade", "-D", f"reports={REPORTS}")
ROWS = [("3.6.1", "3.9.2"), ("3.6.1", "4.3.1"), ("4.3.1", "4.4.0")]
SELECTED = ("--tags", "@upgrade", "-D", "kafka_to=4.3.1")


def upgrade(*arguments: str) -> tuple[int, str]:
    """Returns the exit code and the output of `make upgrade-check`."""
    return ended(start(*SMALL, *arguments, command=COMMAND), LONGEST_RUN)


@pytest.mark.parametrize(("before", "after"), ROWS, ids=[f"{a} to {b}" for a, b in ROWS])
def test_every_step_loses_nothing_and_leaves_nothing(before: str, after: str) -> None:
    code, output = upgrade("-D", f"kafka_version={before}", "-D", f"kafka_to={after}")
    assert code == 0, output
    run = latest_run()
    steps = [scenario["upgrade"] for scenario in run["scenarios"]]
    assert [step["after"]["kafka"] for step in steps[:3]] == [after] * 3
    assert steps[0]["before"]["kafka"] == before
    assert steps[2]["after"]["connect"] == after
    assert all(step["producer_stall_s"] is not None for step in steps)
    assert all(step["refused"] is not None for step in steps[3:])
    assert "## The way back" in (REPORTS / "latest" / "upgrade.md").read_text()
    assert not list((ROOT / ".stack").glob("isolated-*"))
    nothing_left()


@pytest.mark.parametrize(
    ("scenario", "phase"),
    [
        ("^Upgrade of the broker", "broker restarted in the version after the upgrade"),
        ("^Finalising", "before the load: broker restarted in the version after the upgrade"),
        ("^Finalising", "metadata.version finalised"),
        ("^Upgrade of Kafka Connect", "upgrade of the Connect worker, with Debezium"),
        ("^The way back after", "broker restarted in the version before the upgrade"),
    ],
)
def test_an_interruption_in_a_step_leaves_nothing(scenario: str, phase: str) -> None:
    run = begun_run(scenario, SELECTED, {phase})
    run.send_signal(signal.SIGTERM)
    output = run.communicate(timeout=90)[0]
    assert run.returncode != 0, output
    assert latest_run()["verdict"] == "INCONCLUSIVE"
    assert not list((ROOT / ".stack").glob("isolated-*"))
    nothing_left()


def test_a_key_that_the_next_version_refuses_is_named() -> None:
    name = ("--name", "^Upgrade of the broker")
    # 4.0 raised the least size from 14 bytes to 1 MB.
    small = ("-D", "broker.log.segment.bytes=524288")
    code, output = upgrade("-D", "kafka_to=4.3.1", *small, *name)
    assert code != 0
    assert "configuration log.segment.bytes: Value must be at least 1048576" in output
    assert "**Don't upgrade.**" in (REPORTS / "latest" / "upgrade.md").read_text()
    nothing_left()
