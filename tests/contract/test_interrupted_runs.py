"""Runs that are interrupted or killed, and a run that meets another one."""

from __future__ import annotations

import signal
from datetime import timedelta

import pytest

from support import clock
from support.report.documents import write_reports
from support.waiting import wait_until
from tests.contract.begun_run import begun_run
from tests.contract.running import (
    ANY,
    BEHAVE,
    MODULE,
    REPORTS,
    SMALL,
    behave,
    latest_run,
    nothing_left,
    recorded_processes,
    small_disks,
    stack_processes,
    start,
)

CRASH = "^Broker crash during production"


def test_a_second_run_is_refused_and_the_first_one_heals_and_ends_everything() -> None:
    first = begun_run(CRASH)
    code, output = behave(*SMALL)
    first.send_signal(signal.SIGTERM)
    ended = first.communicate(timeout=60)[0]
    assert code == 2
    assert "Another run is using this clone's stack" in output
    assert first.returncode != 0, ended
    assert latest_run()["verdict"] == "INCONCLUSIVE"
    nothing_left()


@pytest.mark.parametrize(
    ("which", "failure"),
    [
        (signal.SIGTERM, CRASH),
        (signal.SIGTERM, "cut in both"),
        (signal.SIGTERM, "filled by CDC events"),
        (signal.SIGINT, "^Controller crash"),
        (signal.SIGTERM, "^Controller pause"),
    ],
)
def test_an_interrupted_run_heals_and_ends_everything(which: signal.Signals, failure: str) -> None:
    run = begun_run(failure)
    run.send_signal(which)
    output = run.communicate(timeout=60)[0]
    assert run.returncode != 0, output
    assert latest_run()["verdict"] == "INCONCLUSIVE"
    nothing_left()


@pytest.mark.parametrize(
    ("command", "arguments"), [(BEHAVE, SMALL), (MODULE, ("up",))], ids=["behave", "make up"]
)
def test_an_interruption_while_the_stack_starts_leaves_nothing(
    command: tuple[str, ...], arguments: tuple[str, ...]
) -> None:
    run = start(*arguments, command=command)
    wait_until(recorded_processes, bool, timedelta(seconds=60), "the first process")
    run.send_signal(signal.SIGTERM)
    # A second signal must not interrupt the clean-up that ends the processes.
    clock.pause(timedelta(milliseconds=300))
    run.send_signal(signal.SIGTERM)
    output = run.communicate(timeout=60)[0]
    assert run.returncode == 130, output
    assert "interrupted by SIGTERM" in output
    nothing_left()


def test_after_kill_9_the_next_run_ends_the_leftovers() -> None:
    run = begun_run("filled by CDC events")
    run.kill()
    run.communicate()
    assert stack_processes() != []
    assert small_disks() != []
    killed = max(REPORTS.glob("2*"))
    assert write_reports(killed)
    assert "the run did not end" in (killed / "recommendations.md").read_text()
    code, output = behave(*SMALL, *ANY)
    assert code == 0, output
    assert "ended a leftover of an earlier run" in output
    nothing_left()
