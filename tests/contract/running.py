"""Starts the suite as a user does, and finds what it leaves behind."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import psutil

from support.progress import Progress
from support.runlock import RunLock
from support.settings import ROOT, Settings
from support.stack.choose import choose_stack
from support.stack.embedded.stack import EmbeddedStack
from support.stack.lifecycle import Stack

CHILDREN = ("support.generate.generator", "support.read.member")

T = TypeVar("T", bound=EmbeddedStack)

LONGEST_RUN = timedelta(minutes=15)
"""Several times as long as the longest run of these tests takes."""

REPORTS = ROOT / ".stack" / "test-reports"
"""A separate folder, so that the user's `reports/latest` never points to a run of these tests."""

MODULE = (sys.executable, "-m", "support.stack")
SMALL = ("-D", "scale=0.05")
IMPATIENT = ("-D", "patience=0.35")
"""Settings of runs that wait for something that never happens."""
ANY = ("--name", "weakens at-least-once")
"""The fastest scenario (one second), for tests that need just any scenario."""
BEHAVE = (sys.executable, "-m", "behave", "--no-color", "-D", f"reports={REPORTS}")


def start(*arguments: str, command: tuple[str, ...] = BEHAVE) -> subprocess.Popen[str]:
    """Starts the command in a separate process group, so that a signal reaches only it."""
    return subprocess.Popen(
        [*command, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def behave(*arguments: str, within: timedelta = LONGEST_RUN) -> tuple[int, str]:
    """Returns the exit code and the output of a whole run; it is killed after `within`."""
    return ended(start(*arguments), within)


def ended(process: subprocess.Popen[str], within: timedelta) -> tuple[int, str]:
    """Returns the exit code and the output of a process that ends by itself.

    Raises AssertionError, after killing its group, when it does not end in time.
    """
    try:
        output = process.communicate(timeout=within.total_seconds())[0]
    except subprocess.TimeoutExpired:
        end_group(process)
        raise AssertionError(f"not ended within {within}: {process.communicate()[0]}") from None
    return process.returncode, output


def end_group(process: subprocess.Popen[str]) -> None:
    """Kills the process and everything that it started in its session."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def stack_by_hand() -> Iterator[str]:
    """Runs `make up`, yields its output, and runs `make down` however the test ends."""
    try:
        code, output = ended(start("up", command=MODULE), timedelta(seconds=120))
        assert code == 0, output
        yield output
    finally:
        ended(start("down", command=MODULE), timedelta(seconds=60))


def latest_run() -> dict[str, Any]:
    """Returns the results of the latest run."""
    run: dict[str, Any] = json.loads((REPORTS / "latest" / "run.json").read_text())
    return run


def checks(run: dict[str, Any], scenario: int = 0) -> dict[str, str]:
    """Returns the verdicts of a scenario's checks by name."""
    return {c["name"]: c["verdict"] for c in run["scenarios"][scenario]["checks"]}


def stack_processes() -> list[str]:
    """Returns the command lines of living processes that use this clone's `.stack`, and of those
    that generate or read for it."""
    home = str(ROOT / ".stack")
    found = []
    for process in psutil.process_iter():
        try:
            line = " ".join(process.cmdline())
            own = process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE
            # Another clone's tests may have the same children at the same time.
            child = any(mark in line for mark in CHILDREN) and process.cwd() == str(ROOT)
        except psutil.Error:
            continue
        if not own and (home in line or child):
            found.append(line[-200:])
    return found


@contextmanager
def running_stack(stack: T) -> Iterator[T]:
    """Starts the stack under this clone's lock; asserts afterwards that nothing of it is left."""
    lock = RunLock(ROOT / ".stack")
    lock.take()
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()
        lock.release()
    nothing_left()


@contextmanager
def as_stack_of_others(stack: Stack) -> Iterator[Stack]:
    """Attaches to the stack by its addresses, as to one that others run; detaches afterwards."""
    ends = stack.endpoints
    database = f"{ends.database.user}@{ends.database.host}:{ends.database.port}"
    given = {
        "target": "attach",
        "bootstrap": ends.kafka.bootstrap,
        "connect": ends.connect.url,
        "database": f"postgresql://{database}/{ends.database.name}",
    }
    attached = choose_stack(Settings.load(given), Progress(io.StringIO()))
    try:
        attached.start()
        yield attached
    finally:
        attached.stop()


def nothing_left() -> None:
    """Asserts that no process, process record or small disk of this clone is left."""
    assert stack_processes() == []
    assert recorded_processes() == []
    assert small_disks() == []


def small_disks() -> list[str]:
    """Returns the lines of all mount tables that name a small file system of this clone."""
    found = []
    for table in Path("/proc").glob("[0-9]*/mountinfo"):
        try:
            lines = table.read_text().splitlines()
        except OSError:
            continue
        found += [line for line in lines if str(ROOT / ".stack") in line and " - tmpfs " in line]
    return found


def recorded_processes() -> list[Path]:
    """Returns the process records of this clone."""
    return sorted((ROOT / ".stack" / "processes").glob("*.json"))
